"""-P PATH and -e trace-fds=SET: which calls have to do with a file or a descriptor.

The signature tells which arguments name files and which are descriptors; what they hold is read anew, since
the user may have asked not to see them.
"""
from __future__ import annotations

import os

from ..types.common import Descriptor
from ..types.core import PATH_MAX, Array, How, InRegister, Path, Struct, Type, When, register
from ..types.polling import DescriptorSet
from ..values import Array as ArrayValue
from ..values import Spaced
from ..values import Struct as StructValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Iterable, List, Optional

    from ..call import Call
    from ..options import Options
    from ..syscalls.signature import Prepared
    from ..values import Value

    Test = Callable[[Call], bool]

_DELETED = b" (deleted)"


class Matcher:
    """Decides at the syscall-enter-stop whether a call is to be traced."""

    def __init__(self, options: Options) -> None:
        # Arrays and sets of descriptors are decoded whole, and as bare numbers.
        self._options = options._replace(decode_fds=frozenset(), string_limit=1 << 16)
        self._paths = frozenset([os.fsencode(path) for path in options.trace_paths])
        self._fds = options.trace_fds
        self._tests: Dict[Prepared, List[Test]] = {}

    def matches(self, call: Call) -> bool:
        """Whether *call* names one of the paths or descriptors."""
        tests = self._tests.get(call.signature)
        if tests is None:
            tests = self._tests[call.signature] = self._prepare(call.signature)
        return any(test(call) for test in tests)

    def _prepare(self, signature: Prepared) -> List[Test]:
        how = How(signature.abi, self._options, abbrev=False, where=signature.where)
        tests = []
        for name, (index, kind) in signature.where.items():
            if name not in signature.overlooked:
                test = self._test(kind, index, how)
                if test is not None:
                    tests.append(test)
        return tests

    def _test(self, kind: Type, index: int, how: How) -> Optional[Test]:
        """How to look at the argument of type *kind* in register *index*; None when it says nothing."""
        if isinstance(kind, When):
            inner = self._test(kind.kind, index, how)
            condition = kind.condition
            return inner and (lambda call: bool(condition(call)) and inner(call))
        if isinstance(kind, InRegister):
            kind = kind.kind
        word = register("P", how.abi)
        if isinstance(kind, Path):
            if not self._paths:
                return None
            return lambda call: self._is_path(call, word(call.args[index]))
        if isinstance(kind, Descriptor):
            convert = register("i", how.abi)
            return lambda call: self._is_fd(call, (convert(call.args[index]),))
        if isinstance(kind, Array) and isinstance(kind.element, Struct):
            fields = [name for name, field in kind.element.fields.items() if isinstance(field, Descriptor)]
            if not fields:
                return None
        elif not isinstance(kind, DescriptorSet):
            return None
        decode = kind.argument(how).leave
        return lambda call: self._is_fd(call, _numbers(decode(call, call.args[index])))

    def _is_path(self, call: Call, address: int) -> bool:
        found = call.memory.string(address, PATH_MAX) if address else None
        return found is not None and found[0] in self._paths

    def _is_fd(self, call: Call, numbers: Iterable[int]) -> bool:
        wanted, paths = self._fds, self._paths
        for number in numbers:
            if number < 0:
                continue
            if wanted is not None and number in wanted:
                return True
            if paths:
                try:
                    path = os.fsencode(os.readlink(f"/proc/{call.tracee.tid}/fd/{number}"))
                except OSError:
                    continue
                if path in paths or path.endswith(_DELETED) and path[:-len(_DELETED)] in paths:
                    return True
        return False


def _numbers(value: Value) -> List[int]:
    """The descriptors in an array of structures or in a set."""
    if isinstance(value, Spaced):
        return [item for item in value.items if isinstance(item, int)]
    found = []
    if isinstance(value, ArrayValue):
        for item in value.items:
            if isinstance(item, StructValue):
                # The descriptor comes first in every such structure.
                number = item.fields[0][1]
                if isinstance(number, int):
                    found.append(number)
    return found
