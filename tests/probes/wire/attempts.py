"""Builds transcripts of attempts and reads them into facts."""

import json
from datetime import UTC, datetime

from probes.wire.dialects.table import DIALECTS
from probes.wire.moments import Chunk, Closed, Connected, Headers, Resolved, Sending, Sent, TlsDone
from probes.wire.reader import Reader, read_facts

WALL_START = datetime(2026, 11, 21, 12, tzinfo=UTC)
STREAM_TYPE = "text/event-stream; charset=utf-8"


def transcript(*chunks, status=200, content_type=STREAM_TYPE, headers=(), end=None, every_ms=50.0):
    """A whole attempt: headers at 100 ms, then a read every 50 ms, closed 10 ms after the last."""
    fields = (*((("Content-Type", content_type),) if content_type else ()), *headers)
    moments = [
        Resolved(1, ("192.0.2.1",)),
        Connected(2, "192.0.2.1"),
        TlsDone(3, "TLSv1.3"),
        Sending(3.5),
        Sent(4),
        Headers(100, status, "HTTP/1.1", fields),
    ]
    at_ms = 100.0
    for chunk in chunks:
        at_ms += every_ms
        moments.append(Chunk(at_ms, chunk))
    return [*moments, end or Closed(at_ms + 10)]


def read(*chunks, step="stream", dialect="openai_chat", **options):
    moments = transcript(*chunks, **options)
    return read_facts(moments, step=step, dialect=DIALECTS[dialect], wall_start=WALL_START)


def read_json(document, *, step="control", **options):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return read(body, step=step, content_type="application/json", **options)


def reader(*, step="stream", dialect="openai_chat"):
    return Reader(step=step, dialect=DIALECTS[dialect], wall_start=WALL_START)
