"""Tells the moments of one exchange from the first byte sent, whichever HTTP is spoken on the line."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from probes.net.addresses import BaseUrl
from probes.net.backend import Emit, Line
from probes.net.limits import Watch
from probes.wire.moments import Chunk, Closed, Headers, Sent

Fields = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it goes on the wire; its picture hides the fields, among which the key is."""

    method: str
    url: BaseUrl
    target: bytes
    fields: Fields = field(repr=False)
    body: bytes


class Transcript:
    """Turns body data into Chunks: one for each read of the socket, however many pieces of HTTP it held."""

    def __init__(self, line: Line, watch: Watch, emit: Emit, enough: Callable[[], bool] | None) -> None:
        self._line, self._watch, self._emit, self._enough = line, watch, emit, enough
        self._pieces: list[bytes] = []
        self._began = False
        line.before_read = self.flush

    def sent(self) -> None:
        self._emit(Sent(self._watch.ms()))

    def headers(self, status: int, version: str, fields: Iterable[tuple[bytes, bytes]]) -> None:
        """What the line reads from here on counts as body."""
        self._line.headers_ended()
        shown = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in fields)
        self._emit(Headers(self._line.read_at_ms, status, version, shown))

    def take(self, piece: bytes) -> None:
        """Keep a piece of the body until the read that brought it is used up."""
        if not piece:
            return
        if not self._began:
            self._began = True
            self._watch.body_began()
        self._watch.read_something()
        self._pieces.append(piece)

    def flush(self) -> None:
        """Emit what the last read brought; called before the next one may wait."""
        if not self._pieces:
            return
        data = b"".join(self._pieces)
        self._pieces.clear()
        self._emit(Chunk(self._line.read_at_ms, data))
        if self._enough and self._enough():
            self._watch.only_grace()

    def end(self, *, lingered: bool) -> None:
        self.flush()
        self._emit(Closed(self._line.read_at_ms, lingered))
