"""JSON Lines: one object a line for each system call, signal, stop, exit and exec of the trace.

The schema is in README.rst, "JSON". It is made from the same values as the text, and loses nothing of
them: a number that the text names keeps its value beside the names, bytes that are no UTF-8 are base64.
"""
from __future__ import annotations

import time
from base64 import b64encode
from json import JSONEncoder

from ..constants.errno import NAMES as ERRNO_NAMES
from ..constants.signals import NAMES as SIGNAL_NAMES
from ..values import (
    BEGUN,
    OMIT,
    Abstract,
    Addr,
    Array,
    Bits,
    Bytes,
    Changed,
    Compound,
    Condition,
    Const,
    Dump,
    Fd,
    Flags,
    Half,
    Hardware,
    Hex,
    HexWord,
    Indexed,
    Joined,
    Macro,
    Noted,
    Oct,
    Pid,
    Plain,
    Ref,
    Scaled,
    Shifted,
    Spaced,
    Struct,
    Tail,
    Words,
    Written,
)
from .base import Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Sequence, Union

    from ..call import Call
    from ..options import Options
    from ..tracer.tracee import Tracee
    from ..values import Value

#: Stands for what was left out, as a key of an object or in an object at the end of an array.
MORE = "..."


def plain(value: Value) -> Any:
    """*value* as what json can encode. A class that has no form here is an object of its parts."""
    kind: Any = type(value)
    form = _FORMS.get(kind)
    if form is not None:
        return form(value)
    return {name: _part(getattr(value, name)) for name in kind.__slots__}


def _part(part: Any) -> Any:
    if part is None or isinstance(part, bool):
        return part
    if isinstance(part, str):
        return _text(part)
    if isinstance(part, bytes):
        return _bytes(part)
    if isinstance(part, (list, tuple)):
        return [_part(item) for item in part]
    return plain(part)


def _bytes(data: bytes) -> Union[str, Dict[str, str]]:
    """A string where the bytes are UTF-8, else ``{"base64": …}``."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": b64encode(data).decode("ascii")}


def _string(value: Bytes) -> Any:
    data = _bytes(value.data)
    if not value.more:
        return data
    cut = {"text": data} if isinstance(data, str) else data
    found: Dict[str, Any] = {**cut, "more": True}
    if value.length is not None:
        found["length"] = value.length
    return found


def _address(value: Addr) -> Any:
    return {"address": value} if value else None


def _const(value: Const) -> Any:
    return {"value": value.value, "name": value.names.name(value.value)}


def _names(value: int, names: Sequence[str], rest: int) -> Dict[str, Any]:
    found: Dict[str, Any] = {"value": value, "names": list(names)}
    if rest:
        found["rest"] = rest
    return found


def _flags(value: Flags) -> Any:
    names, rest = value.names.split(value.value)
    return _names(value.value, names, rest)


def _compound(value: Union[Compound, Joined]) -> Any:
    """Names alone where the parts are nothing but names and one number, else every part."""
    names: List[str] = []
    rest = 0
    for part in value.parts:
        if isinstance(part, Const):
            name = part.names.name(part.value)
            if name is None:
                rest |= part.value
            else:
                names.append(name)
        elif isinstance(part, Flags):
            found, left = part.names.split(part.value)
            names.extend(found)
            rest |= left
        elif isinstance(part, int):
            rest |= part
        else:
            return {"value": value.value, "parts": [plain(part) for part in value.parts]}
    return _names(value.value, names, rest)


def _fd(value: Fd) -> Any:
    found: Dict[str, Any] = {"value": value.value}
    if value.at is not None:
        found["name"] = value.at.names.name(value.at.value)
    if value.path is not None:
        found["path"] = _bytes(value.path)
    if value.detail:
        parts = [_part(part) for part in value.detail]
        found["detail"] = "".join(parts) if all(isinstance(part, str) for part in parts) else parts
    if value.deleted:
        found["deleted"] = True
    return found


def _text(text: str) -> Any:
    """Text that may hold bytes of the tracee as surrogates."""
    return _bytes(text.encode("utf-8", "surrogateescape"))


def _pid(value: Pid) -> Any:
    found: Dict[str, Any] = {"value": value.value}
    if value.comm is not None:
        found["comm"] = _bytes(value.comm)
    if value.outside:
        found["outside"] = value.outside
    return found


def _struct(value: Struct) -> Any:
    found: Dict[str, Any] = {}
    for number, (name, field) in enumerate(value.fields):
        key = name or str(number)
        found[key if key not in found else f"{key}#{number}"] = plain(field)
    if value.unread is not None:
        found[MORE] = {"address": value.unread}
    elif value.more:
        found[MORE] = True
    return found


def _array(value: Array) -> Any:
    found = [plain(item) for item in value.items]
    if value.unread is not None:
        found.append({MORE: {"address": value.unread}})
    elif value.more:
        found.append({MORE: True})
    return found


def _indexed(value: Indexed) -> Any:
    return [{"index": index, "value": plain(item)} for index, item in value.items]


def _bits(value: Bits) -> Any:
    found: Dict[str, Any] = {"value": value.value, "names": list(value.names)}
    if value.inverted:
        found["inverted"] = True
    if value.numbers:
        found["numbers"] = list(value.numbers)
    return found


def _macro(value: Macro) -> Any:
    found: Dict[str, Any] = {"value": value.number, "macro": value.name,
                             "args": [plain(argument) for argument in value.args]}
    if value.address_of:
        found["field"] = value.address_of
    return found


def _words(value: Words) -> Any:
    if len(value.parts) == 1:
        (word, part), = value.parts
        if not word and part is not None:
            return plain(part)
    return {word or str(number): True if part is None else plain(part)
            for number, (word, part) in enumerate(value.parts)}


def _condition(value: Condition) -> Any:
    tests = {name.partition("(")[0]: True if result is None else plain(result) for name, result in value.tests}
    return {"value": value.value, "tests": tests}


def _dump(value: Dump) -> Any:
    return [[{"length": length, "data": None if data is None else _bytes(data)} for length, data in buffers]
            for _, buffers in value.vectors]


_FORMS: Dict[type, Callable[[Any], Any]] = {
    int: int, bool: int, Hex: int, Oct: int, Addr: _address, Const: _const, Flags: _flags,
    Compound: _compound, Joined: _compound, Fd: _fd, Pid: _pid, Bytes: _string, Struct: _struct, Array: _array,
    Bits: _bits,
    HexWord: lambda value: value.value,
    Ref: lambda value: [plain(value.value)],
    Spaced: lambda value: [plain(item) for item in value.items],
    Indexed: _indexed,
    Changed: lambda value: {"before": plain(value.before), "after": plain(value.after)},
    Macro: _macro,
    Written: lambda value: {"value": plain(value.plain), "means": plain(value.made)},
    Hardware: lambda value: ":".join([f"{byte:02x}" for byte in value.data]),
    Abstract: lambda value: {"abstract": _bytes(value.data)},
    Noted: lambda value: {"value": plain(value.value), "note": _text(value.note)},
    Scaled: lambda value: {"value": value.value, "unit": value.unit},
    Shifted: lambda value: {"value": plain(value.value), "shift": value.shift, "name": value.name},
    Tail: lambda value: {"start": value.start, "end": value.end,
                         "data": None if value.data is None else _string(value.data)},
    Condition: _condition, Words: _words,
    Half: lambda value: plain(value.value),
    Plain: lambda value: plain(value.value),
}


class Output(Lines):
    """The trace as JSON Lines."""

    monotonic = True
    realtime = True
    executes = True

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._encode = JSONEncoder(check_circular=False).encode
        self._comm = "comm" in options.decode_pids

    def _event(self, tracee: Tracee, kind: str, time_ns: int = 0) -> Dict[str, Any]:
        """The beginning of every object that is about a tracee."""
        event: Dict[str, Any] = {"type": kind, "pid": tracee.tid}
        if self._comm:
            from ..types.pids import command
            comm = command(tracee.tid)
            if comm is None:
                comm = self.comms.get(tracee.tid, b"")
            self.comms[tracee.tid] = comm
            event["comm"] = _bytes(comm)
        event["time_ns"] = time_ns or time.time_ns()
        return event

    def _write(self, tracee: Tracee, event: Dict[str, Any]) -> None:
        self.streams.of(tracee).parts.append(self._encode(event) + "\n")

    # System calls

    def enter(self, call: Call) -> None:
        call.save("entered", call.wall_time)

    def _call(self, call: Call) -> Dict[str, Any]:
        signature = call.signature
        event = self._event(call.tracee, "syscall", call.load("entered"))
        if self.pointers:
            event["ip"] = call.ip
        event["abi"] = signature.abi.name
        event["number"] = call.nr
        event["name"] = signature.name
        event["args"] = {name: plain(value) for name, value in zip(signature.names, call.values)
                         if value is not OMIT and value is not BEGUN}
        return event

    def leave(self, call: Call) -> None:
        if ("failed" if call.error else "successful") not in self.options.status:
            return
        event = self._call(call)
        if call.error:
            event["error"] = ERRNO_NAMES.get(call.error)
            event["errno"] = call.error
        else:
            event["return"] = None if call.result is None else plain(call.result)
        if call.note is not None:
            event["note"] = plain(call.note)
        event["duration_ns"] = call.left_at - call.entered_at
        if call.dump is not None:
            event["dump"] = _dump(call.dump)
        self._write(call.tracee, event)

    def lost(self, call: Call) -> None:
        self._cut(call, "unfinished")

    def detached(self, call: Call) -> None:
        self._cut(call, "detached")

    def _cut(self, call: Call, reason: str) -> None:
        if reason in self.options.status:
            event = self._call(call)
            event[reason] = True
            self._write(call.tracee, event)

    # Everything else

    def signal(self, tracee: Tracee, info: Value, number: int) -> None:
        event = self._signal(tracee, "signal", number)
        if self.pointers:
            event["ip"] = tracee.ip
        event["info"] = plain(info)
        self._write(tracee, event)

    def _signal(self, tracee: Tracee, kind: str, number: int) -> Dict[str, Any]:
        event = self._event(tracee, kind)
        event["signal"] = SIGNAL_NAMES.get(number)
        event["number"] = number
        return event

    def stopped(self, tracee: Tracee, number: int) -> None:
        self._write(tracee, self._signal(tracee, "stopped", number))

    def exited(self, tracee: Tracee, status: int) -> None:
        if "exit" not in self.options.quiet:
            self._write(tracee, {**self._event(tracee, "exited"), "status": status})
        self.drop(tracee)

    def killed(self, tracee: Tracee, number: int, core: bool) -> None:
        if "exit" not in self.options.quiet:
            self._write(tracee, {**self._signal(tracee, "killed", number), "core": core})
        self.drop(tracee)

    def superseded(self, tracee: Tracee, by: int) -> None:
        if "thread-execve" not in self.options.quiet:
            self._write(tracee, {**self._event(tracee, "superseded"), "by": by})

    def executed(self, tracee: Tracee, path: bytes) -> None:
        self._write(tracee, {**self._event(tracee, "exec"), "path": _bytes(path)})

    def personality(self, tracee: Tracee) -> None:
        if "personality" not in self.options.quiet:
            self._write(tracee, {**self._event(tracee, "personality"), "abi": tracee.abi.name})

    def notice(self, text: str) -> None:
        if self.streams.shared is None or self.options.output is not None:
            super().notice(text)
        else:
            # Standard error is ours: what stands there is JSON to the last line.
            self.streams.shared.parts.append(self._encode({"type": "notice", "text": text}) + "\n")
