"""A probe as it happens, for a terminal: phases in words, then a tick for every read."""

from dataclasses import dataclass
from functools import partial
from typing import Any, TextIO

from probes.net.exchange import exchange
from probes.wire.dialects.base import WireRequest
from probes.wire.moments import (
    Chunk,
    Closed,
    Connected,
    Failed,
    Headers,
    Moment,
    Resolved,
    Sending,
    Sent,
    TlsDone,
)
from triage.history.reproduce import address_of

_BARS = "▁▂▃▄▅▆▇█"  # from under 64 bytes to 4 KB and more, each twice the one before
_PLAIN_BARS = ".:-=+*#@"  # for a terminal that cannot show blocks
_SMALLEST = 6  # bits of the size that still draws the lowest bar
_HEARTBEAT = "o"
_SILENCE_MS = 1000.0  # a gap worth its length in words
_TICKS_A_LINE = 100


class LiveProbe:
    """Draws one exchange after another. `send` takes the place of the exchange in perform_run."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._bars = _BARS if _can_say(out, _BARS) else _PLAIN_BARS
        self._reads = _Reads()

    def send(self, request: WireRequest, **how: Any) -> None:
        """The exchange, with every moment shown after it was taken down."""
        self._reads = _Reads()
        address = address_of(how["to"].base_url, request)
        self._say(f"{request.method} {address}{_traits_of(request, http2=how.get('http2', False))}\n ")
        exchange(request, **how | {"emit": partial(self._take, how["emit"])})

    def _take(self, emit: Any, moment: Moment) -> None:
        emit(moment)
        self._show(moment)

    def _show(self, moment: Moment) -> None:
        match moment:
            case Resolved(at_ms, addresses):
                self._say(f" dns {_ms(at_ms)} ({len(addresses)})")
            case Connected(at_ms, address):
                self._say(f" tcp {_ms(at_ms)} {address}")
            case TlsDone(at_ms, version):
                self._say(f" tls {_ms(at_ms)} {version}")
            case Sending():
                pass  # `Sent` follows at once, or a failure says it never did
            case Sent(at_ms):
                self._say(f" sent {_ms(at_ms)}")
            case Headers(at_ms, status, version, _fields):
                self._say(f" answer {status} {version} {_ms(at_ms)}\n  ")
            case Chunk(at_ms, data):
                self._say(self._reads.tick(at_ms, data, self._bars))
            case Closed(at_ms):
                self._say(f"\n  closed {_ms(at_ms)}: {self._reads}\n")
            case Failed(at_ms, failure, detail):
                why = f" ({detail})" if detail else ""
                self._say(f"\n  {failure.value}{why} {_ms(at_ms)}: {self._reads}\n")

    def _say(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


@dataclass(slots=True)
class _Reads:
    """What has come of one answer so far."""

    count: int = 0
    size: int = 0
    last_ms: float | None = None

    def tick(self, at_ms: float, data: bytes, bars: str) -> str:
        """What to draw for one read: the silence before it, when long, and a bar as high as it is large."""
        gap = at_ms - self.last_ms if self.last_ms is not None else 0.0
        self.count, self.size, self.last_ms = self.count + 1, self.size + len(data), at_ms
        silence = f" {_ms(gap)} " if gap >= _SILENCE_MS else ""
        wrap = "\n  " if self.count % _TICKS_A_LINE == 0 else ""
        return silence + (_HEARTBEAT if _is_heartbeat(data) else _bar(len(data), bars)) + wrap

    def __str__(self) -> str:
        return f"{self.count} reads, {self.size:,} bytes"


def _bar(size: int, bars: str) -> str:
    height = max(size.bit_length() - _SMALLEST, 0)
    return bars[min(height, len(bars) - 1)]


def _is_heartbeat(data: bytes) -> bool:
    """Comment lines alone: the server says nothing but that it is there."""
    lines = [line for line in data.splitlines() if line]
    return bool(lines) and all(line.startswith(b":") for line in lines)


def _traits_of(request: WireRequest, *, http2: bool) -> str:
    """What sets this request apart from its neighbours."""
    traits = (
        ("event stream", ("accept", "text/event-stream") in request.headers),
        ("gzip", ("accept-encoding", "gzip") in request.headers),
        ("HTTP/2", http2),
    )
    told = [trait for trait, has_it in traits if has_it]
    return f" ({', '.join(told)})" if told else ""


def _ms(at_ms: float) -> str:
    return f"{at_ms:.0f} ms" if at_ms < 1000 else f"{at_ms / 1000:.2f} s"


def _can_say(out: TextIO, text: str) -> bool:
    try:
        text.encode(getattr(out, "encoding", None) or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True
