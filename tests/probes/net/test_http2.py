"""What an exchange in HTTP/2 tells: the same moments, and faults under the protocol's own names."""

import threading
import time
import traceback

import pytest
from h2.errors import ErrorCodes
from hyperframe.frame import PingFrame

from probes.net.exchange import Caps, Deadlines, Destination, exchange
from probes.wire.dialects.base import WireRequest
from probes.wire.facts import Failure
from probes.wire.moments import Chunk, Closed, Headers, Sending, Sent
from tests.probes.net import servers
from tests.probes.net.asking import AUTH, KEY, REQUEST, ask, ask_server, body, detail, failure, names
from tests.probes.net.asking import headers as headers_of
from tests.probes.net.authority import Authority
from tests.probes.net.http2_servers import (
    EVENTS,
    Speaking,
    continuation,
    data,
    frames_in,
    goaway,
    headers,
    ping,
    repeat,
    reset_stream,
    settings,
)
from tests.probes.net.servers import hold, served, silent

AMPLE = Deadlines(connect_s=5, first_byte_s=5, idle_s=5, total_s=10)
TINY = Deadlines(connect_s=2, first_byte_s=0.5, idle_s=0.3, total_s=5)
WAITED_FOR = (Failure.FIRST_BYTE_TIMEOUT, Failure.IDLE_TIMEOUT)
HELLO = data(b"data: hello\n\n")
END = data(end=True)
KIB = 1024


def ask_http2(server, **kwargs):
    return ask_server(server, http2=True, **kwargs)


def test_a_good_answer_is_told_in_the_same_moments_as_over_http1():
    with served(Speaking(headers(), HELLO, HELLO + END, before_each=0.03)) as server:
        moments = ask_http2(server)

    assert names(moments) == [
        "Resolved", "Connected", "Sending", "Sent", "Headers", "Chunk", "Chunk", "Closed",
    ]  # fmt: skip
    times = [moment.at_ms for moment in moments]
    assert times == sorted(times)
    assert headers_of(moments) == Headers(
        headers_of(moments).at_ms, 200, "HTTP/2", (("content-type", "text/event-stream"),)
    )
    assert body(moments) == b"data: hello\n\n" * 2
    assert server.connections == 1


def test_the_request_is_what_the_dialect_wrote_in_the_words_of_http2():
    request = WireRequest("POST", "/chat", (("Content-Type", "application/json"),), b"{}")
    with served(speaking := Speaking(headers(end=True))) as server:
        moments = ask_http2(server, request=request)

    assert names(moments)[-2:] == ["Headers", "Closed"]
    assert speaking.bodies == [b"{}"]
    assert speaking.requests == [
        {
            ":method": "POST",
            ":scheme": "http",
            ":authority": server.entry,
            ":path": "/v1/chat",
            "accept-encoding": "identity",
            "content-length": "2",
            "content-type": "application/json",
            "authorization": f"Bearer {KEY}",
        }
    ]


def test_a_request_without_a_body_ends_with_its_headers():
    with served(speaking := Speaking(headers(end=True))) as server:
        moments = ask_http2(server, request=WireRequest("GET", "/models", (), b""))

    assert names(moments) == ["Resolved", "Connected", "Sending", "Sent", "Headers", "Closed"]
    assert "content-length" not in speaking.requests[0]


def test_the_frames_of_one_read_are_one_chunk():
    with served(Speaking(headers(), HELLO + HELLO, HELLO[:12], HELLO[12:] + END, before_each=0.05)) as server:
        moments = ask_http2(server)

    reads = [moment for moment in moments if isinstance(moment, Chunk)]
    assert [read.data for read in reads] == [b"data: hello\n\n" * 2, b"data: hello\n\n"]
    assert reads[1].at_ms - reads[0].at_ms > 80


def test_a_chunk_is_told_when_it_arrives_not_when_the_next_one_does():
    arrived = threading.Event()

    def finish(conn, server):
        assert arrived.wait(5)
        conn.sendall(END)

    def emit(moment):
        if isinstance(moment, Chunk):
            arrived.set()

    with served(Speaking(headers() + HELLO, then=finish)) as server:
        exchange(REQUEST, to=to(server), secret_headers={}, deadlines=TINY, emit=emit, http2=True)

    assert arrived.is_set()


HTTP1 = servers.answer(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
OFFERS_NONE = "server does not offer h2"
CUT = "http2: closed before END_STREAM"


def numbered(length):
    return headers([*EVENTS, ("content-length", str(length))])


@pytest.mark.parametrize(
    ("script", "expected", "why"),
    [
        pytest.param(Speaking(reset_stream(2)), Failure.RESET, "http2: INTERNAL_ERROR", id="reset at once"),
        pytest.param(Speaking(reset_stream(7)), Failure.RESET, "http2: REFUSED_STREAM", id="refused"),
        pytest.param(
            Speaking(headers() + HELLO + reset_stream(2)), Failure.RESET, "http2: INTERNAL_ERROR", id="reset"
        ),
        pytest.param(
            Speaking(headers() + HELLO + reset_stream(0)),
            Failure.RESET,
            "http2: NO_ERROR",
            id="reset politely",
        ),
        pytest.param(
            Speaking(headers() + reset_stream(0x1234)), Failure.RESET, "http2: 0x1234", id="an unknown code"
        ),
        pytest.param(
            Speaking(goaway(ErrorCodes.ENHANCE_YOUR_CALM)),
            Failure.RESET,
            "http2: GOAWAY ENHANCE_YOUR_CALM",
            id="goaway",
        ),
        pytest.param(
            Speaking(headers() + HELLO + goaway(ErrorCodes.INTERNAL_ERROR)),
            Failure.RESET,
            "http2: GOAWAY INTERNAL_ERROR",
            id="goaway in the body",
        ),
        pytest.param(
            Speaking(goaway(last=0)), Failure.RESET, "http2: GOAWAY NO_ERROR", id="drained before our stream"
        ),
        pytest.param(
            Speaking(headers() + goaway() + HELLO), Failure.INCOMPLETE_BODY, CUT, id="drained, then cut"
        ),
        pytest.param(Speaking(), Failure.NO_RESPONSE, CUT, id="closed without a word"),
        pytest.param(servers.answer(), Failure.NO_RESPONSE, CUT, id="closed without any frame"),
        pytest.param(Speaking(headers() + HELLO), Failure.INCOMPLETE_BODY, CUT, id="closed in the body"),
        pytest.param(Speaking(headers() + HELLO[:12]), Failure.INCOMPLETE_BODY, CUT, id="closed in a frame"),
        pytest.param(
            Speaking(headers() + HELLO, then=lambda conn, _: (time.sleep(0.1), servers.reset(conn))),
            Failure.RESET,
            "ECONNRESET",
            id="connection reset",
        ),
        pytest.param(HTTP1, Failure.BAD_PROTOCOL, OFFERS_NONE, id="a server of HTTP/1.1"),
        pytest.param(
            servers.answer(b"SSH-2.0-OpenSSH_9.2\r\n"),
            Failure.BAD_PROTOCOL,
            "http2: FRAME_SIZE_ERROR",
            id="another protocol",
        ),
        pytest.param(
            Speaking(headers() + b"\xff\xff\xff\x00\x00\x00\x00\x00\x01"),
            Failure.BAD_PROTOCOL,
            "http2: FRAME_SIZE_ERROR",
            id="a frame of 16 MB",
        ),
        pytest.param(
            Speaking(headers([("content-type", "a/b")])),
            Failure.BAD_PROTOCOL,
            "http2: PROTOCOL_ERROR",
            id="no status",
        ),
        pytest.param(
            Speaking(headers([(":status", "20000")])),
            Failure.BAD_PROTOCOL,
            "http2: illegal status",
            id="huge status",
        ),
        pytest.param(
            Speaking(headers([*EVENTS, ("x-a", "a\0b")])),
            Failure.BAD_PROTOCOL,
            "http2: PROTOCOL_ERROR",
            id="header with NUL",
        ),
        pytest.param(
            Speaking(headers() + headers(stream=2)),
            Failure.BAD_PROTOCOL,
            "http2: PROTOCOL_ERROR",
            id="another stream",
        ),
        pytest.param(
            Speaking(numbered(100) + HELLO + END),
            Failure.INCOMPLETE_BODY,
            "http2: body of 13 bytes, announced 100",
            id="shorter than its length",
        ),
        pytest.param(
            Speaking(numbered(5) + HELLO + END),
            Failure.BAD_PROTOCOL,
            "http2: body of 13 bytes, announced 5",
            id="longer than its length",
        ),
        pytest.param(Speaking(then=hold), Failure.FIRST_BYTE_TIMEOUT, "", id="silence"),
        pytest.param(silent, Failure.FIRST_BYTE_TIMEOUT, "", id="silence from the start"),
        pytest.param(
            Speaking(headers(), then=hold), Failure.FIRST_BYTE_TIMEOUT, "", id="stall after headers"
        ),
        pytest.param(
            Speaking(headers() + HELLO, then=hold), Failure.IDLE_TIMEOUT, "", id="stall in the body"
        ),
        pytest.param(
            Speaking(headers() + HELLO, then=repeat(ping(), every=0.02)),
            Failure.IDLE_TIMEOUT,
            "",
            id="pings are no sign of life",
        ),
        pytest.param(
            Speaking(headers() + HELLO, then=repeat(data(), every=0.02)),
            Failure.IDLE_TIMEOUT,
            "",
            id="nor are empty frames",
        ),
        pytest.param(Speaking(headers() + goaway() + HELLO + END), None, "", id="drained, and finished"),
        pytest.param(
            Speaking(headers([(":status", "103")]) + headers() + END), None, "", id="interim answer"
        ),
        pytest.param(
            Speaking(headers() + HELLO + headers([("x-cost", "1")], end=True)), None, "", id="trailers"
        ),
        pytest.param(
            Speaking(settings(MAX_CONCURRENT_STREAMS=0) + ping() + headers() + END), None, "", id="settings"
        ),
        pytest.param(
            Speaking(b"\0\0\x02\xee\0\0\0\0\0hi" + headers() + END), None, "", id="an unknown kind of frame"
        ),
        pytest.param(Speaking(headers() + HELLO + END + b"HTTP/"), None, "", id="noise after the end"),
    ],
)
def test_each_fault_ends_in_its_name_and_in_time(script, expected, why):
    with served(script) as server:
        moments = ask_http2(server, deadlines=TINY if expected in WAITED_FOR else AMPLE)

    assert (failure(moments), detail(moments)) == (expected, why)
    assert moments[-1].at_ms < 2000
    assert server.connections == 1


@pytest.mark.parametrize("fault", [reset_stream(2), goaway(2), headers(stream=2), b"\xff" * 9])
def test_what_arrived_before_the_fault_is_kept_even_of_the_same_read(fault):
    with served(Speaking(headers() + HELLO + fault)) as server:
        moments = ask_http2(server)

    assert names(moments)[-3:] == ["Headers", "Chunk", "Failed"]
    assert body(moments) == b"data: hello\n\n"


BOMB = [(":status", "200"), *[("x-bomb", "a" * 3000)] * 100]  # each after the first costs one byte


@pytest.mark.parametrize(
    ("script", "cap"),
    [
        pytest.param(Speaking(headers(BOMB)), "header_bytes", id="a bomb of headers"),
        pytest.param(
            Speaking(headers(flags=""), then=repeat(continuation(b"\0" * 2000))),
            "header_bytes",
            id="endless headers",
        ),
        pytest.param(
            Speaking(then=repeat(headers([(":status", "100")]))), "header_bytes", id="endless interim answers"
        ),
        pytest.param(Speaking(then=repeat(ping())), "header_bytes", id="endless pings"),
        pytest.param(Speaking(then=repeat(settings(ENABLE_PUSH=0))), "header_bytes", id="endless settings"),
        pytest.param(Speaking(headers(), then=repeat(data(b"a" * 4000))), "body_bytes", id="endless body"),
        pytest.param(Speaking(headers(), then=repeat(data())), "body_bytes", id="endless empty frames"),
        pytest.param(Speaking(headers(), then=repeat(ping())), "body_bytes", id="pings in the body"),
    ],
)
def test_an_endless_answer_is_cut_at_its_cap(script, cap):
    with served(script) as server:
        moments = ask_http2(server, caps=Caps(body_bytes=200 * KIB))

    assert (failure(moments), detail(moments)) == (Failure.TOO_LARGE, f"cap: {cap}")
    assert len(body(moments)) <= 264 * KIB


def test_a_body_larger_than_the_first_window_needs_no_second_permission():
    megabyte = data(b"a" * 16_384) * 64
    with served(Speaking(headers() + megabyte + END, then=hold)) as server:
        moments = ask_http2(server)

    assert failure(moments) is None
    assert len(body(moments)) == 1024 * KIB


def test_a_large_request_waits_for_the_server_to_take_it():
    huge = WireRequest("POST", "/x", (), b"x" * 300_000)
    with served(speaking := Speaking(headers(end=True))) as server:
        moments = ask_http2(server, request=huge)

    assert names(moments) == ["Resolved", "Connected", "Sending", "Sent", "Headers", "Closed"]
    assert speaking.bodies == [huge.body]


def shrink_the_window(conn, server):
    conn.recv(1000)
    conn.sendall(settings(INITIAL_WINDOW_SIZE=1))
    hold(conn, server)


@pytest.mark.parametrize("script", [silent, Speaking(widen=False), shrink_the_window])
def test_a_peer_that_takes_no_more_ends_at_the_first_byte_deadline(script):
    huge = WireRequest("POST", "/x", (), b"x" * 20_000_000)
    with served(script) as server:
        moments = ask_http2(server, request=huge, deadlines=TINY)

    assert names(moments) == ["Resolved", "Connected", "Sending", "Failed"]
    assert failure(moments) is Failure.FIRST_BYTE_TIMEOUT


@pytest.mark.parametrize("greeting", [b"", settings()], ids=["without a word", "after its settings"])
def test_a_peer_that_resets_while_we_write_is_a_write_failure(greeting):
    may_reset, is_reset = threading.Event(), threading.Event()
    seen = []

    def script(conn, server):
        conn.sendall(greeting)
        may_reset.wait(5)
        servers.reset(conn)
        is_reset.set()

    def emit(moment):
        seen.append(moment)
        if isinstance(moment, Sending):
            may_reset.set()
            is_reset.wait(5)

    with served(script) as server:
        exchange(REQUEST, to=to(server), secret_headers=AUTH, emit=emit, http2=True)

    assert names(seen) == ["Resolved", "Connected", "Sending", "Failed"]
    assert failure(seen) is Failure.WRITE_FAILED


def refuse_early(conn, server):
    conn.sendall(settings())
    conn.recv(1000)
    conn.sendall(headers([(":status", "413")], end=True) + reset_stream(ErrorCodes.NO_ERROR))
    hold(conn, server)


def test_a_refusal_sent_before_the_request_was_read_is_heard():
    huge = WireRequest("POST", "/x", (), b"x" * 3_000_000)
    with served(refuse_early) as server:
        moments = ask_http2(server, request=huge)

    assert names(moments) == ["Resolved", "Connected", "Sending", "Headers", "Closed"]
    assert headers_of(moments).status == 413


def test_a_peer_that_pings_and_never_reads_cannot_hold_our_answers_to_it_for_ever():
    deadlines = Deadlines(first_byte_s=1, idle_s=0.4, total_s=5)
    with served(Speaking(headers() + HELLO, then=repeat(ping() * 500))) as server:
        moments = ask_http2(server, deadlines=deadlines, caps=Caps(body_bytes=1 << 30, body_reads=1 << 30))

    assert failure(moments) is Failure.IDLE_TIMEOUT
    assert moments[-1].at_ms < 2000


def test_a_server_that_lingers_after_enough_is_left_in_good_order():
    seen = []
    patience = Deadlines(idle_s=5, grace_s=0.2)
    with served(Speaking(headers(), data(b"data: [DONE]\n\n"), before_each=0.03, then=hold)) as server:
        moments = ask_http2(server, seen=seen, deadlines=patience, enough=lambda: b"[DONE]" in body(seen))

    assert moments[-1] == Closed(moments[-2].at_ms)
    assert moments[-1].lingered


def test_nothing_is_sent_once_the_answer_has_ended():
    with served(Speaking(headers() + HELLO + ping() + END + ping(), then=hold)) as server:
        ask_http2(server)

    answered = [frame for frame in frames_in(bytes(server.received)) if isinstance(frame, PingFrame)]
    assert len(answered) <= 1  # the one that came before the end, if it was read apart from the end
    assert server.connections == 1


class Lost(Exception):
    pass


def to(server):
    return Destination(base_url=f"http://{server.entry}/v1", allowed_addresses=frozenset({server.entry}))


def raising_at(kind):
    def emit(moment):
        if isinstance(moment, kind):
            raise Lost

    return emit


def test_a_run_that_refuses_to_send_sends_nothing():
    with served(Speaking(headers(end=True))) as server, pytest.raises(Lost):
        exchange(REQUEST, to=to(server), secret_headers=AUTH, emit=raising_at(Sending), http2=True)

    assert server.received == b""


@pytest.mark.parametrize("kind", [Sending, Sent, Headers, Chunk, Closed])
def test_what_the_caller_raises_travels_up_and_no_frame_of_it_shows_the_secret(kind):
    with served(Speaking(headers() + HELLO + END)) as server, pytest.raises(Lost) as raised:
        exchange(REQUEST, to=to(server), secret_headers=AUTH, emit=raising_at(kind), http2=True)

    report = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    assert KEY not in "".join(
        line for line in report.format() if "/probes/net/" in line and "tests" not in line
    )


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def ask_tls(server, authority):
    entry = f"localhost:{server.port}"
    return ask(f"https://{entry}/v1", allowed={entry}, ca_file=authority.ca_file, http2=True)


def test_a_server_that_chooses_h2_in_the_handshake_is_spoken_to_in_it(authority):
    context = authority.context("localhost")
    context.set_alpn_protocols(["http/1.1", "h2"])

    with served(speaking := Speaking(headers() + HELLO + END), tls=context) as server:
        moments = ask_tls(server, authority)

    assert names(moments)[2:5] == ["TlsDone", "Sending", "Sent"]
    assert headers_of(moments).http_version == "HTTP/2"
    assert speaking.requests[0][":scheme"] == "https"


@pytest.mark.parametrize("offered", [["http/1.1"], []], ids=["only HTTP/1.1", "nothing"])
def test_a_server_that_does_not_choose_h2_is_named_and_sees_no_key(authority, offered):
    context = authority.context("localhost")
    if offered:
        context.set_alpn_protocols(offered)

    with served(Speaking(), tls=context) as server:
        moments = ask_tls(server, authority)

    assert names(moments) == ["Resolved", "Connected", "TlsDone", "Failed"]
    assert (failure(moments), detail(moments)) == (Failure.BAD_PROTOCOL, OFFERS_NONE)
    assert server.received == b""


def test_a_server_that_refuses_the_handshake_for_want_of_h2_is_named_alike(authority):
    def no_application_protocol(conn, server):
        conn.recv(65_536)
        conn.sendall(b"\x15\x03\x03\x00\x02\x02\x78")  # a fatal alert 120: RFC 7301, section 3.2

    with served(no_application_protocol) as server:
        moments = ask_tls(server, authority)

    assert (failure(moments), detail(moments)) == (Failure.BAD_PROTOCOL, OFFERS_NONE)
