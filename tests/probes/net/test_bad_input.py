"""What no endpoint should send: each ends in a named fact, within its deadline and cap, in bounded memory.

Real sockets, the real exchange and the real reader together: what is asserted is what a verdict would see.
"""

import contextlib
import gzip
import json
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from probes.net.exchange import Caps, Deadlines
from probes.wire.dialects.base import WireRequest
from probes.wire.dialects.table import DIALECTS
from probes.wire.facts import BodyKind, EndMode, Facts, Failure
from probes.wire.reader import read_facts
from tests.probes.net import http2_servers as http2
from tests.probes.net.asking import REQUEST, ask_server
from tests.probes.net.servers import (
    CHUNKED,
    EMPTY,
    LAST_CHUNK,
    OK,
    Script,
    Served,
    answer,
    answer_then_hold,
    chunk,
    drip,
    flood,
    served,
)

AMPLE = Deadlines(connect_s=5, first_byte_s=5, idle_s=5, total_s=10)
# A byte a second against the usual deadlines, scaled down fifty times.
SHORT_HEADERS = Deadlines(connect_s=5, first_byte_s=0.4, total_s=5)
SHORT_SILENCE = Deadlines(connect_s=5, first_byte_s=5, idle_s=0.3, total_s=5)
SHORT_WHOLE = Deadlines(connect_s=5, first_byte_s=5, idle_s=5, total_s=0.5)
MIB = 1 << 20
USUAL = Caps(body_reads=5000)
SMALL = Caps(body_bytes=MIB // 8)  # where a body of many small things would take the test seconds
MEMORY = 20 * MIB  # at most, beside what the process holds anyway: copies of 2 MiB of body as text and JSON
STORED = 256 * 1024  # characters of facts at most
EVENT = b'data: {"choices":[{"delta":{"content":"hello"}}]}\n\n'
JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
GZIPPED = WireRequest("POST", "/chat/completions", (("accept-encoding", "gzip"),), REQUEST.body)


@dataclass(frozen=True)
class Bad:
    """A misbehaving endpoint, and the facts that name what it does."""

    script: Script
    facts: dict[str, Any]
    deadlines: Deadlines = AMPLE
    request: WireRequest = REQUEST
    http2: bool = False
    caps: Caps = USUAL
    check: Callable[[Facts], bool] = field(default=lambda facts: True)


def too_large(cap: str, **facts: Any) -> dict[str, Any]:
    return {"failure": Failure.TOO_LARGE, "failure_detail": f"cap: {cap}"} | facts


def not_http(detail: str, **facts: Any) -> dict[str, Any]:
    return {"failure": Failure.BAD_PROTOCOL, "failure_detail": detail} | facts


def ended(**facts: Any) -> dict[str, Any]:
    return {"failure": None, "failure_detail": ""} | facts


CAPPED = too_large("body_bytes", status=200, end_mode=EndMode.CAPPED)
HEADERS_CAPPED = too_large("header_bytes", status=None)


def zeros(size: int) -> bytes:
    packer = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    return b"".join(packer.compress(bytes(MIB)) for _ in range(size // MIB)) + packer.flush()


def gzip_answer(body: bytes) -> Script:
    return answer(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def counted(*lengths: str, body: bytes = EVENT) -> Script:
    lines = "".join(f"Content-Length: {length}\r\n" for length in lengths)
    return answer(OK + lines.encode() + b"\r\n" + body)


def json_answer(body: bytes, charset: str = "", status: bytes = b"200 OK") -> Script:
    kind = f"application/json{'; charset=' + charset if charset else ''}".encode()
    return answer(
        b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (status, kind, len(body)) + body
    )


REFUSAL = '{"error":{"message":"余额不足，请充值","type":"insufficient_quota"}}'

ENDLESS = {
    "endless headers": Bad(flood(b"HTTP/1.1 200 OK\r\n", b"X-More: %s\r\n" % (b"a" * 900)), HEADERS_CAPPED),
    "one endless header": Bad(flood(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 900), HEADERS_CAPPED),
    "an endless reason": Bad(flood(b"HTTP/1.1 200 ", b"a" * 900), HEADERS_CAPPED),
    "an endless body": Bad(flood(OK + b"\r\n", EVENT * 50), CAPPED, caps=SMALL),
    "endless chunks of one byte": Bad(flood(CHUNKED, chunk(b"a") * 900), CAPPED, caps=SMALL),
    "one event of 100 MB": Bad(
        flood(CHUNKED + b"5f5e106\r\ndata: ", b"a" * 65_536), CAPPED, check=lambda facts: facts.events == 0
    ),
    "one event of 100 MB, counted": Bad(
        flood(OK + b"Content-Length: 100000006\r\n\r\ndata: ", b"a" * 65_536), CAPPED
    ),
    "one JSON document of 100 MB": Bad(
        flood(JSON + b'Content-Length: 100000000\r\n\r\n{"a":"', b"a" * 65_536),
        CAPPED | {"body_kind": BodyKind.OTHER},
    ),
    "endless interim answers": Bad(flood(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 30), HEADERS_CAPPED),
    "endless trailers": Bad(
        flood(CHUNKED + chunk(EVENT) + b"0\r\n", b"X-Trailer: 1\r\n" * 50),
        {"failure": Failure.TOO_LARGE, "status": 200, "end_mode": EndMode.CAPPED, "events": 1},
    ),
    "an endless chunk extension": Bad(
        flood(CHUNKED + chunk(EVENT) + b"5;x=", b"a" * 900),
        {"failure": Failure.TOO_LARGE, "status": 200, "end_mode": EndMode.CAPPED, "events": 1},
    ),
    "endless empty events": Bad(flood(OK + b"\r\n", b"data:\n\n" * 900), CAPPED | {"events": 0}, caps=SMALL),
    "endless comments": Bad(flood(OK + b"\r\n", b":\n" * 900), CAPPED | {"events": 0}, caps=SMALL),
    "endless empty lines": Bad(flood(OK + b"\r\n", b"\r\n" * 900), CAPPED | {"events": 0}, caps=SMALL),
    "endless fields of one event": Bad(flood(OK + b"\r\n", b"data: a\n" * 900), CAPPED | {"events": 0}),
    "more reads than anyone needs": Bad(
        drip(OK + b"\r\n", b"data: 1\n\n", every=0.0001),
        {"failure": Failure.TOO_LARGE, "failure_detail": "cap: body_reads", "end_mode": EndMode.CAPPED},
        caps=Caps(body_reads=200),
    ),
}

SLOW = {
    "a byte a second of the headers": Bad(
        drip(b"HTTP/1.1 200 OK\r\nX: ", b"a", every=0.02),
        {"failure": Failure.FIRST_BYTE_TIMEOUT, "status": None, "end_mode": EndMode.NO_BODY},
        SHORT_HEADERS,
    ),
    "a byte a second of the body": Bad(
        drip(OK + b"\r\n", b"a", every=0.02),
        {"failure": Failure.TOTAL_TIMEOUT, "status": 200, "end_mode": EndMode.TOTAL_TIMEOUT},
        SHORT_WHOLE,
    ),
    "a heartbeat a second": Bad(
        drip(CHUNKED, chunk(b": ping\n\n"), every=0.02),
        {"failure": Failure.TOTAL_TIMEOUT, "end_mode": EndMode.TOTAL_TIMEOUT, "events": 0},
        SHORT_WHOLE,
    ),
    "a byte a second of a chunk's size": Bad(
        drip(CHUNKED + chunk(EVENT), b"0", every=0.02),
        {"failure": Failure.TOTAL_TIMEOUT, "end_mode": EndMode.TOTAL_TIMEOUT, "events": 1},
        SHORT_WHOLE,
    ),
    "100 Continue for ever": Bad(
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n", every=0.02),
        {"failure": Failure.FIRST_BYTE_TIMEOUT, "status": None},
        SHORT_HEADERS,
    ),
    "an event, then silence": Bad(
        answer_then_hold(CHUNKED + chunk(EVENT)),
        {"failure": Failure.IDLE_TIMEOUT, "end_mode": EndMode.IDLE_TIMEOUT, "events": 1},
        SHORT_SILENCE,
    ),
}

STATUS_LINE = "http1: illegal status line"

NONSENSE = {
    "no HTTP": Bad(answer(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), not_http(STATUS_LINE, status=None)),
    "HTTP/0.9": Bad(answer(b"<html>hello</html>\r\n\r\n"), not_http(STATUS_LINE, status=None)),
    "a status in words": Bad(answer(b"HTTP/1.1 OK\r\n\r\n"), not_http(STATUS_LINE, status=None)),
    "a status of five digits": Bad(answer(b"HTTP/1.1 20000 OK\r\n\r\n"), not_http(STATUS_LINE, status=None)),
    "a negative status": Bad(answer(b"HTTP/1.1 -20 OK\r\n\r\n"), not_http(STATUS_LINE, status=None)),
    "status 999": Bad(
        answer(b"HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n"),
        ended(status=999, end_mode=EndMode.NO_BODY),
    ),
    "status 000": Bad(
        answer(b"HTTP/1.1 000 Zero\r\n\r\n"), {"failure": Failure.BAD_PROTOCOL, "status": None}
    ),
    "a header with NUL": Bad(
        answer(OK + b"X-A: a\0b\r\n\r\n"), not_http("http1: illegal header line", status=None)
    ),
    "a header without a name": Bad(answer(OK + b": a\r\n\r\n"), not_http("http1: illegal header line")),
    "a body longer than its length": Bad(
        counted("20"), ended(end_mode=EndMode.CLEAN_EOF, body_bytes=20, done_seen=False)
    ),
    "a body shorter than its length": Bad(
        counted("999"),
        {"failure": Failure.INCOMPLETE_BODY, "end_mode": EndMode.INCOMPLETE, "events": 1},
    ),
    "two lengths": Bad(counted("5", "6"), not_http("http1: conflicting Content-Length headers")),
    "two lengths in one": Bad(counted("5, 6"), not_http("http1: conflicting Content-Length headers")),
    "a negative length": Bad(counted("-1"), not_http("http1: bad Content-Length")),
    "a length in words": Bad(counted("many"), not_http("http1: bad Content-Length")),
    "a length of 30 digits": Bad(counted("9" * 30), not_http("http1: bad Content-Length")),
    "a length beside chunks": Bad(
        answer(CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n") + chunk(EVENT) + LAST_CHUNK),
        ended(status=200, events=1),
    ),
    "a chunk size in words": Bad(
        answer(CHUNKED + chunk(EVENT) + b"zz\r\n"),
        not_http("http1: illegal chunk header", end_mode=EndMode.INCOMPLETE, events=1),
    ),
    "a negative chunk size": Bad(
        answer(CHUNKED + chunk(EVENT) + b"-5\r\n"),
        not_http("http1: illegal chunk header", end_mode=EndMode.INCOMPLETE, events=1),
    ),
    "a chunk size of 30 digits": Bad(
        answer(CHUNKED + chunk(EVENT) + b"f" * 30 + b"\r\n"),
        not_http("http1: illegal chunk header", end_mode=EndMode.INCOMPLETE, events=1),
    ),
    "a chunk that says less than it holds": Bad(
        answer(CHUNKED + b"3\r\n" + EVENT), {"failure": Failure.BAD_PROTOCOL, "end_mode": EndMode.INCOMPLETE}
    ),
    "a chunk cut off": Bad(
        answer(CHUNKED + chunk(EVENT) + b"ff\r\ndata"),
        {"failure": Failure.INCOMPLETE_BODY, "end_mode": EndMode.INCOMPLETE, "events": 1},
    ),
    "another transfer coding": Bad(
        answer(OK + b"Transfer-Encoding: gzip\r\n\r\n"), {"failure": Failure.BAD_PROTOCOL, "status": None}
    ),
    "an upgrade that nobody asked for": Bad(
        answer(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
        {"failure": Failure.BAD_PROTOCOL, "status": None},
    ),
}

CODED = {
    "a bomb of gzip": Bad(
        gzip_answer(zeros(200 * MIB)),
        ended(decode_problem="cap", content_encoding="gzip", end_mode=EndMode.CLEAN_EOF),
        request=GZIPPED,
        check=lambda facts: facts.body_bytes < 300_000,
    ),
    "a bomb of gzip in an event": Bad(
        gzip_answer(gzip.compress(b"data: ") + zeros(100 * MIB)),
        ended(decode_problem="cap", events=0),
        request=GZIPPED,
    ),
    "a bomb of a million gzip members": Bad(
        gzip_answer(gzip.compress(b"") * 50_000), ended(end_mode=EndMode.CLEAN_EOF), request=GZIPPED
    ),
    "a bomb of gzip without end": Bad(
        flood(OK + b"Content-Encoding: gzip\r\n\r\n" + zeros(20 * MIB)[:-20], b"\0" * 65_536),
        CAPPED,
        request=GZIPPED,
    ),
    "gzip that is none": Bad(gzip_answer(EVENT), ended(decode_problem="corrupt", events=0), request=GZIPPED),
    "an event in gzip": Bad(
        gzip_answer(gzip.compress(EVENT)), ended(decode_problem="", events=1), request=GZIPPED
    ),
    "a coding that nobody asked for": Bad(
        answer(OK + b"Content-Encoding: br\r\nContent-Length: 3\r\n\r\nabc"),
        ended(decode_problem="unsupported", content_encoding="br"),
    ),
    "a refusal in GB18030": Bad(
        json_answer(REFUSAL.encode("gb18030"), "gb18030", b"403 Forbidden"),
        ended(status=403, error_message="余额不足，请充值", body_kind=BodyKind.JSON_ERROR),
    ),
    "a refusal in GB18030 that does not say so": Bad(
        json_answer(REFUSAL.encode("gb18030"), "", b"403 Forbidden"),
        ended(status=403, body_kind=BodyKind.JSON_ERROR, error_type="insufficient_quota"),
    ),
    "a refusal in UTF-16": Bad(
        json_answer(REFUSAL.encode("utf-16"), "utf-16", b"403 Forbidden"),
        ended(status=403),
        check=lambda facts: "余额不足" in facts.error_message,
    ),
    "events in GB18030": Bad(
        answer(OK + b"\r\n" + EVENT.replace(b"hello", "余额不足".encode("gb18030"))),
        ended(end_mode=EndMode.CLEAN_EOF),
        check=lambda facts: facts.invalid_utf8 > 0 and facts.events == 1,
    ),
    "events in UTF-16": Bad(
        answer(OK + b"\r\n" + EVENT.decode().encode("utf-16")),
        ended(end_mode=EndMode.CLEAN_EOF, events=0, done_seen=False),
    ),
    **{
        f"the charset {name}": Bad(json_answer(REFUSAL.encode(), name, b"403 Forbidden"), ended(status=403))
        for name in ("idna", "punycode", "undefined", "hex", "rot13", "utf-7", "unicode_escape", "nonsense")
    },
    "a megabyte in punycode": Bad(
        json_answer(b"{" + b"a" * MIB, "punycode", b"403 Forbidden"),
        ended(status=403, body_kind=BodyKind.OTHER),
    ),
    "JSON a million deep": Bad(json_answer(b"[" * MIB), ended(status=200, body_kind=BodyKind.OTHER)),
    "a number of 5,000 digits": Bad(
        json_answer(b'{"choices":[],"created":%s}' % (b"9" * 5000)), ended(status=200)
    ),
    "a number of 5,000 digits in an event": Bad(
        answer(OK + b"\r\n" + b'data: {"choices":[],"created":%s}\n\n' % (b"9" * 5000)), ended(status=200)
    ),
}

HTTP2 = {
    "HTTP/2: RST_STREAM before the answer": Bad(
        http2.Speaking(http2.reset_stream(2)),
        {"failure": Failure.RESET, "failure_detail": "http2: INTERNAL_ERROR", "status": None, "sent": True},
        http2=True,
    ),
    "HTTP/2: RST_STREAM in the body": Bad(
        http2.Speaking(http2.headers() + http2.data(EVENT) + http2.reset_stream(2)),
        {
            "failure": Failure.RESET,
            "failure_detail": "http2: INTERNAL_ERROR",
            "end_mode": EndMode.RESET,
            "events": 1,
            "http_version": "HTTP/2",
        },
        http2=True,
    ),
    "HTTP/2: GOAWAY in the body": Bad(
        http2.Speaking(http2.headers() + http2.data(EVENT) + http2.goaway(11)),
        {
            "failure": Failure.RESET,
            "failure_detail": "http2: GOAWAY ENHANCE_YOUR_CALM",
            "end_mode": EndMode.RESET,
            "events": 1,
        },
        http2=True,
    ),
    "HTTP/2: a bomb of headers": Bad(
        http2.Speaking(http2.headers([(":status", "200"), *[("x-bomb", "a" * 3000)] * 1000])),
        HEADERS_CAPPED,
        http2=True,
    ),
    "HTTP/2: endless empty frames": Bad(
        http2.Speaking(http2.headers(), then=http2.repeat(http2.data() * 500)),
        CAPPED,
        http2=True,
        caps=Caps(body_bytes=20_000),
    ),
    "HTTP/2: an endless body": Bad(
        http2.Speaking(http2.headers(), then=http2.repeat(http2.data(EVENT * 50))),
        CAPPED,
        http2=True,
        caps=SMALL,
    ),
    "HTTP/2: a server that speaks none": Bad(
        answer(b"HTTP/1.1 505 HTTP Version Not Supported\r\n\r\n"),
        not_http("server does not offer h2", status=None),
        http2=True,
    ),
}

TABLE = ENDLESS | SLOW | NONSENSE | CODED | HTTP2


@contextlib.contextmanager
def memory_used() -> Iterator[Callable[[], int]]:
    """The peak of what was allocated since, the servers' own part included."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def facts_from(server: Served, bad: Bad) -> Facts:
    moments = ask_server(server, request=bad.request, deadlines=bad.deadlines, caps=bad.caps, http2=bad.http2)
    return read_facts(moments, step="stream", dialect=DIALECTS["openai_chat"], wall_start=datetime.now(UTC))


@pytest.mark.parametrize("bad", TABLE.values(), ids=TABLE.keys())
def test_it_ends_in_a_named_fact_in_time_and_in_bounded_memory(bad):
    with served(bad.script) as server, memory_used() as peak:
        facts = facts_from(server, bad)
        used = peak()

    seen = {name: getattr(facts, name) for name in bad.facts}
    assert seen == bad.facts
    assert bad.check(facts)
    assert facts.total_ms < bad.deadlines.total_s * 1000 + 500
    assert facts.body_bytes <= bad.caps.body_bytes + 65_536
    assert used < MEMORY
    assert len(json.dumps(facts.as_dict())) < STORED
    assert server.connections == 1


def test_of_100_redirects_the_first_is_the_finding_and_none_is_followed():
    with contextlib.ExitStack() as chain:
        target = "http://169.254.169.254/latest/meta-data/"
        servers = []
        for _ in range(100):
            move = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()
            servers.append(chain.enter_context(served(answer(move))))
            target = f"http://{servers[-1].entry}/v1/chat/completions"
        first, others = servers[-1], servers[:-1]
        facts = facts_from(first, Bad(answer(EMPTY), {}))

    assert facts.status == 302
    assert facts.failure is None
    assert facts.location.startswith(f"http://{others[-1].entry}/")
    assert first.connections == 1
    assert sum(server.connections for server in others) == 0
