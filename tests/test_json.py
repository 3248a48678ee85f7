"""``--format=json``: every line is an object of the schema, and says what the text says.

Text and JSON are made from the same values. To see that neither loses or invents anything, a tracer with
an output of its own (`Pairs`) writes each value of each call in both formats; what stands in the text must
be explained by the JSON and the other way round, whatever the value.
"""
from __future__ import annotations

import base64
import json
import os
import re
import sys
import tempfile
import time
import unittest
from typing import Any, Dict, Iterator, List, Set, Tuple

from strace_py import arch, cli, values
from strace_py.output import base
from strace_py.output import json as json_output
from strace_py.output.render import ESCAPES, renderer
from strace_py.syscalls.index import FAMILY

from . import support
from .test_decoders import FAMILIES, variants

#: The keys of each type of object: those that it has, and those that it may have.
SCHEMA: Dict[str, Tuple[str, str]] = {
    "syscall": ("pid time_ns abi number name args",
                "return error errno note duration_ns dump unfinished detached ip comm"),
    "signal": ("pid time_ns signal number info", "ip comm"),
    "stopped": ("pid time_ns signal number", "comm"),
    "exited": ("pid time_ns status", "comm"),
    "killed": ("pid time_ns signal number core", "comm"),
    "superseded": ("pid time_ns by", "comm"),
    "exec": ("pid time_ns path", "comm"),
    "personality": ("pid time_ns abi", "comm"),
    "notice": ("text", ""),
}


#: System calls that no family's program makes, and why.
NOT_EXERCISED: Dict[str, str] = {
    "pause": "waits for ever, and has no arguments",
    "restart_syscall": "the kernel makes it, not the program",
    "uretprobe": "only the kernel's own trampoline may make it",
    "vhangup": "hangs up the terminal that the tests run in",
    "rseq_slice_yield": "has no arguments",
    "bpf": "no program of its own yet",
}


class Pairs(base.Output):
    """Writes every value in both formats: ``{"call": …, "value": …, "text": …, "json": …}``."""

    def __init__(self, options: Any, file: Any) -> None:
        super().__init__(options)
        self.render = renderer(options)
        self.file = file

    def pair(self, call: str, name: str, value: Any) -> None:
        text = self.render(value).encode("utf-8", "surrogateescape").decode("latin-1")
        self.file.write(json.dumps({"call": call, "value": name, "text": text,
                                    "json": json_output.plain(value)}) + "\n")

    def leave(self, call: Any) -> None:
        for name, value in zip(call.signature.names, call.values):
            if value is not values.OMIT:
                self.pair(call.name, name, value)
        if call.result is not None:
            self.pair(call.name, "return", call.result)
        if call.note is not None:
            self.pair(call.name, "note", call.note)

    def lost(self, call: Any) -> None:
        for name, value in zip(call.signature.names, call.values):
            if value is not values.OMIT and type(value) is not values.Half:
                self.pair(call.name, name, value)

    def signal(self, tracee: Any, info: Any, number: int) -> None:
        self.pair("signal", "info", info)


def trace_pairs(argv: List[str]) -> None:
    """Trace as *argv* says, with Pairs writing to the -o FILE."""
    from strace_py.tracer.tracer import Tracer
    options = cli.parse(argv)
    with open(str(options.output), "w", encoding="ascii") as file:
        Tracer(options, Pairs(options, file)).run()


class Said:
    """What a JSON value says: numbers, texts and names, each as the text may write it."""

    #: Numbers that the text leaves to the reader: it shows how they come about.
    COMPUTED = ("macro", "tests", "unit", "inverted", "names", "shift", "outside", "numbers", "parts")

    def __init__(self, value: Any) -> None:
        self.numbers: List[int] = []
        self.implied: List[int] = []
        self.masks: List[int] = []
        self.rests: List[int] = []
        self.strings: List[bytes] = []
        self.words: Set[str] = set()
        self.collect(value)

    def collect(self, value: Any, implied: bool = False) -> None:
        if isinstance(value, bool) or value is None:
            return
        if isinstance(value, int):
            (self.implied if implied else self.numbers).append(value)
        elif isinstance(value, str):
            self.strings.append(value.encode("utf-8", "surrogateescape"))
            self.words.update(re.findall(r"(?a)\w+", value))
        elif isinstance(value, list):
            for item in value:
                self.collect(item, implied)
        elif "base64" in value:
            self.strings.append(base64.b64decode(value["base64"]))
        else:
            # A name says its number, too.
            computed = any(key in value for key in self.COMPUTED) or bool(value.get("name"))
            if "names" in value:
                self.masks.append(value["value"] % (1 << 64))
                self.rests.append(value.get("rest", 0))
            if "unit" in value:
                self.implied += [value["unit"], value["value"] // value["unit"]]
            if "start" in value and "end" in value:
                self.implied.append(value["end"] - 1)  # the text's range includes its end
            for key, item in value.items():
                self.words.update(re.findall(r"\w+", key))
                self.collect(item, implied or key in ("length", "shift", "start", "end", "rest")
                             or computed and key == "value")


def spelled(number: int) -> Set[int]:
    """What *number* may look like: as it is, without its sign, in C's types, and in halves."""
    found = {abs(number), number % (1 << 64) >> 32}
    found.update([number % (1 << bits) for bits in (8, 16, 32, 64)])
    return found


def meant(token: str) -> Set[int]:
    """The numbers that *token* may stand for."""
    if token.startswith("0x"):
        return {int(token, 16)}
    found = {int(token)} if token.isdigit() else set()
    if re.fullmatch("0[0-7]+", token):
        found.add(int(token, 8))
    return found


def parts_of(text: str) -> Tuple[List[str], List[str], List[str]]:
    """The quoted strings, the numbers and the names of a text; ``O_???`` and its kind are no names."""
    strings = re.findall(r'"((?:[^"\\]|\\.)*)"', text)
    text = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    text = re.sub(r"\w*\?+\w*", "", text)
    tokens = re.findall(r"[A-Za-z_]\w*|0x[0-9a-f]+|\d\w*", text)
    return strings, [token for token in tokens if token[0].isdigit()], [
        token for token in tokens if not token[0].isdigit()]


#: Words of the notation itself. (strace calls an unknown kind of breakpoint so, where others are ``X_???``.)
NOTATION = {"NULL", "bytes", "in", "left", "vars", "entries", "s", "HW_BREAKPOINT_INVALID"}


#: Keys of the schema that the text has no word for.
KEYS = set("""
    abstract address after args base64 before comm data deleted detail end field index inverted length macro means
    more name names note numbers outside parts path rest shift start tests text unit value
    """.split())


def difference(pair: Dict[str, Any]) -> str:
    """What of a pair is in one format only; empty when they agree."""
    text = pair["text"]
    said = Said(pair["json"])
    strings, numbers, names = parts_of(text)
    escape = ESCAPES["none"]
    quoted = [escape(data) for data in said.strings]
    quoted += [escape(data[:-1]) for data in said.strings if data.endswith(b"\0")]
    quoted += ["".join([f"\\x{byte:02x}" for byte in data]) for data in said.strings]
    for found in strings:
        if found not in quoted:
            return f'the string "{found}" is in the text only'
    for found in names:
        if found not in said.words and found not in NOTATION:
            return f"{found} is in the text only"
    explained: Set[int] = set()
    for number in said.numbers + said.implied:
        explained |= spelled(number)
    shown: Set[int] = set()
    for found in numbers:
        meanings = meant(found)
        shown |= meanings
        # A part of a mask is said by the whole.
        if found not in said.words and not meanings & explained and not any(
                meaning & mask == meaning for meaning in meanings for mask in said.masks):
            return f"{found} is in the text only"
    for number in said.numbers:
        if number and not spelled(number) & shown:
            return f"the number {number} is in the JSON only"
    bits = 0
    for number in shown:
        bits |= number
    for rest in said.rests:
        if rest & ~bits:
            return f"not all bits of {rest:#x} are in the text"
    for word in said.words - KEYS:
        if not word.isdigit() and word not in text and word not in "".join(quoted):
            return f"{word} is in the JSON only"
    return ""


class Forms(unittest.TestCase):
    """The form of each value."""

    def test_a_class_without_a_form_is_an_object_of_its_parts(self) -> None:
        class New:
            __slots__ = ("number", "text", "items")

            def __init__(self) -> None:
                self.number, self.text, self.items = values.Hex(16), "text", (b"\xff", None)

        new: Any = New()
        self.assertEqual(json_output.plain(new),
                         {"number": 16, "text": "text", "items": [{"base64": "/w=="}, None]})

    def test_bytes_are_never_lost(self) -> None:
        for data, form in (
                (b"text", "text"), ("h\u00e9".encode(), "h\u00e9"), (b"a\0b\n", "a\0b\n"),
                (b"\xff\0", {"base64": "/wA="})):
            self.assertEqual(json_output.plain(values.Bytes(data)), form)
        self.assertEqual(json_output.plain(values.Bytes(b"abc", True, 10)),
                         {"text": "abc", "more": True, "length": 10})
        self.assertEqual(json_output.plain(values.Bytes(b"\xff", True)), {"base64": "/w==", "more": True})

    def test_what_is_left_out_is_said(self) -> None:
        self.assertEqual(json_output.plain(values.Struct([("a", 1)], more=True)), {"a": 1, "...": True})
        self.assertEqual(json_output.plain(values.Array([1], unread=16)), [1, {"...": {"address": 16}}])
        self.assertEqual(json_output.plain(values.Addr(0)), None)
        self.assertEqual(json_output.plain(values.Addr(8)), {"address": 8})

    def test_a_difference_is_found(self) -> None:
        for text, value in (
                ("O_RDWR", {"value": 2, "names": ["O_RDONLY"]}), ("[3]", [4]), ('"a"', "b"),
                ("{a=1, b=2}", {"a": 1}), ("{a=1}", {"a": 1, "b": 2}), ("0644", 0o600),
                ("0x8 /* O_??? */", 9)):
            self.assertTrue(difference({"text": text, "json": value}), text)
        self.assertFalse(difference({"text": '{a=-1, b="x\\n"..., ...}',
                                     "json": {"a": -1, "b": {"text": "x\n", "more": True}, "...": True}}))


class Lines(unittest.TestCase):
    """The objects of whole traces."""

    def events(self, *args: str) -> List[Dict[str, Any]]:
        trace = support.run_ours(["--format=json", *args]).trace
        return [self.check(json.loads(line)) for line in trace.splitlines()]

    def check(self, event: Dict[str, Any]) -> Dict[str, Any]:
        self.assertIn(event["type"], SCHEMA)
        needed, possible = [set(keys.split()) for keys in SCHEMA[event["type"]]]
        found = set(event) - {"type"}
        self.assertFalse(needed - found, event)
        self.assertFalse(found - needed - possible, event)
        if event["type"] == "syscall":
            ends = [key for key in ("return", "error", "unfinished", "detached") if key in event]
            self.assertEqual(len(ends), 1, event)
            self.assertEqual("duration_ns" in event, ends[0] in ("return", "error"))
        return event

    def test_a_program(self) -> None:
        events = self.events("cat", "/etc/passwd", "/nonexistent")
        opened = [event for event in events if event.get("args", {}).get("pathname") == "/etc/passwd"]
        self.assertEqual(opened[0]["name"], "openat")
        self.assertEqual(opened[0]["return"], 3)
        self.assertEqual(opened[0]["args"]["dirfd"], {"value": -100, "name": "AT_FDCWD"})
        self.assertEqual(opened[0]["args"]["flags"], {"value": 0, "names": ["O_RDONLY"]})
        failed = [event for event in events if event.get("args", {}).get("pathname") == "/nonexistent"]
        self.assertEqual((failed[0]["error"], failed[0]["errno"]), ("ENOENT", 2))
        self.assertNotIn("return", failed[0])
        self.assertEqual(events[-2]["name"], "exit_group")
        self.assertTrue(events[-2]["unfinished"])
        self.assertEqual((events[-1]["type"], events[-1]["status"]), ("exited", 1))

    def test_processes_and_signals(self) -> None:
        events = self.events("-f", "sh", "-c", "/bin/true; kill -USR1 $$")
        kinds = [event["type"] for event in events]
        self.assertEqual(kinds.count("exec"), 2)
        self.assertTrue(all(event["path"].startswith("/") for event in events if event["type"] == "exec"))
        self.assertEqual([event["signal"] for event in events if event["type"] == "signal"],
                         ["SIGCHLD", "SIGUSR1"])
        self.assertEqual((kinds[-1], events[-1]["signal"], events[-1]["core"]), ("killed", "SIGUSR1", False))
        self.assertEqual(len({event["pid"] for event in events}), 2)

    def test_times(self) -> None:
        started = time.time_ns()
        events = self.events("-e", "trace=read,exit_group", "cat", "/etc/passwd")
        for event in events:
            self.assertLess(started, event["time_ns"])
            self.assertLess(event["time_ns"], time.time_ns())
        self.assertEqual(sorted(event["time_ns"] for event in events), [event["time_ns"] for event in events])

    def test_options_that_choose(self) -> None:
        failed = self.events("-Z", "-qq", "cat", "/etc/passwd")
        self.assertEqual({"error" in event for event in failed if event["type"] == "syscall"}, {True})
        written = self.events("-e", "trace=write", "-e", "write=1", "-s", "1", "echo", "hello")
        self.assertEqual([event["dump"] for event in written if "dump" in event],
                         [[[{"length": 6, "data": "hello\n"}]]])
        self.assertIn("comm", self.events("-Y", "true")[-1])
        located = [event for event in self.events("-i", "true") if event["type"] == "syscall"]
        self.assertTrue(all("ip" in event for event in located))

    def test_standard_error_is_json_to_the_last_line(self) -> None:
        done = support.run_ours(["--format=json", "-f", "sh", "-c", "/bin/true"], separate=False)
        for line in done.trace.splitlines():
            self.check(json.loads(line))


@support.needs_gcc
class SameValues(unittest.TestCase):
    """Each value of each call of each family's programs."""

    #: The pairs that are no different, and those that are, by program: a program runs once.
    _seen: Dict[str, Tuple[Set[str], Dict[str, str]]] = {}

    def seen(self, program: str) -> Tuple[Set[str], Dict[str, str]]:
        """The names of the calls that *program* makes, and what differs in them."""
        if program not in self._seen:
            names: Set[str] = set()
            different: Dict[str, str] = {}
            for variant in variants(program):
                try:
                    support.build(program + ".c", variant)
                except unittest.SkipTest:
                    continue  # the others count
                for pair in self.pairs(program, variant):
                    names.add(pair["call"])
                    reason = difference(pair)
                    if reason:
                        different.setdefault(
                            f"{pair['call']} {pair['value']}",
                            f"{reason}\n    {pair['text'][:300]}\n    {json.dumps(pair['json'])[:300]}")
            self._seen[program] = names, different
        return self._seen[program]

    def test_every_signature_is_exercised(self) -> None:
        names = set(arch.of_machine()[0].names.values())
        missing = set(FAMILY) & names
        for program in FAMILIES:
            missing -= self.seen(program)[0]
        self.assertEqual(missing - set(NOT_EXERCISED), set())

    def pairs(self, program: str, variant: str) -> Iterator[Dict[str, Any]]:
        with tempfile.TemporaryDirectory(dir=support.scratch()) as directory:
            path = os.path.join(directory, "trace")
            where = os.path.join(directory, "cwd")
            os.mkdir(where)
            code = "import sys; from tests.test_json import trace_pairs; trace_pairs(sys.argv[1:])"
            options = ["-f", "-v", "-X", "verbose", "-s", "4096", "-o", path]
            command = [sys.executable, "-c", code, *options, support.build(program + ".c", variant)]
            done = support.run(command, cwd=where)
            self.assertNotIn("Traceback", done.stderr)
            with open(path, encoding="ascii") as file:
                for line in file:
                    yield json.loads(line)


def _add(program: str) -> None:
    def test(self: SameValues) -> None:
        names, different = self.seen(program)
        if not names:
            self.skipTest(f"{program} is for another machine, or has no compiler here")
        self.assertGreater(len(names), 10)
        if different:
            self.fail("\n" + "\n".join([f"{key}: {what}" for key, what in sorted(different.items())][:20]))
    setattr(SameValues, "test_" + program[4:], test)


for _program in FAMILIES:
    _add(_program)


if __name__ == "__main__":
    unittest.main()
