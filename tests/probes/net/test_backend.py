"""Where the exchange connects: measured at the system call, not believed."""

import contextlib
import itertools
import socket
import ssl
import sys
import threading
from collections.abc import Iterator

import pytest

from probes.net.addresses import AddressRefused, BaseUrl
from probes.net.backend import Rules, open_line, trust
from probes.net.limits import Caps, Deadlines, Watch
from probes.net.resolve import Lookup
from probes.wire.facts import Failure
from probes.wire.moments import Connected, Moment, Resolved
from tests.probes.net.asking import ask, ask_server, failure, headers, names
from tests.probes.net.servers import EMPTY, Served, answer, served

_watched: list[list[object]] = []


def _on_event(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and _watched:
        _watched[-1].append(arguments[1])


sys.addaudithook(_on_event)


@contextlib.contextmanager
def connects() -> Iterator[list[object]]:
    """Every address that this process connects to meanwhile."""
    _watched.append([])
    try:
        yield _watched[-1]
    finally:
        _watched.pop()


LITERALS = """
    127.0.0.1 127.0.0.2 127.255.255.255 0.0.0.0 0.0.0.1 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200
    100.127.255.255 169.254.169.254 169.254.170.2 169.254.0.23 169.254.1.1 172.16.0.1 172.31.255.255 192.0.0.1
    192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.175.48.1 198.18.0.1
    198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 168.63.129.16
    127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 0x7f.1 017700000001 0177.0.0.1 0177.1 127.0.0.1. 3232235521
    0xa9fea9fe 2852039166 ①②⑦.⓪.⓪.① 127。0。0。1 １２７.0.0.1 127．0．0．1 127.0.0.01 1.2.3.4.5 localhost
    localhost. LOCALHOST a.localhost
    [::] [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:a9fe:a9fe] [::127.0.0.1]
    [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:a9fe:a9fe::]
    [2001:0:7f00:1::] [2001:db8::1] [100::1] [3fff::1] [5f00::1] [fc00::1] [fd00:ec2::254] [fe80::1]
    [fe80::1%25eth0] [fec0::1] [ff02::1] [::ffff:100.100.100.200]
    user@127.0.0.1 1.1.1.1@127.0.0.1 1.1.1.1\\@127.0.0.1 127.0.0.1#.example.com 127.0.0.1?.example.com
    127.0.0.1%00.example.com 127.0.0.1:80\\@example.com
"""


@pytest.mark.parametrize("literal", LITERALS.split())
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_forbidden_literal_in_any_spelling_is_never_connected_to(scheme, literal):
    with connects() as made:
        moments = ask(f"{scheme}://{literal}/v1", allow_http=True)

    assert failure(moments) is Failure.ADDRESS_REFUSED
    assert made == []


DENIED_ANSWERS = """
    127.0.0.1 10.0.0.1 100.64.0.1 100.100.100.200 169.254.169.254 172.16.0.1 192.168.0.1 192.0.0.192
    168.63.129.16 0.0.0.0 198.18.0.1 224.0.0.1 240.0.0.1 ::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1
    64:ff9b::7f00:1 2002:7f00:1:: fc00::1 fd00:ec2::254 fe80::1%lo fec0::1 ff02::1 ::127.0.0.1 garbage
"""


@pytest.mark.parametrize("denied", DENIED_ANSWERS.split())
@pytest.mark.parametrize("answers", [["{}"], ["1.1.1.1", "{}"], ["{}", "1.1.1.1"]])
def test_one_forbidden_answer_refuses_all(answers, denied):
    resolved = [each.format(denied) for each in answers]

    with connects() as made:
        moments = ask("https://gateway.test/v1", lookup=lambda name, port: resolved)

    assert names(moments) == ["Resolved", "Failed"]
    assert failure(moments) is Failure.ADDRESS_REFUSED
    assert made == []


def test_an_exception_does_not_open_its_neighbours():
    with served(answer(EMPTY)) as lab:
        for base in (f"http://127.0.0.2:{lab.port}", "http://127.0.0.1:443", "http://169.254.169.254"):
            assert failure(ask(base, allowed={lab.entry}, allow_http=True)) is Failure.ADDRESS_REFUSED
        assert headers(ask_server(lab)).status == 204

    assert lab.connections == 1


@pytest.fixture
def two_faces() -> Iterator[tuple[Served, Served]]:
    """An allowed server on 127.0.0.2 and a forbidden one on 127.0.0.1, at the same port."""
    with (
        served(answer(EMPTY), host="127.0.0.2") as allowed,
        served(answer(EMPTY), port=allowed.port) as forbidden,
    ):
        yield allowed, forbidden


def connect_by_name(port: int, lookup: Lookup, *, exceptions: set[str], moments: list[Moment]) -> None:
    """Open a line to http://rebind.test, as the exchange would, on a port above the privileged ones."""
    line = open_line(
        BaseUrl("http", "rebind.test", port, ""),
        rules=Rules(exceptions=frozenset(exceptions), lookup=lookup),
        watch=Watch(Deadlines(connect_s=1)),
        caps=Caps(),
        emit=moments.append,
    )
    line.close()


def test_a_rebinding_resolver_cannot_reach_what_was_not_vetted(two_faces):
    allowed, forbidden = two_faces
    flipping = itertools.cycle(["127.0.0.2", "127.0.0.1"])
    reached, refused = [], 0

    for _ in range(100):
        try:
            connect_by_name(
                allowed.port, lambda name, port: [next(flipping)], exceptions={allowed.entry}, moments=reached
            )
        except AddressRefused:
            refused += 1

    assert refused == 50
    assert {moment.address for moment in reached if isinstance(moment, Connected)} == {"127.0.0.2"}
    assert forbidden.connections == 0


def test_mixed_answers_are_refused_before_any_is_tried(two_faces):
    allowed, forbidden = two_faces

    for answers in (["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"]):
        with connects() as made, pytest.raises(AddressRefused):
            connect_by_name(
                allowed.port,
                lambda name, port, answers=answers: answers,
                exceptions={allowed.entry},
                moments=[],
            )
        assert made == []

    assert forbidden.connections == 0


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
