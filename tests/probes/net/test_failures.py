"""What broke has a name and a detail, and the detail never repeats what an endpoint said."""

import socket

import pytest

from probes.net.exchange import Caps
from probes.net.failures import NetworkBroke, Stage, detail_of
from probes.wire.facts import Failure
from tests.probes.net import http2_servers as http2
from tests.probes.net.asking import KEY, ask, ask_server, detail, failure
from tests.probes.net.servers import CHUNKED, OK, answer, answer_then_reset, chunk, flood, served


def test_a_refusal_of_the_address_rules_names_its_code():
    assert detail(ask("https://127.0.0.1/v1")) == "address.loopback"
    assert detail(ask("https://169.254.169.254/v1")) == "address.metadata"
    assert detail(ask("http://api.example.com/v1")) == "url.http"
    assert detail(ask("https://a.test/v1", lookup=lambda name, port: ["10.0.0.1"])) == "address.private"


def test_a_failure_of_the_system_has_the_name_that_the_system_gives_it():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        entry = f"127.0.0.1:{listener.getsockname()[1]}"

    assert detail(ask(f"http://{entry}", allowed={entry})) == "ECONNREFUSED"
    with served(answer_then_reset(CHUNKED + chunk(b"data: 1\n\n"))) as server:
        assert detail(ask_server(server)) == "ECONNRESET"


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "EAI_NONAME"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "EAI_AGAIN"),
        (socket.gaierror(-999, "?"), ""),
        (UnicodeError("label too long"), ""),
        (TimeoutError("the resolver did not answer"), ""),
    ],
)
def test_a_name_that_does_not_resolve_says_whether_it_exists(problem, expected):
    assert detail_of(NetworkBroke(Stage.RESOLVING, problem)) == expected


@pytest.mark.parametrize(
    ("script", "cap"),
    [
        (flood(b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n" * 100), "header_bytes"),
        (flood(OK + b"\r\n", b"a" * 4000), "body_bytes"),
        (flood(OK + b"\r\n", b"a"), "body_reads"),
    ],
)
def test_a_cap_says_which(script, cap):
    with served(script) as server:
        moments = ask_server(server, caps=Caps(body_bytes=200_000, body_reads=150))

    assert (failure(moments), detail(moments)) == (Failure.TOO_LARGE, f"cap: {cap}")


ECHO = KEY.encode()


@pytest.mark.parametrize(
    "script",
    [
        answer(b"HTTP/1.1 %s\r\n\r\n" % ECHO),
        answer(b"%s\r\n\r\n" % ECHO),
        answer(OK + b"%s\r\n\r\n" % ECHO),
        answer(OK + b"Content-Length: %s\r\n\r\n" % ECHO),
        answer(OK + b"Content-Length: 1\r\nContent-Length: %s\r\n\r\n" % ECHO),
        answer(OK + b"Transfer-Encoding: %s\r\n\r\n" % ECHO),
        answer(CHUNKED + b"%s\r\n" % ECHO),
        answer(CHUNKED + b"3\r\n%s\r\n" % ECHO),
    ],
)
def test_no_detail_repeats_what_an_endpoint_said(script):
    with served(script) as server:
        moments = ask_server(server)

    assert failure(moments) is Failure.BAD_PROTOCOL
    assert detail(moments).startswith("http1: ")
    assert KEY[:12] not in detail(moments)


@pytest.mark.parametrize(
    "fields",
    [[(":status", KEY)], [(":status", "200"), ("X-" + KEY, "1")], [(":status", "200"), ("x", f"{KEY}\0")]],
)
def test_no_detail_repeats_what_an_endpoint_said_in_http2(fields):
    with served(http2.Speaking(http2.headers(fields))) as server:
        moments = ask_server(server, http2=True)

    assert failure(moments) is Failure.BAD_PROTOCOL
    assert KEY[:12] not in detail(moments)
