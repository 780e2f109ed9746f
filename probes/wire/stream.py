"""Reads a body as an event stream: events into an answer, and everything that an ordinary parser drops."""

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from probes.wire.answer import Answer
from probes.wire.arrivals import Gaps, rounded
from probes.wire.clipping import clipped
from probes.wire.dialects.base import Dialect, Observed
from probes.wire.documents import mapping_of, parsed
from probes.wire.error_shapes import ErrorSeen, describe_error, find_error
from probes.wire.sse import Aside, Decoder, Event

_DONE = "[DONE]"
_SAMPLE = 300  # characters
_UNFRAMED_CHARS = 16 * 1024


class StreamReader:
    """Fed the decoded body read by read; knows nothing of HTTP."""

    def __init__(self, dialect: Dialect) -> None:
        self.answer = Answer()
        self.lines = Answer()  # the same from bare JSON lines, for an endpoint that streams those
        self.gaps = Gaps()
        self.events = 0
        self.json_lines = 0
        self.pings = 0
        self.empty_events = 0
        self.events_after_done = 0
        self.bytes_after_done = 0
        self.malformed = 0
        self.malformed_at: int | None = None
        self.malformed_sample = ""
        self.unframed = 0
        self.unfinished = ""
        self.last_seen = ""
        self.error_document: object = None
        self.first_event_at: float | None = None
        self.first_comment_at: float | None = None
        self.last_comment_at: float | None = None
        self.first_line_at: float | None = None
        self._dialect = dialect
        self._decoder = Decoder()
        self._unframed_text = ""

    def feed(self, data: bytes, at_ms: float) -> None:
        before = self.events
        for happening in self._in_order(self._decoder.feed(data)):
            if isinstance(happening, Event):
                self._take(happening, at_ms)
            else:
                self._take_aside(happening, at_ms)
        if self.events > before:
            self.gaps.add(at_ms)

    def close(self, at_ms: float) -> None:
        """The stream ended: what was unfinished is still evidence, though no client would see it."""
        tail = self._decoder.close()
        for aside in self._decoder.take_asides():
            self._take_aside(aside, at_ms)
        if tail.data:
            self.unfinished = clipped(tail.line or tail.data, _SAMPLE)
            if tail.data.strip() == _DONE or mapping_of(parsed(tail.data)[1]):
                self._take(Event(tail.event, tail.data, "", None), at_ms)
        if self.answer.done_at is None:
            self.gaps.silent_until(at_ms)

    def facts(self) -> dict[str, Any]:
        """What the framing shows, by the names of Facts."""
        return self.gaps.facts() | {
            "events": self.events,
            "first_event_ms": rounded(self.first_event_at),
            "comments": self._decoder.comments,
            "first_comment_ms": rounded(self.first_comment_at),
            "last_comment_ms": rounded(self.last_comment_at),
            "pings": self.pings,
            "empty_events": self.empty_events,
            "malformed_events": self.bad_frames,
            "malformed_at": self.malformed_at,
            "malformed_sample": self.malformed_sample,
            "invalid_utf8": self._decoder.invalid_lines,
            "unframed_lines": self.unframed,
            "unfinished": self.unfinished,
            "events_after_done": self.events_after_done,
            "bytes_after_done": self.bytes_after_done,
            "last_seen": self.last_seen,
        }

    def line_facts(self) -> dict[str, Any]:
        """The same of a body of bare JSON lines, which are its events."""
        return self.facts() | {
            "events": self.json_lines,
            "first_event_ms": rounded(self.first_line_at),
            "unframed_lines": 0,
        }

    @property
    def bad_frames(self) -> int:
        """Frames that no conforming parser can use, the oversized among them."""
        return self.malformed + self._decoder.oversized

    def error(self) -> ErrorSeen | None:
        """The error inside the stream, be it in an event or in bare text between events."""
        return self.answer.error or self.lines.error or find_error(_object_in(self._unframed_text))

    def _in_order(self, events: list[Event]) -> Iterable[Event | Aside]:
        """The events of a read, with the asides where they stood between them."""
        asides = self._decoder.take_asides()
        if not asides:
            return events
        numbered: list[tuple[int, int, Event | Aside]] = [(aside.before, 0, aside) for aside in asides]
        numbered += [(number, 1, event) for number, event in enumerate(events)]
        return [happening for _number, _kind, happening in sorted(numbered, key=itemgetter(0, 1))]

    def _take(self, event: Event, at_ms: float) -> None:
        if not event.data.strip():
            self.empty_events += 1
        elif self.answer.done_at is not None:
            self.events_after_done += 1
            self.bytes_after_done += len(event.data.encode())
        else:
            self._read(event, at_ms)

    def _read(self, event: Event, at_ms: float) -> None:
        seen = self._observed(event)
        if seen is None:
            self._count_malformed(event.data)
        elif seen.heartbeat:
            self.pings += 1
            self.last_seen = "ping"
            return
        else:
            self.answer.add(seen, at_ms)
        self.events += 1
        self.first_event_at = at_ms if self.first_event_at is None else self.first_event_at
        self.last_seen = _name_of(seen)

    def _observed(self, event: Event) -> Observed | None:
        """None for a frame in no shape at all."""
        if event.data.strip() == _DONE:
            return Observed(done=True)  # gateways send it after any protocol
        is_json, document = parsed(event.data)
        if not is_json:
            return Observed(error=ErrorSeen(message=event.data)) if event.event == "error" else None
        seen = self._dialect.read_event(event.event, document)
        if event.event == "error" and not seen.error:
            seen = Observed(error=describe_error(document))
        if seen.error and not self.error_document:
            self.error_document = document
        return seen if seen.known else None

    def _count_malformed(self, data: str) -> None:
        if not self.malformed:
            self.malformed_at = self.events
            self.malformed_sample = clipped(data, _SAMPLE)
        self.malformed += 1

    def _take_aside(self, aside: Aside, at_ms: float) -> None:
        if not aside.is_comment:
            self._take_unframed(aside.text, at_ms)
            return
        self.last_seen = "comment"
        self.first_comment_at = at_ms if self.first_comment_at is None else self.first_comment_at
        self.last_comment_at = at_ms

    def _take_unframed(self, line: str, at_ms: float) -> None:
        self.unframed += 1
        if self.answer.done_at is not None:
            self.bytes_after_done += len(line.encode())
        self._unframed_text = (self._unframed_text + line + "\n")[:_UNFRAMED_CHARS]
        document = mapping_of(parsed(line)[1])
        if document:
            self.json_lines += 1
            self.first_line_at = at_ms if self.first_line_at is None else self.first_line_at
            self.lines.add(self._dialect.read_event("message", document), at_ms)
        elif line.strip() == _DONE:
            self.lines.end(at_ms)


def _object_in(text: str) -> object:
    """The JSON object that stands in lines between the events, if they make one."""
    return parsed(text)[1] if text.lstrip().startswith("{") else None


def _name_of(seen: Observed | None) -> str:
    if seen is None:
        return "other"
    happenings = (
        ("error", seen.error),
        ("done", seen.done),
        ("finish", seen.finish_reason),
        ("text", seen.text),
        ("tool", seen.tool_calls or seen.tool_fragment),
        ("reasoning", seen.reasoning),
        ("usage", seen.usage and seen.empty_choices),
    )
    return next((name for name, happened in happenings if happened), "other")
