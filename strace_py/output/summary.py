"""The call summary of -c and -C: counted while the trace runs, printed at its end, a table for each ABI.

How strace rounds was found by feeding it invented clocks; the odd-looking arithmetic below is needed.
"""
from __future__ import annotations

from typing import Any, Callable, Dict, List, Tuple

from ..options import Options

#: How a table is announced, in the order of the tables; an ABI that is not here is first and has no heading.
_MODES = {"i386": "32 bit", "arm": "32 bit", "x32": "x32"}
_ORDER = list(_MODES)


class _Row:
    """What was counted for one system call of one ABI; times are nanoseconds, less the overhead."""

    __slots__ = ("name", "place", "calls", "errors", "total", "least", "most",
                 "wall_total", "wall_least", "wall_most")

    def __init__(self, name: str, place: Tuple[bool, int], time: int, wall: int) -> None:
        self.name = name
        self.place = place          # what puts the rows of a table in strace's basic order
        self.calls = 0
        self.errors = 0
        self.total = 0
        self.least = time
        self.most = time
        self.wall_total = 0
        self.wall_least = wall
        self.wall_most = wall


def _total(rows: List[_Row]) -> _Row:
    """The last line of a table: sums, the least of the least and the most of the most."""
    result = _Row("total", (True, 0), min(row.least for row in rows), min(row.wall_least for row in rows))
    result.most = max(row.most for row in rows)
    result.wall_most = max(row.wall_most for row in rows)
    for row in rows:
        result.calls += row.calls
        result.errors += row.errors
        result.total += row.total
        result.wall_total += row.wall_total
    return result


def _float(time: int) -> float:
    """Seconds, rounded as strace's doubles are: whole seconds and the rest apart."""
    return time // 1000000000 + time % 1000000000 / 1e9


def _seconds(time: int) -> str:
    return f"{_float(time):.6f}"


def _mean(time: int, calls: int) -> int:
    """Nanoseconds a call, rounded to the nearest."""
    return (time + calls // 2) // calls


def _average(time: int, calls: int, is_total: bool) -> str:
    """Microseconds a call, cut. A row's mean is first rounded to nanoseconds, the last line's is not."""
    seconds = _float(time) / calls if is_total else _float(_mean(time, calls))
    return str(int(seconds * 1e6))


def _percent(row: _Row, total: _Row) -> str:
    if row is total:
        return "100.00"
    return f"{100 * _float(row.total) / _float(total.total) if total.total else 0.0:.2f}"


#: Canonical column name: title, least width and the text of a cell (of a row; the last line is also given).
_COLUMNS: Dict[str, Tuple[str, int, Callable[[_Row, _Row], str]]] = {
    "time-percent": ("% time", 6, _percent),
    "total-time": ("seconds", 11, lambda row, total: _seconds(row.total)),
    "min-time": ("shortest", 8, lambda row, total: _seconds(row.least)),
    "max-time": ("longest", 8, lambda row, total: _seconds(row.most)),
    "avg-time": ("usecs/call", 11, lambda row, total: _average(row.total, row.calls, row is total)),
    "wall-total": ("wall-total", 11, lambda row, total: _seconds(row.wall_total)),
    "wall-min": ("wall-min", 8, lambda row, total: _seconds(row.wall_least)),
    "wall-max": ("wall-max", 8, lambda row, total: _seconds(row.wall_most)),
    "wall-avg": ("wall-avg", 11, lambda row, total: _average(row.wall_total, row.calls, row is total)),
    "calls": ("calls", 9, lambda row, total: str(row.calls)),
    "errors": ("errors", 9, lambda row, total: str(row.errors or "")),
    "name": ("syscall", 16, lambda row, total: row.name),
}

#: -S: the key that sorts rows; numbers sort downwards, ties stay in the basic order.
_SORT_KEYS: Dict[str, Callable[[_Row], Any]] = {
    "time-percent": lambda row: -row.total,
    "total-time": lambda row: -row.total,
    "min-time": lambda row: -row.least,
    "max-time": lambda row: -row.most,
    "avg-time": lambda row: -_mean(row.total, row.calls),
    "wall-total": lambda row: -row.wall_total,
    "wall-min": lambda row: -row.wall_least,
    "wall-max": lambda row: -row.wall_most,
    "wall-avg": lambda row: -_mean(row.wall_total, row.calls),
    "calls": lambda row: -row.calls,
    "errors": lambda row: -row.errors,
    "name": lambda row: row.name,
}


class Summary:
    """Counts the calls of a trace and renders strace's table of them.

    The order of ties: known calls by number, then those without a name in the order of their first call.
    """

    def __init__(self, options: Options) -> None:
        self._wall_clock = options.summary_wall_clock
        self._overhead = options.summary_overhead or 0
        self._sort = options.summary_sort
        self._columns = options.summary_columns
        if "name" not in self._columns:
            self._columns += ("name",)
        self._rows: Dict[Tuple[str, int], _Row] = {}

    def count(self, abi: str, nr: int, name: str, system_ns: int, wall_ns: int, failed: bool) -> None:
        """Count one finished call; one that never returned (exit_group, a killed process) is not counted.

        *system_ns* is the growth of ``ru_stime`` in the rusage that wait4(2) gives, from the call's
        syscall-enter-stop to its syscall-exit-stop; *wall_ns* is what CLOCK_MONOTONIC says of the same span,
        the time that -T prints.
        """
        if self._wall_clock:
            system_ns = wall_ns
        if self._overhead:
            system_ns = max(0, system_ns - self._overhead)
            wall_ns = max(0, wall_ns - self._overhead)
        row = self._rows.get((abi, nr))
        if row is None:
            unnamed = name.startswith("syscall_0x")
            place = (unnamed, len(self._rows) if unnamed else nr)
            row = self._rows[abi, nr] = _Row(name, place, system_ns, wall_ns)
        row.calls += 1
        if failed:
            row.errors += 1
        row.total += system_ns
        row.wall_total += wall_ns
        if system_ns < row.least:
            row.least = system_ns
        elif system_ns > row.most:
            row.most = system_ns
        if wall_ns < row.wall_least:
            row.wall_least = wall_ns
        elif wall_ns > row.wall_most:
            row.wall_most = wall_ns

    def render(self) -> str:
        """The report as strace prints it when it ends; nothing at all if no call was counted."""
        abis: Dict[str, List[_Row]] = {}
        for (abi, _), row in self._rows.items():
            abis.setdefault(abi, []).append(row)
        text = []
        for abi in sorted(abis, key=lambda abi: _ORDER.index(abi) if abi in _ORDER else -1):
            if abi in _MODES:
                text.append(f"System call usage summary for {_MODES[abi]} mode:\n")
            text.append(self._table(abis[abi]))
        return "".join(text)

    def _table(self, rows: List[_Row]) -> str:
        rows.sort(key=lambda row: row.place)
        if self._sort in _SORT_KEYS:
            rows.sort(key=_SORT_KEYS[self._sort])
        total = _total(rows)
        columns = []
        for column in self._columns:
            title, width, cell = _COLUMNS[column]
            cells = [cell(row, total) for row in rows]
            longest = max(map(len, cells))
            cells.append(cell(total, total))
            if column == "name":
                width = max(width, 1 + longest)
                columns.append([text.ljust(width) for text in (title, "-" * width, *cells)])
            else:
                width = max(width, longest, len(cells[-1]))
                columns.append([text.rjust(width) for text in (title, "-" * width, *cells)])
        titles, dashes, *lines = [" ".join(cells) for cells in zip(*columns)]
        lines = [titles, dashes, *lines[:-1], dashes, lines[-1]]
        if self._columns[-1] == "name":
            lines = [text.rstrip() for text in lines]
        return "\n".join(lines) + "\n"
