"""What perf_event_open counts: struct perf_event_attr of <linux/perf_event.h>."""
from __future__ import annotations

from struct import Struct as Layout

from ..constants import misc
from ..values import Addr, Hex, Joined, Noted, Shifted
from ..values import Struct as StructValue
from .core import HEX32, HEX64, UINT64, Const, Flags, Type
from .timing import CLOCK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Tuple

    from ..call import Call
    from ..values import Value
    from .core import Decoder, How

_TYPE = Const(misc.PERF_TYPES, "PERF_TYPE_???")
_HARDWARE, _SOFTWARE, _TRACEPOINT, _CACHE, _BREAKPOINT = 0, 1, 2, 3, 5

#: The bits of the word after read_format; precise_ip has two. What the header added later is reserved.
_BITS = (
    "disabled", "inherit", "pinned", "exclusive", "exclude_user", "exclude_kernel", "exclude_hv",
    "exclude_idle", "mmap", "comm", "freq", "inherit_stat", "enable_on_exec", "task", "watermark", "precise_ip", "",
    "mmap_data", "sample_id_all", "exclude_host", "exclude_guest", "exclude_callchain_kernel",
    "exclude_callchain_user", "mmap2", "comm_exec", "use_clockid", "context_switch", "write_backward",
    "namespaces", "ksymbol", "bpf_event", "aux_output", "cgroup", "text_poke", "build_id", "inherit_thread",
    "remove_on_exec", "sigtrap")
_SKIDS = "arbitrary skid", "constant skid", "requested to have 0 skid", "must have 0 skid"
_AUX_BITS = "aux_start_paused", "aux_pause", "aux_resume"
_FREQ, _WATERMARK, _USE_CLOCKID = (1 << _BITS.index(name) for name in ("freq", "watermark", "use_clockid"))
_SAMPLE_BRANCH_STACK, _SAMPLE_STACK_USER = 1 << 11, 1 << 13


class _Fields(Type):
    """A number made of fields, the highest first: the bit where each begins, and its type. Bare ones of 0 are
    left out."""

    code = "Q"

    def __init__(self, *fields: Tuple[int, Type]) -> None:
        self.fields = fields

    def decoder(self, how: How) -> Decoder:
        tops = (64, *(shift for shift, _ in self.fields))
        fields = [(shift, (1 << top - shift) - 1, kind is HEX32, kind.decoder(how))
                  for top, (shift, kind) in zip(tops, self.fields)]

        def decode(call: Call, number: int) -> Value:
            parts: List[Value] = []
            for shift, mask, optional, inner in fields:
                field = number >> shift & mask
                if field or not optional:
                    value = inner(call, field)
                    parts.append(Shifted(value, shift, str(shift)) if shift else value)
            return Joined(number, parts)
        return decode


#: Which event, by the kind of event; others have a number.
_CONFIGS: Dict[int, Type] = {
    # The upper half chooses among the processors' units.
    _HARDWARE: _Fields((32, HEX32), (0, Const(misc.PERF_HARDWARE, "PERF_COUNT_HW_???"))),
    _SOFTWARE: Const(misc.PERF_SOFTWARE, "PERF_COUNT_SW_???"),
    _TRACEPOINT: UINT64,
    _CACHE: _Fields((32, HEX32), (24, HEX32),
                    (16, Const(misc.PERF_CACHE_RESULTS, "PERF_COUNT_HW_CACHE_RESULT_???")),
                    (8, Const(misc.PERF_CACHE_OPS, "PERF_COUNT_HW_CACHE_OP_???")),
                    (0, Const(misc.PERF_CACHES, "PERF_COUNT_HW_CACHE_???")))}


class PerfAttr(Type):
    """A pointer to a struct perf_event_attr, as much of it as its ``size`` claims, or its first *HEAD* bytes."""

    code = "P"
    #: PERF_ATTR_SIZE_VER0, which 0 stands for, and the size that is known.
    SMALLEST, KNOWN = 64, 144
    HEAD = 48
    LAYOUT = Layout("=IIQQQQQIIQQQQIIQIHHIIQQQ")

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        configs = {number: kind.decoder(how) for number, kind in _CONFIGS.items()}
        other_config = HEX64.decoder(how)
        kind_names, sizes, clock, breakpoint_, sample, branch, read_format = (kind.decoder(how) for kind in (
            _TYPE, Const(misc.PERF_ATTR_SIZES, "PERF_ATTR_SIZE_???"), CLOCK,
            Const(misc.HW_BREAKPOINT_TYPES, "HW_BREAKPOINT_INVALID"),
            Flags(misc.PERF_SAMPLE_FLAGS, "PERF_SAMPLE_???"),
            Flags(misc.PERF_BRANCH_FLAGS, "PERF_SAMPLE_BRANCH_???"),
            Flags(misc.PERF_READ_FORMAT, "PERF_FORMAT_???")))
        wanted = self.HEAD if how.abbrev else self.KNOWN

        def head(call: Call, raw: Tuple[int, ...]) -> List[Tuple[str, Value]]:
            """What is always shown."""
            kind, size, config, period, sampled, reads, bits = raw[:7]
            fields: List[Tuple[str, Value]] = [
                ("type", kind_names(call, kind)), ("size", sizes(call, size)),
                ("config", configs.get(kind, other_config)(call, config)),
                ("sample_freq" if bits & _FREQ else "sample_period", period),
                ("sample_type", sample(call, sampled)), ("read_format", read_format(call, reads))]
            for shift, name in enumerate(_BITS):
                if name == "precise_ip":
                    fields.append((name, Noted(bits >> shift & 3, _SKIDS[bits >> shift & 3])))
                elif name and (bits >> shift & 1 or not how.abbrev):
                    fields.append((name, bits >> shift & 1))
            if bits >> len(_BITS):
                fields.append(("__reserved_1", Noted(Hex(bits >> len(_BITS)), "Bits 63..38")))
            return fields

        def tail(call: Call, raw: Tuple[int, ...]) -> List[Tuple[int, str, Value]]:
            """The rest with its offsets."""
            kind, sampled, bits = raw[0], raw[4], raw[6]
            (wakeup, stop, config1, config2, branches, regs_user, stack_user, clockid, regs_intr, watermark,
             stack, reserved, aux_size, aux, sig_data, config3, config4) = raw[7:]
            fields: List[Tuple[int, str, Value]] = [
                (48, "wakeup_watermark" if bits & _WATERMARK else "wakeup_events", wakeup)]
            if kind == _BREAKPOINT:
                fields += [(52, "bp_type", breakpoint_(call, stop)), (56, "bp_addr", Hex(config1)),
                           (64, "bp_len", config2)]
            else:
                fields += [(56, "config1", Hex(config1)), (64, "config2", Hex(config2))]
            if sampled & _SAMPLE_BRANCH_STACK:
                fields.append((72, "branch_sample_type", branch(call, branches)))
            fields.append((80, "sample_regs_user", Hex(regs_user)))
            if sampled & _SAMPLE_STACK_USER:
                fields.append((88, "sample_stack_user", Hex(stack_user)))
            if bits & _USE_CLOCKID:
                fields.append((92, "clockid", clock(call, clockid)))
            fields += [(96, "sample_regs_intr", Hex(regs_intr)), (104, "aux_watermark", watermark),
                       (108, "sample_max_stack",
                        Noted(stack, f"bytes 110..111: {reserved:#x}") if reserved else stack),
                       (112, "aux_sample_size", aux_size)]
            fields += [(116, name, aux >> shift & 1) for shift, name in enumerate(_AUX_BITS)]
            if aux >> len(_AUX_BITS):
                fields.append((116, "__reserved_3", Noted(Hex(aux >> len(_AUX_BITS)), "Bits 931..959")))
            return fields + [(120, "sig_data", Hex(sig_data)), (128, "config3", Hex(config3)),
                             (136, "config4", Hex(config4))]

        def decode(call: Call, address: int) -> Value:
            start = call.memory.read(address, 8) if address else None
            size = int.from_bytes(start[4:], "little") or self.SMALLEST if start else 0
            data = call.memory.read(address, min(size, wanted)) if size >= self.SMALLEST else None
            if data is None:
                return Addr(address)
            raw = self.LAYOUT.unpack(data.ljust(self.KNOWN, b"\0"))
            fields = head(call, raw)
            if how.abbrev:
                return StructValue(fields, True)
            fields += [(name, value) for offset, name, value in tail(call, raw) if offset < size]
            return StructValue(fields, size > self.KNOWN)
        return decode


PERF_ATTR = PerfAttr()
