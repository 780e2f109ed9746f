"""No endpoint, resolver, redirect or environment makes the desk connect where it may not.

Counted twice: at the system call, by an audit hook, and at real listeners on what is forbidden. The last test
says how much was tried: `pytest tests/probes/net/test_ssrf.py -s` prints it.
"""

import contextlib
import itertools
import sys
from collections.abc import Iterator

import pytest

from probes.net.addresses import AddressRefused, BaseUrl
from probes.net.backend import Rules, open_line
from probes.net.limits import Caps, Deadlines, Watch
from probes.net.resolve import Lookup
from probes.wire.facts import Failure
from probes.wire.moments import Connected, Moment
from tests.probes.net.asking import KEY, ask, ask_server, failure, headers, names
from tests.probes.net.authority import Authority
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
    100.96.0.96 100.127.255.255 169.254.169.254 169.254.170.2 169.254.0.23 169.254.1.1 172.16.0.1
    172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1
    192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1
    255.255.255.255 168.63.129.16 0 127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 0x7f.1 017700000001
    0177.0.0.1 0177.1 127.0.0.1. 3232235521 0xa9fea9fe 2852039166 0251.0376.0251.0376 ①②⑦.⓪.⓪.① 127。0。0。1
    １２７.0.0.1 127．0．0．1 127.0.0.01 1.2.3.4.5 localhost localhost. LOCALHOST a.localhost [::] [::1]
    [0:0:0:0:0:0:0:1] [0000::0001] [::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:127.0.0.1]
    [0:0:0:0:0:ffff:7f00:1] [::ffff:a9fe:a9fe] [::ffff:0:127.0.0.1] [::127.0.0.1] [64:ff9b::7f00:1]
    [64:ff9b::127.0.0.1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:a9fe:a9fe::]
    [2001:0:7f00:1::] [2001:0:a9fe:a9fe::1] [2001:db8::1] [100::1] [3fff::1] [4000::1] [5f00::1] [fc00::1]
    [fd00:ec2::254] [fd20:ce::254] [fe80::1] [fe80::1%25eth0] [fe80::1%25lo] [::1%25lo] [fec0::1]
    [ff02::1] [::ffff:100.100.100.200] [::1%20::1] [127.0.0.1] user@127.0.0.1 1.1.1.1@127.0.0.1
    1.1.1.1\\@127.0.0.1 1.1.1.1%40127.0.0.1 127.0.0.1#.example.com 127.0.0.1?.example.com
    127.0.0.1%00.example.com 127.0.0.1:80\\@example.com 127.0.0.1%2f@example.com
"""


@pytest.mark.parametrize("literal", LITERALS.split())
def test_a_forbidden_literal_in_any_spelling_is_never_connected_to(literal):
    with connects() as made:
        for scheme, http2 in itertools.product(("https", "http"), (False, True)):
            moments = ask(f"{scheme}://{literal}/v1", allow_http=True, http2=http2)
            assert failure(moments) is Failure.ADDRESS_REFUSED

    assert made == []


@pytest.fixture(scope="module")
def listeners() -> Iterator[list[Served]]:
    """On every address of this machine, at one port."""
    with contextlib.ExitStack() as listening:
        first = listening.enter_context(served(answer(EMPTY), host="0.0.0.0"))
        every = [first]
        with contextlib.suppress(OSError):  # a machine without IPv6
            every.append(listening.enter_context(served(answer(EMPTY), host="::1", port=first.port)))
        yield every


def connect_by_name(
    host: str, port: int, *, lookup: Lookup, exceptions: set[str], moments: list[Moment]
) -> None:
    """Open a line as the exchange does, past what a base URL may look like."""
    line = open_line(
        BaseUrl("http", host, port, ""),
        rules=Rules(exceptions=frozenset(exceptions), lookup=lookup),
        watch=Watch(Deadlines(connect_s=5)),
        caps=Caps(),
        emit=moments.append,
    )
    line.close()


@pytest.mark.parametrize("literal", LITERALS.split())
def test_past_the_rules_for_urls_the_address_itself_is_refused(listeners, literal):
    port = listeners[0].port
    with connects() as made, pytest.raises(AddressRefused):
        connect_by_name(
            literal.strip("[]"),
            port,
            lookup=lambda name, port: ["127.0.0.1"],  # what is no number is a name that leads here
            exceptions={f"127.0.0.9:{port}"},
            moments=[],
        )

    assert made == []
    assert sum(listener.connections for listener in listeners) == 0


DENIED_ANSWERS = """
    127.0.0.1 10.0.0.1 100.64.0.1 100.100.100.200 169.254.169.254 172.16.0.1 192.168.0.1 192.0.0.192
    168.63.129.16 0.0.0.0 198.18.0.1 224.0.0.1 240.0.0.1 ::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1
    ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::7f00:1 2002:7f00:1:: 2001:0:7f00:1:: fc00::1
    fd00:ec2::254 fe80::1%lo ::1%lo fec0::1 ff02::1 ::127.0.0.1 garbage
"""
MIXES = (["{}"], ["1.1.1.1", "{}"], ["{}", "1.1.1.1"], ["2606:4700::1111", "1.1.1.1", "{}"])


@pytest.mark.parametrize("denied", DENIED_ANSWERS.split())
@pytest.mark.parametrize("answers", MIXES)
def test_one_forbidden_answer_refuses_all(answers, denied):
    resolved = [each.format(denied) for each in answers]

    with connects() as made:
        moments = ask("https://gateway.test/v1", lookup=lambda name, port: resolved)

    assert names(moments) == ["Resolved", "Failed"]
    assert failure(moments) is Failure.ADDRESS_REFUSED
    assert made == []


@pytest.fixture
def two_faces() -> Iterator[tuple[Served, Served]]:
    """An allowed server on 127.0.0.2 and a forbidden one on 127.0.0.1, at the same port."""
    with (
        served(answer(EMPTY), host="127.0.0.2") as allowed,
        served(answer(EMPTY), port=allowed.port) as forbidden,
    ):
        yield allowed, forbidden


ROUNDS = 1000


def test_a_rebinding_resolver_cannot_reach_what_was_not_vetted(two_faces):
    """It answers with the allowed and the forbidden address in turn, to whoever asks again."""
    allowed, forbidden = two_faces
    flipping = itertools.cycle(["127.0.0.2", "127.0.0.1"])
    asked, refused = 0, 0
    reached: list[Moment] = []

    def lookup(name: str, port: int) -> list[str]:
        nonlocal asked
        asked += 1
        return [next(flipping)]

    for _ in range(ROUNDS):
        try:
            connect_by_name(
                "rebind.test", allowed.port, lookup=lookup, exceptions={allowed.entry}, moments=reached
            )
        except AddressRefused:
            refused += 1

    assert (asked, refused) == (ROUNDS, ROUNDS // 2)
    assert {moment.address for moment in reached if isinstance(moment, Connected)} == {"127.0.0.2"}
    assert forbidden.connections == 0


def test_mixed_answers_are_refused_before_any_is_tried(two_faces):
    allowed, forbidden = two_faces

    for answers in (["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"]):
        with connects() as made, pytest.raises(AddressRefused):
            connect_by_name(
                "mixed.test",
                allowed.port,
                lookup=lambda name, port, answers=answers: answers,
                exceptions={allowed.entry},
                moments=[],
            )
        assert made == []

    assert (allowed.connections, forbidden.connections) == (0, 0)


NEIGHBOURS = """
    http://127.0.0.1:{other} http://127.0.0.2:{port} http://127.0.0.1 https://127.0.0.1
    http://127.1:{port} http://2130706433:{port} http://[::1]:{port} http://[::ffff:127.0.0.1]:{port}
    http://localhost:{port} http://0.0.0.0:{port} http://10.0.0.1:{port} http://169.254.169.254
    http://169.254.169.254:{port} http://[fd00:ec2::254] http://100.100.100.200
    http://[::ffff:169.254.169.254]:{port}
"""


def test_an_exception_opens_its_own_host_and_port_and_no_neighbour():
    with served(answer(EMPTY)) as lab, served(answer(EMPTY)) as other, connects() as made:
        for neighbour in NEIGHBOURS.split():
            base_url = neighbour.format(port=lab.port, other=other.port)
            assert failure(ask(base_url, allowed={lab.entry}, allow_http=True)) is Failure.ADDRESS_REFUSED
        assert made == []
        assert headers(ask_server(lab)).status == 204

    assert (lab.connections, other.connections) == (1, 0)


def test_a_name_that_was_excepted_still_cannot_lead_to_metadata():
    with connects() as made:
        moments = ask(
            "http://gateway.test:8801",
            allowed={"gateway.test:8801"},
            lookup=lambda name, port: ["169.254.169.254"],
        )

    assert failure(moments) is Failure.ADDRESS_REFUSED
    assert made == []


LOCATIONS = """
    http://169.254.169.254/latest/meta-data/ https://169.254.169.254/ http://[fd00:ec2::254]/
    //169.254.169.254/ http://{elsewhere}/v1/chat/completions http://{user}@{elsewhere}/ /v1/other
    http://localhost:{port}/ file:///etc/passwd gopher://{elsewhere}/_x http://2852039166/
"""
STATUSES = (300, 301, 302, 303, 305, 307, 308)


@pytest.mark.parametrize("location", LOCATIONS.split())
def test_a_redirect_is_told_and_not_followed(location):
    with served(answer(EMPTY)) as elsewhere:
        target = location.format(elsewhere=elsewhere.entry, port=elsewhere.port, user="u:p")
        for status in STATUSES:
            redirect = f"HTTP/1.1 {status} Moved\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()
            with served(answer(redirect)) as server, connects() as made:
                moments = ask_server(server)
            assert headers(moments).status == status
            assert ("Location", target) in headers(moments).fields
            assert failure(moments) is None
            assert made == [("127.0.0.1", server.port)]
            assert server.received.count(KEY.encode()) == 1

    assert elsewhere.connections == 0


@pytest.fixture
def proxy(monkeypatch, tmp_path) -> Iterator[Served]:
    """A proxy that the environment names in every way, and a .netrc with another login."""
    (tmp_path / ".netrc").write_text("default login intruder password intruder\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with served(answer(EMPTY)) as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "SOCKS_PROXY"):
            monkeypatch.setenv(name, f"http://{server.entry}")
            monkeypatch.setenv(name.lower(), f"http://{server.entry}")
        yield server


@pytest.mark.parametrize("no_proxy", ["", "*", "example.com"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxies_and_netrc_of_the_environment_are_ignored(proxy, monkeypatch, tmp_path, scheme, no_proxy):
    monkeypatch.setenv("NO_PROXY", no_proxy)
    monkeypatch.setenv("no_proxy", no_proxy)
    authority = Authority(tmp_path / "authority")
    tls = authority.context("127.0.0.1") if scheme == "https" else None

    with served(answer(EMPTY), tls=tls) as server:
        moments = ask(
            f"{scheme}://{server.entry}/v1",
            allowed={server.entry},
            ca_file=authority.ca_file,
            secret_headers={},
        )

    assert failure(moments) is None
    assert proxy.connections == 0
    assert b"authorization" not in server.received.lower()


def test_the_environment_cannot_name_a_proxy_to_a_forbidden_address(proxy):
    with connects() as made:
        moments = ask("http://169.254.169.254/v1", allow_http=True)

    assert failure(moments) is Failure.ADDRESS_REFUSED
    assert made == []
    assert proxy.connections == 0


def test_the_table_is_as_large_as_promised():
    """The one place that says how much was tried; each row above asserts that nothing was connected to."""
    literals, answers = LITERALS.split(), len(DENIED_ANSWERS.split()) * len(MIXES)
    redirects, neighbours = len(LOCATIONS.split()) * len(STATUSES), len(NEIGHBOURS.split())
    print(
        f"\nSSRF: {len(literals)} literals and encodings, over http and https, HTTP/1.1 and HTTP/2, and past "
        f"the URL rules; {answers} sets of answers; {ROUNDS} rebinding rounds; {neighbours} neighbours of an "
        f"exception; {redirects} redirects; 7 proxy settings. Connections made to a forbidden address: 0"
    )
    assert len(set(literals)) == len(literals) >= 60
