"""Decodes an event stream by the WHATWG rules, and keeps what an ordinary parser drops."""

from collections import deque
from typing import NamedTuple

_BOM = b"\xef\xbb\xbf"
_LF, _CR = b"\n\r"  # as numbers, which bytes are searched for much faster
_BLANK_LINE = b"\n\n"
_DEFAULT_EVENT = "message"
_LONGEST_RETRY = 15  # digits; more is no time span, and int() refuses thousands of them
_ASIDES_KEPT = 256
_ASIDE_CHARS = 16 * 1024


class Event(NamedTuple):
    """One dispatched event: `id` is the last one seen so far, `retry` (ms) what this event itself named."""

    event: str
    data: str
    id: str
    retry: int | None


_new_event = tuple.__new__  # Event(...) costs twice as much


class Aside(NamedTuple):
    """A line that dispatches nothing: a comment, or text that is no field (a bare JSON error).

    It came before the event with the index `before` of those that the same `feed` returned.
    """

    is_comment: bool
    text: str
    before: int = 0


class Tail(NamedTuple):
    """What the end of the stream left unfinished; false when nothing was."""

    event: str = _DEFAULT_EVENT
    data: str = ""  # what the event would have carried, had its line ends come
    line: str = ""  # the line that never ended, as it came

    def __bool__(self) -> bool:
        return self != Tail()


class Decoder:
    """Bytes in, events out; time and transport stay with the caller.

    An event (or line) of more than `max_event` bytes is dropped and counted in `oversized`: one monster
    must neither fill the memory nor hide what follows it. Asides wait in a bounded queue until
    `take_asides`; `comments` counts all of them.
    """

    def __init__(self, max_event: int = 1 << 20) -> None:
        self.comments = 0
        self.oversized = 0
        self.invalid_lines = 0  # not UTF-8; the bad bytes read as U+FFFD
        self.retry: int | None = None  # the reconnection time in force, ms
        self._max_event = max_event
        self._asides: deque[Aside] = deque(maxlen=_ASIDES_KEPT)
        self._opening: bytes | None = b""  # held back while it may still become a BOM
        self._after_cr = False
        self._pending = bytearray()  # the line that has not ended
        self._line_too_long = False
        self._inside_event = False
        self._at_rest = False  # nothing of an earlier chunk matters to the next
        self._last_id = ""
        self._data: list[str]
        self._retry_here: int | None
        self._begin_event()

    def feed(self, chunk: bytes) -> list[Event]:
        """The events that this chunk completed."""
        # What a read holds when nothing buffers: one event in one line. Written out: a call costs a tenth.
        if (
            self._at_rest
            and chunk[:6] == b"data: "
            and (end := chunk.find(_LF)) == len(chunk) - 2
            and chunk[end:] == _BLANK_LINE
            and _CR not in chunk
            and end <= self._max_event
        ):
            try:
                return [_new_event(Event, (_DEFAULT_EVENT, chunk[6:end].decode(), self._last_id, None))]
            except UnicodeDecodeError:
                pass
        events = self._events_in(self._plain(chunk))
        self._at_rest = self._opening is None and not (self._after_cr or self._inside_event)
        return events

    def close(self) -> Tail:
        """What was left inside an unfinished event. The decoder is spent afterwards."""
        self._pending += self._opening or b""
        line = self._pending.decode(errors="replace")
        if line:
            self._take_line(line, 0)
        return Tail(self._event or _DEFAULT_EVENT, "\n".join(self._data), line)

    def take_asides(self) -> list[Aside]:
        """The asides since the last call, in order."""
        asides = list(self._asides)
        self._asides.clear()
        return asides

    def _plain(self, chunk: bytes) -> bytes:
        """The chunk without a BOM and with one kind of line end."""
        if self._opening is not None:
            chunk = self._without_bom(chunk)
        if _CR in chunk or (self._after_cr and chunk):
            chunk = self._with_plain_line_ends(chunk)
        return chunk

    def _events_in(self, chunk: bytes) -> list[Event]:
        events: list[Event] = []
        start = self._finish_open_event(chunk, events) if self._inside_event else 0
        end = chunk.rfind(_BLANK_LINE, start)
        if end >= 0:
            self._whole_events(chunk[start:end], events)
            start = end + len(_BLANK_LINE)
        if start < len(chunk):
            self._take_bytes(chunk[start:], events)
        return events

    def _without_bom(self, chunk: bytes) -> bytes:
        opening = (self._opening or b"") + chunk
        if len(opening) < len(_BOM) and _BOM.startswith(opening):
            self._opening = opening
            return b""
        self._opening = None
        return opening.removeprefix(_BOM)

    def _with_plain_line_ends(self, chunk: bytes) -> bytes:
        """A CR ends its line at once; the LF of a CRLF that was split is swallowed by the next chunk."""
        if self._after_cr:
            chunk = chunk.removeprefix(b"\n")
        self._after_cr = chunk.endswith(b"\r")
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _finish_open_event(self, chunk: bytes, events: list[Event]) -> int:
        """Take bytes up to the next certain event boundary; where in the chunk that is."""
        boundary = chunk.find(_BLANK_LINE)
        end = len(chunk) if boundary < 0 else boundary + len(_BLANK_LINE)
        self._take_bytes(chunk[:end], events)
        return end

    def _whole_events(self, raw: bytes, events: list[Event]) -> None:
        """The quick way for what makes up nearly all of a stream: many short, complete events."""
        try:
            text = raw.decode() if len(raw) <= self._max_event else ""
        except UnicodeDecodeError:
            text = ""
        if not text:
            self._take_bytes(raw + _BLANK_LINE, events)
        elif text[:6] == "data: " and (plain := self._one_line_each(text[6:].split("\n\ndata: "))):
            events += plain
        else:
            for block in text.split("\n\n"):
                self._take_block(block, events)

    def _one_line_each(self, values: list[str]) -> list[Event]:
        """One event for each value; none at all when a line end shows that one is more than its data."""
        last_id = self._last_id
        events = [
            _new_event(Event, (_DEFAULT_EVENT, data, last_id, None)) for data in values if "\n" not in data
        ]
        return events if len(events) == len(values) else []

    def _take_block(self, block: str, events: list[Event]) -> None:
        """The lines between two blank ones; those of OpenAI and of Anthropic without reading line by line."""
        name, _, data = block.partition("\ndata: ")
        if data and name[:7] == "event: " and name[7:] and "\n" not in name and "\n" not in data:
            events.append(_new_event(Event, (name[7:], data, self._last_id, None)))
            return
        if block[:6] == "data: " and "\n" not in block:
            events.append(_new_event(Event, (_DEFAULT_EVENT, block[6:], self._last_id, None)))
            return
        for line in block.split("\n"):
            if line:
                self._take_line(line, len(events))
            else:
                self._dispatch(events)
        self._dispatch(events)

    def _take_bytes(self, chunk: bytes, events: list[Event]) -> None:
        """The careful way: line by line, with the line that is still open held back."""
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            self._hold(piece)
            self._end_line(events)
        self._hold(rest)
        self._inside_event = bool(self._pending or self._touched or self._line_too_long)

    def _hold(self, piece: bytes) -> None:
        if not self._line_too_long:
            self._pending += piece
        if len(self._pending) > self._max_event:
            self._pending.clear()
            self._line_too_long = True
            self._spoil_event()

    def _end_line(self, events: list[Event]) -> None:
        line = bytes(self._pending)
        self._pending.clear()
        if self._line_too_long:
            self._line_too_long = False
        elif self._held + len(line) > self._max_event:
            self._spoil_event()
        elif not line:
            self._dispatch(events)
        elif not self._spoilt:
            self._take_line(self._decoded(line), len(events))
            self._held += len(line) if self._data else 0

    def _decoded(self, line: bytes) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError:
            self.invalid_lines += 1
            return line.decode(errors="replace")

    def _take_line(self, line: str, before: int) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        self._touched = True
        match name:
            case "data":
                self._data.append(value)
            case "event":
                self._event = value
            case "id":
                self._last_id = self._last_id if "\0" in value else value
            case "retry":
                self._take_retry(value)
            case "":
                self.comments += 1
                self._asides.append(Aside(True, value[:_ASIDE_CHARS], before))
            case _:
                self._asides.append(Aside(False, line[:_ASIDE_CHARS], before))

    def _take_retry(self, value: str) -> None:
        if value.isascii() and value.isdigit() and len(value) <= _LONGEST_RETRY:
            self._retry_here = self.retry = int(value)

    def _dispatch(self, events: list[Event]) -> None:
        """An event without a data line is nothing, but its id and retry stay in force."""
        if self._data:
            data = "\n".join(self._data)
            events.append(Event(self._event or _DEFAULT_EVENT, data, self._last_id, self._retry_here))
        if self._touched:
            self._begin_event()

    def _begin_event(self) -> None:
        self._touched = False  # a line came since the last blank one
        self._spoilt = False  # too long: its further lines are passed over
        self._held = 0  # bytes of its lines, once it has data
        self._event = ""
        self._data = []
        self._retry_here = None

    def _spoil_event(self) -> None:
        if not self._spoilt:
            self.oversized += 1
        self._begin_event()
        self._spoilt = self._touched = True
