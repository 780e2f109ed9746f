"""The event-stream algorithm of the WHATWG as it is written there, slow and plain: what ours must agree with.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

import re

from probes.wire.sse import Event

_LINE_END = re.compile(r"\r\n|\n|\r")
_DIGITS = re.compile(r"[0-9]{1,15}")  # the standard has no limit; ours stops at 30,000 years


def by_the_letter(raw: bytes) -> list[Event]:
    """The events of a whole stream. An event's `retry` is what a line of that event itself named."""
    text = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")  # "UTF-8 decode"
    *lines, _never_ended = _LINE_END.split(text)
    events = []
    data_buffer, event_type_buffer, last_event_id_buffer, retry = "", "", "", None
    for line in lines:
        if line == "":  # dispatch the event
            if data_buffer != "":
                data = data_buffer.removesuffix("\n")
                events.append(Event(event_type_buffer or "message", data, last_event_id_buffer, retry))
            data_buffer, event_type_buffer, retry = "", "", None
            continue
        if line.startswith(":"):
            continue
        field, _colon, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            event_type_buffer = value
        elif field == "data":
            data_buffer += value + "\n"
        elif field == "id" and "\0" not in value:
            last_event_id_buffer = value
        elif field == "retry" and _DIGITS.fullmatch(value):
            retry = int(value)
    return events
