"""What an exchange tells about endpoints that behave, and about those that do not."""

import logging
import os
import threading
import time
import traceback

import pytest

from probes.net.exchange import Caps, Deadlines, Destination, PathUnusable, exchange
from probes.net.secret import SecretHeaders, SecretUnusable
from probes.wire.dialects.base import WireRequest
from probes.wire.facts import Failure
from probes.wire.moments import Chunk, Closed, Headers, Sending, Sent
from tests.probes.net.asking import AUTH, KEY, REQUEST, ask, ask_server, body, failure, headers, names
from tests.probes.net.servers import (
    CHUNKED,
    EMPTY,
    LAST_CHUNK,
    OK,
    answer,
    answer_then_hold,
    answer_then_reset,
    chunk,
    drip,
    flood,
    reset,
    served,
    silent,
)

TINY = Deadlines(connect_s=2, first_byte_s=0.3, idle_s=0.3, total_s=5)
HELLO = chunk(b"data: hello\n\n")


def test_a_good_answer_is_told_in_order_and_times_never_go_back():
    with served(answer(CHUNKED, HELLO, HELLO, LAST_CHUNK, before_each=0.02)) as server:
        moments = ask_server(server)

    assert names(moments) == [
        "Resolved", "Connected", "Sending", "Sent", "Headers", "Chunk", "Chunk", "Closed",
    ]  # fmt: skip
    times = [moment.at_ms for moment in moments]
    assert times == sorted(times)
    assert body(moments) == b"data: hello\n\n" * 2


def test_the_request_is_what_the_dialect_wrote_plus_what_http_needs():
    with served(answer(EMPTY)) as server:
        ask_server(server)

    assert server.received.decode() == (
        "POST /v1/chat/completions HTTP/1.1\r\n"
        f"host: {server.entry}\r\n"
        "accept-encoding: identity\r\n"
        "content-length: 13\r\n"
        "content-type: application/json\r\n"
        f"authorization: Bearer {KEY}\r\n"
        "\r\n"
        '{"model":"m"}'
    )


def test_a_request_may_ask_for_gzip_and_gets_the_raw_bytes():
    squeezed = b"\x1f\x8b\x08raw"
    gzip = WireRequest("GET", "/models", (("Accept-Encoding", "gzip"),), b"")
    with served(answer(OK + b"Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\n" + squeezed)) as server:
        moments = ask_server(server, request=gzip)

    assert server.received.count(b"ccept-") == 1
    assert b"content-length" not in server.received
    assert body(moments) == squeezed


def test_headers_are_told_as_they_came():
    with served(answer(b"HTTP/1.1 503 Nope\r\nX-Request-ID: r-1\r\nx-request-id: r-2\r\n\r\n")) as server:
        moments = ask_server(server)

    assert headers(moments) == Headers(
        headers(moments).at_ms, 503, "HTTP/1.1", (("X-Request-ID", "r-1"), ("x-request-id", "r-2"))
    )


def test_each_read_is_a_chunk_and_the_http_chunks_of_one_read_stay_together():
    with served(
        answer(CHUNKED, HELLO + HELLO, HELLO[:9], HELLO[9:] + LAST_CHUNK, before_each=0.05)
    ) as server:
        moments = ask_server(server)

    reads = [moment for moment in moments if isinstance(moment, Chunk)]
    assert [read.data for read in reads] == [b"data: hello\n\n" * 2, b"data: ", b"hello\n\n"]
    assert reads[1].at_ms - reads[0].at_ms > 30


def test_a_chunk_is_told_when_it_arrives_not_when_the_next_one_does():
    arrived = threading.Event()

    def script(conn, server):
        server.read_request(conn)
        conn.sendall(CHUNKED + HELLO)
        assert arrived.wait(5)
        conn.sendall(LAST_CHUNK)

    def emit(moment):
        if isinstance(moment, Chunk):
            arrived.set()

    with served(script) as server:
        exchange(
            REQUEST,
            to=Destination(base_url=f"http://{server.entry}", allowed_addresses=frozenset({server.entry})),
            secret_headers={},
            deadlines=TINY,
            emit=emit,
        )

    assert arrived.is_set()


LONG = OK + b"Content-Length: 100\r\n\r\n"
HEADER_DRIP = drip(b"HTTP/1.1 200 OK\r\nX: ", b"a", every=0.02)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param(answer(), Failure.NO_RESPONSE, id="closed without a word"),
        pytest.param(answer_then_reset(), Failure.RESET, id="reset without a word"),
        pytest.param(silent, Failure.FIRST_BYTE_TIMEOUT, id="silence"),
        pytest.param(HEADER_DRIP, Failure.FIRST_BYTE_TIMEOUT, id="header drip"),
        pytest.param(
            answer_then_hold(b"HTTP/1.1 200"), Failure.FIRST_BYTE_TIMEOUT, id="stall in the headers"
        ),
        pytest.param(answer_then_hold(CHUNKED), Failure.FIRST_BYTE_TIMEOUT, id="stall after the headers"),
        pytest.param(answer(b"HTTP/1.1 200 OK\r\nX: "), Failure.BAD_PROTOCOL, id="closed in the headers"),
        pytest.param(answer(b"SSH-2.0-OpenSSH_9.2\r\n"), Failure.BAD_PROTOCOL, id="another protocol"),
        pytest.param(answer(b"HTTP/1.1 abc OK\r\n\r\n"), Failure.BAD_PROTOCOL, id="bad status line"),
        pytest.param(answer(b"HTTP/1.1 200 OK\r\n: x\r\n\r\n"), Failure.BAD_PROTOCOL, id="bad header"),
        pytest.param(answer(OK + b"Content-Length: x\r\n\r\n"), Failure.BAD_PROTOCOL, id="bad length"),
        pytest.param(answer(CHUNKED + HELLO + b"zz\r\n"), Failure.BAD_PROTOCOL, id="bad chunk size"),
        pytest.param(
            answer(CHUNKED + b"5\r\nhelloworld"), Failure.BAD_PROTOCOL, id="chunk overruns its size"
        ),
        pytest.param(answer_then_hold(CHUNKED + HELLO), Failure.IDLE_TIMEOUT, id="stall between chunks"),
        pytest.param(answer_then_hold(CHUNKED + b"ff\r\nda"), Failure.IDLE_TIMEOUT, id="stall in a chunk"),
        pytest.param(answer_then_reset(CHUNKED + HELLO), Failure.RESET, id="reset between chunks"),
        pytest.param(answer(CHUNKED + HELLO), Failure.INCOMPLETE_BODY, id="closed between chunks"),
        pytest.param(answer(CHUNKED + b"ff\r\nda"), Failure.INCOMPLETE_BODY, id="closed in a chunk"),
        pytest.param(answer(LONG + b"short"), Failure.INCOMPLETE_BODY, id="shorter than its length"),
        pytest.param(answer(OK + b"\r\ndata: hel"), None, id="cut, but delimited by the close"),
        pytest.param(answer(OK + b"Content-Length: 2\r\n\r\nhello"), None, id="longer than its length"),
        pytest.param(answer(EMPTY), None, id="empty"),
        pytest.param(answer(b"HTTP/1.1 100 Continue\r\n\r\n", EMPTY), None, id="interim answer"),
        pytest.param(answer(b"HTTP/1.0 200 OK\r\n\r\nold"), None, id="HTTP/1.0"),
    ],
)
def test_each_fault_ends_in_its_name_and_in_time(script, expected):
    with served(script) as server:
        moments = ask_server(server, deadlines=TINY)

    assert failure(moments) is expected
    assert moments[-1].at_ms < 2000
    assert server.connections == 1


UPGRADE = WireRequest(
    "GET",
    "/realtime",
    (("connection", "Upgrade"), ("upgrade", "websocket"), ("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==")),
    b"",
)


def test_an_accepted_upgrade_is_where_the_exchange_ends():
    after = []

    def accept(conn, server):
        server.read_request(conn)
        conn.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n\x81\x05hello"
        )
        after.append(conn.recv(65536))

    with served(accept) as server:
        moments = ask_server(server, request=UPGRADE)

    assert names(moments)[-2:] == ["Headers", "Closed"]
    assert headers(moments).status == 101
    assert body(moments) == b""
    assert after == [b""]
    assert server.received.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("status", [b"200 OK", b"404 Not Found", b"426 Upgrade Required"])
def test_a_refused_upgrade_is_an_answer_like_any_other(status):
    refusal = b"HTTP/1.1 %s\r\nContent-Length: 2\r\n\r\nno" % status
    with served(answer(refusal)) as server:
        moments = ask_server(server, request=UPGRADE)

    assert headers(moments).status == int(status[:3])
    assert body(moments) == b"no"


def test_what_arrived_before_the_fault_is_kept():
    with served(answer(CHUNKED + HELLO + b"zz\r\n")) as server:
        moments = ask_server(server)

    assert names(moments)[-2:] == ["Chunk", "Failed"]
    assert body(moments) == b"data: hello\n\n"


@pytest.mark.parametrize(
    "script",
    [drip(CHUNKED, HELLO, every=0.02), drip(OK + b"\r\n", b":", every=0.02), drip(CHUNKED, b"0", every=0.02)],
    ids=["events", "single bytes", "an endless chunk size"],
)
def test_a_body_that_drips_for_ever_ends_at_the_total_deadline(script):
    with served(script) as server:
        moments = ask_server(server, deadlines=Deadlines(first_byte_s=2, idle_s=0.3, total_s=0.6))

    assert failure(moments) is Failure.TOTAL_TIMEOUT
    assert moments[-1].at_ms < 2000


def test_a_slow_first_token_after_quick_headers_is_not_idleness():
    with served(answer(CHUNKED, HELLO + LAST_CHUNK, before_each=0.25)) as server:
        moments = ask_server(server, deadlines=Deadlines(first_byte_s=2, idle_s=0.1))

    assert failure(moments) is None


def test_a_peer_that_takes_no_bytes_ends_at_the_first_byte_deadline():
    huge = WireRequest("POST", "/x", (), b"x" * 20_000_000)
    with served(silent) as server:
        moments = ask_server(server, request=huge, deadlines=TINY)

    assert names(moments) == ["Resolved", "Connected", "Sending", "Failed"]
    assert failure(moments) is Failure.FIRST_BYTE_TIMEOUT


def test_a_peer_that_resets_while_we_write_is_a_write_failure():
    huge = WireRequest("POST", "/x", (), b"x" * 20_000_000)

    def script(conn, server):
        conn.recv(1000)
        reset(conn)

    with served(script) as server:
        moments = ask_server(server, request=huge)

    assert names(moments) == ["Resolved", "Connected", "Sending", "Failed"]
    assert failure(moments) is Failure.WRITE_FAILED


def test_a_refusal_sent_before_the_request_was_read_is_heard():
    huge = WireRequest("POST", "/x", (), b"x" * 3_000_000)
    refusal = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"

    def script(conn, server):
        conn.recv(1000)
        conn.sendall(refusal)
        conn.shutdown(1)
        while conn.recv(1_000_000):
            pass

    with served(script) as server:
        moments = ask_server(server, request=huge)

    assert headers(moments).status == 413


KIB = 1024


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n", b"X-More: %s\r\n" % (b"a" * 1000), id="endless headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 1000, id="one endless header"),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="endless interim answers"),
        pytest.param(CHUNKED, chunk(b"a" * 4000), id="endless chunks"),
        pytest.param(OK + b"\r\n", b"a" * 4000, id="endless body"),
        pytest.param(OK + b"Content-Length: 99999999999\r\n\r\n", b"a" * 4000, id="huge counted body"),
        pytest.param(CHUNKED + b"5f5e100\r\n", b"a" * 4000, id="one huge chunk"),
    ],
)
def test_an_endless_answer_is_cut_at_its_cap(start, piece):
    with served(flood(start, piece)) as server:
        moments = ask_server(server, caps=Caps(body_bytes=200 * KIB))

    assert failure(moments) is Failure.TOO_LARGE
    assert len(body(moments)) <= 264 * KIB


def test_more_reads_than_allowed_are_cut():
    with served(drip(CHUNKED, HELLO, every=0.005)) as server:
        moments = ask_server(server, caps=Caps(body_reads=5))

    assert failure(moments) is Failure.TOO_LARGE
    assert names(moments).count("Chunk") in range(1, 7)


def test_every_exchange_has_its_own_connection():
    with served(answer_then_hold(OK + b"Content-Length: 0\r\n\r\n")) as server:
        ask_server(server)
        ask_server(server)

    assert server.connections == 2


@pytest.mark.parametrize("tail", [b"", b": bye\n\n"], ids=["silence", "more after the marker"])
def test_a_server_that_lingers_after_enough_is_left_in_good_order(tail):
    seen = []
    patience = Deadlines(idle_s=5, grace_s=0.2)
    marker = chunk(b"data: [DONE]\n\n")
    after = [chunk(tail)] if tail else []
    with served(answer_then_hold(CHUNKED, marker, *after, before_each=0.03)) as server:
        moments = ask_server(server, seen=seen, deadlines=patience, enough=lambda: b"[DONE]" in body(seen))

    assert failure(moments) is None
    assert body(moments).endswith(b"[DONE]\n\n" + tail)
    assert moments[-1] == Closed(moments[-2].at_ms)


def test_with_enough_a_proper_end_is_still_waited_for():
    seen = []
    with served(answer(CHUNKED, HELLO, LAST_CHUNK, before_each=0.05)) as server:
        moments = ask_server(server, seen=seen, enough=lambda: bool(body(seen)))

    assert failure(moments) is None
    assert moments[-1].at_ms - moments[-2].at_ms > 30


class Lost(Exception):
    pass


def raising_at(kind, error):
    def emit(moment):
        if isinstance(moment, kind):
            raise error

    return emit


def to(server):
    return Destination(base_url=f"http://{server.entry}/v1", allowed_addresses=frozenset({server.entry}))


def test_a_run_that_refuses_to_send_sends_nothing():
    def emit(moment):
        if isinstance(moment, Sending):
            assert server.accepted.wait(5)
            raise Lost

    def note_everything(conn, server):
        while data := conn.recv(65536):
            server.note(data)

    with served(note_everything) as server, pytest.raises(Lost):
        exchange(REQUEST, to=to(server), secret_headers=AUTH, emit=emit)

    assert server.received == b""


@pytest.mark.parametrize("kind", [Sending, Sent, Headers, Chunk, Closed])
@pytest.mark.parametrize("error", [OSError("disk full"), TimeoutError("database"), Lost()])
def test_what_the_caller_raises_is_not_blamed_on_the_endpoint(kind, error):
    with served(answer(CHUNKED, HELLO, LAST_CHUNK)) as server, pytest.raises(type(error)) as raised:
        exchange(REQUEST, to=to(server), secret_headers=AUTH, emit=raising_at(kind, error))

    assert raised.value is error


@pytest.mark.parametrize("kind", [Sending, Sent, Headers, Chunk, Closed])
def test_no_frame_of_a_traceback_shows_the_secret(kind):
    with served(answer(CHUNKED, HELLO, LAST_CHUNK)) as server, pytest.raises(Lost) as raised:
        exchange(REQUEST, to=to(server), secret_headers=SecretHeaders(AUTH), emit=raising_at(kind, Lost()))

    report = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    assert KEY not in "".join(report.format())
    assert "SecretHeaders(authorization=***)" in "".join(report.format())


def test_no_log_record_shows_the_secret_or_the_url(caplog):
    caplog.set_level(logging.DEBUG)
    with served(answer(CHUNKED, HELLO, LAST_CHUNK)) as server:
        ask_server(server)
    ask("https://169.254.169.254/v1")

    assert KEY not in caplog.text
    assert caplog.messages == ["probe refused by the address rules: address.metadata"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"secret_headers": {"x-api-key": KEY + "\r\n"}}, SecretUnusable),
        ({"request": WireRequest("GET", "/videos/a b", (), b"")}, PathUnusable),
        ({"request": WireRequest("GET", "/videos/任务", (), b"")}, PathUnusable),
        ({"request": WireRequest("GET", "/x HTTP/1.1\r\nA: b", (), b"")}, PathUnusable),
    ],
)
def test_a_request_that_cannot_be_sent_is_our_fault_and_nothing_is_connected(changed, error):
    with served(silent) as server, pytest.raises(error):
        ask_server(server, **changed)

    assert server.connections == 0


def test_a_secret_takes_the_place_of_a_header_of_the_same_name():
    request = WireRequest("GET", "/models", (("Authorization", "Bearer none"),), b"")
    with served(answer(EMPTY)) as server:
        ask_server(server, request=request)

    assert server.received.lower().count(b"authorization:") == 1
    assert KEY.encode() in server.received


def test_a_registered_address_that_is_no_longer_allowed_is_refused():
    for base_url in ("", "nonsense", "http://api.example.com", "https://user:word@api.example.com"):
        assert failure(ask(base_url)) is Failure.ADDRESS_REFUSED
    assert failure(ask("https://api.example.com", allowed={"169.254.169.254:80"})) is Failure.ADDRESS_REFUSED


def test_stalled_exchanges_do_not_hold_up_a_healthy_one():
    stalled = Deadlines(first_byte_s=1, idle_s=1, total_s=1)
    with served(silent) as stall, served(answer(CHUNKED, HELLO, LAST_CHUNK)) as healthy:
        threads = [
            threading.Thread(target=ask_server, args=(stall,), kwargs={"deadlines": stalled})
            for _ in range(100)
        ]
        for thread in threads:
            thread.start()
        started = time.monotonic()
        moments = ask_server(healthy)
        took = time.monotonic() - started
        for thread in threads:
            thread.join(10)

    assert failure(moments) is None
    assert took < 0.5


def test_an_exchange_leaves_no_thread_and_no_socket_behind():
    def left() -> tuple[int, int]:
        return threading.active_count(), len(os.listdir("/proc/self/fd"))

    before = left()
    for script in (answer_then_hold(CHUNKED + HELLO), answer(CHUNKED + HELLO), answer(CHUNKED + LAST_CHUNK)):
        with served(script) as server:
            ask_server(server, deadlines=TINY)

    assert left() == before
