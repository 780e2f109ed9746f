"""An endpoint that never ends takes no more memory than one that does."""

import tracemalloc

import pytest

from probes.wire.dialects.table import DIALECTS
from probes.wire.moments import Chunk, Headers
from tests.fuzz.bearing import assert_storable
from tests.probes.wire.attempts import reader

MEGABYTE = 1 << 20
SENT = 4 * MEGABYTE  # twice what an exchange reads at most
BOUND = 8 * MEGABYTE  # of what is allocated at once: a body of 2 MiB, a line of 1 MiB, and copies of both

_DELTA = b'{"choices":[{"index":0,"delta":{"content":"%d some text","reasoning":"r"}}]}'
ENDLESS = {
    "one line": b"x" * 65536,
    "one event of many lines": b"data: " + b"x" * 200 + b"\n",
    "empty data lines": b"data\n",
    "comments": b": ping\n",
    "text between events": b"no field at all\n",
    "blank lines": b"\n\r\n\r",
    "deltas": b"data: " + _DELTA + b"\n\n",
    "bare JSON lines": _DELTA + b"\n",
    "errors": b'data: {"error":{"message":"' + b"m" * 3000 + b'"}}\n\n',
    "ids": b"id: " + b"7" * 1000 + b"\n",
    "broken JSON": b"data: {" + b"x" * 1000 + b"\n\n",
    "one JSON document": b"[" + b"1," * 1000,
    "after the end": b"data: [DONE]\n\ndata: late\n\nnoise\n",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_a_body_without_end_stays_within_bounds(name):
    piece = ENDLESS[name]
    read = piece * (65536 // len(piece))
    taking = reader()
    taking.take(Headers(50, 200, "HTTP/1.1", (("content-type", "text/event-stream"),)))

    tracemalloc.start()
    for number in range(SENT // len(read)):
        taking.take(Chunk(60.0 + number, read))
    assert_storable(taking.facts())
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < BOUND


@pytest.mark.parametrize("name", DIALECTS)
def test_facts_of_a_long_stream_stay_small(name):
    taking = reader(dialect=name)
    taking.take(Headers(50, 200, "HTTP/1.1", tuple((f"x-{n}", "v" * 9000) for n in range(5000))))

    for number in range(10_000):
        taking.take(Chunk(60.0 + 20 * number, b"data: " + _DELTA % number + b"\n\n"))

    assert len(str(taking.facts().as_dict())) < 64 * 1024
