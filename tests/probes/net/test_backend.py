"""Where the exchange connects: measured at the system call, not believed."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator

import pytest

from probes.net.backend import trust
from probes.net.limits import Deadlines
from probes.wire.facts import Failure
from probes.wire.moments import Connected, Resolved
from tests.probes.net.asking import ask, ask_server, failure, headers, names
from tests.probes.net.servers import EMPTY, answer, served


def test_the_next_address_is_tried_when_one_refuses():
    with served(answer(EMPTY)) as server:
        entry = f"gateway.test:{server.port}"
        moments = ask(
            f"http://{entry}", allowed={entry}, lookup=lambda name, port: ["127.0.0.9", "::1", "127.0.0.1"]
        )

    assert moments[0] == Resolved(moments[0].at_ms, ("127.0.0.9", "::1", "127.0.0.1"))
    assert moments[1] == Connected(moments[1].at_ms, "127.0.0.1")
    assert headers(moments).status == 204


@pytest.fixture
def full_listener() -> Iterator[socket.socket]:
    """Its queue is full, so that a further connection is never answered."""
    with socket.create_server(("127.0.0.3", 0), backlog=0) as listener, contextlib.ExitStack() as filling:
        for _ in range(4):
            sock = filling.enter_context(socket.socket())
            sock.setblocking(False)
            sock.connect_ex(listener.getsockname())
        yield listener


def test_an_address_that_never_answers_leaves_time_for_the_next(full_listener):
    port = full_listener.getsockname()[1]
    with served(answer(EMPTY), port=port):
        entry = f"gateway.test:{port}"
        moments = ask(
            f"http://{entry}",
            allowed={entry},
            deadlines=Deadlines(connect_s=0.6),
            lookup=lambda name, port: ["127.0.0.3", "127.0.0.1"],
        )

    assert headers(moments).status == 204
    assert 250 < moments[1].at_ms < 600


def test_an_address_that_never_answers_ends_at_the_connect_deadline(full_listener):
    host, port = full_listener.getsockname()
    entry = f"{host}:{port}"

    moments = ask(f"http://{entry}", allowed={entry}, deadlines=Deadlines(connect_s=0.3))

    assert failure(moments) is Failure.CONNECT_TIMEOUT
    assert 290 < moments[-1].at_ms < 1500


def test_the_total_deadline_names_itself_while_connecting(full_listener):
    host, port = full_listener.getsockname()
    entry = f"{host}:{port}"

    moments = ask(f"http://{entry}", allowed={entry}, deadlines=Deadlines(connect_s=5, total_s=0.3))

    assert failure(moments) is Failure.TOTAL_TIMEOUT


def test_a_closed_port_refuses():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    entry = f"127.0.0.1:{port}"

    moments = ask(f"http://{entry}", allowed={entry})

    assert names(moments) == ["Resolved", "Failed"]
    assert failure(moments) is Failure.CONNECT_REFUSED


@pytest.mark.parametrize("problem", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label")])
def test_a_name_without_an_address_is_a_dns_failure(problem):
    def lookup(name: str, port: int) -> list[str]:
        raise problem

    moments = ask("https://gateway.test/v1", lookup=lookup)

    assert names(moments) == ["Failed"]
    assert failure(moments) is Failure.DNS


def test_a_resolver_that_hangs_is_a_dns_failure_in_time():
    release = threading.Event()

    def lookup(name: str, port: int) -> list[str]:
        release.wait(5)
        return []

    moments = ask("https://gateway.test/v1", lookup=lookup, deadlines=Deadlines(connect_s=0.2))

    release.set()
    assert failure(moments) is Failure.DNS
    assert moments[-1].at_ms < 1500


def test_ipv6_is_asked_like_ipv4():
    try:
        with served(answer(EMPTY), host="::1") as server:
            moments = ask_server(server)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")

    assert moments[1] == Connected(moments[1].at_ms, "::1")
    assert f"host: [::1]:{server.port}".encode() in server.received


def test_one_context_of_trust_serves_the_whole_process():
    assert trust() is trust()
    assert trust().verify_mode is ssl.CERT_REQUIRED
    assert trust().check_hostname
