"""What TLS failures are called, and that no key leaves before the certificate is believed."""

import contextlib
import datetime as dt
import socket
import ssl
import warnings
from pathlib import Path

import pytest

from probes.net.exchange import Deadlines
from probes.wire.dialects.table import DIALECTS
from probes.wire.facts import Failure
from probes.wire.moments import TlsDone
from probes.wire.reader import read_facts
from tests.probes.net.asking import KEY, ask, detail, failure, headers, names
from tests.probes.net.authority import DAY, NOW, Authority
from tests.probes.net.http2_servers import Speaking
from tests.probes.net.http2_servers import headers as http2_headers
from tests.probes.net.servers import EMPTY, Served, answer, reset, served, silent


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("stranger"))


def ask_tls(server, *, host="localhost", ca_file="", **kwargs):
    entry = f"{host}:{server.port}"
    return ask(f"https://{entry}/v1", allowed={entry}, ca_file=ca_file, **kwargs)


def test_a_believed_certificate_lets_the_request_through(authority):
    with served(answer(EMPTY), tls=authority.context("localhost")) as server:
        moments = ask_tls(server, ca_file=authority.ca_file)

    assert names(moments) == ["Resolved", "Connected", "TlsDone", "Sending", "Sent", "Headers", "Closed"]
    assert moments[2] == TlsDone(moments[2].at_ms, "TLSv1.3")
    assert KEY.encode() in server.received


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
def test_the_facts_say_where_the_request_went_and_under_which_tls(authority, http2):
    context = authority.context("gateway.test")
    context.set_alpn_protocols(["h2"] if http2 else ["http/1.1"])
    script = Speaking(http2_headers(end=True)) if http2 else answer(EMPTY)
    with served(script, tls=context) as server:
        moments = ask_tls(
            server,
            host="gateway.test",
            ca_file=authority.ca_file,
            lookup=lambda name, port: ["127.0.0.1", "127.0.0.1"],
            http2=http2,
        )
        gone = ask_tls(server, host="gateway.test", lookup=lambda name, port: ["127.0.0.1"])

    facts, gone_facts = (
        read_facts(each, step="control", dialect=DIALECTS["openai_chat"], wall_start=NOW)
        for each in (moments, gone)
    )
    assert facts.addresses == ("127.0.0.1",)
    assert facts.address == "127.0.0.1"
    assert facts.tls_version == "TLSv1.3"
    assert facts.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    assert facts.failure_detail == ""
    assert gone_facts.failure_detail == "tls: 20 unable to get local issuer certificate"
    assert gone_facts.tls_version == ""


def test_the_certificate_of_a_literal_address_is_checked_too(authority):
    with served(answer(EMPTY), tls=authority.context("127.0.0.1")) as server:
        moments = ask_tls(server, host="127.0.0.1", ca_file=authority.ca_file)

    assert headers(moments).status == 204


EXPIRED = {"valid_from": NOW - 3 * DAY, "valid_to": NOW - 2 * DAY}
NOT_YET = {"valid_from": NOW + DAY, "valid_to": NOW + dt.timedelta(days=2)}


MISMATCH = "Hostname mismatch, certificate is not valid for 'localhost'."
NO_SUCH_ADDRESS = "IP address mismatch, certificate is not valid for '127.0.0.1'."

both_versions = pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])


@both_versions
@pytest.mark.parametrize(
    ("host", "certified", "validity", "expected", "why"),
    [
        ("localhost", "localhost", EXPIRED, Failure.TLS_EXPIRED, "tls: 10 certificate has expired"),
        ("localhost", "localhost", NOT_YET, Failure.TLS_EXPIRED, "tls: 9 certificate is not yet valid"),
        ("localhost", "other.example", {}, Failure.TLS_WRONG_NAME, f"tls: 62 {MISMATCH}"),
        ("127.0.0.1", "localhost", {}, Failure.TLS_WRONG_NAME, f"tls: 64 {NO_SUCH_ADDRESS}"),
    ],
)
def test_a_bad_certificate_is_named_and_sees_no_key(
    authority, host, certified, validity, expected, why, http2
):
    with served(reading_all, tls=authority.context(certified, **validity)) as server:
        moments = ask_tls(server, host=host, ca_file=authority.ca_file, http2=http2)

    assert (failure(moments), detail(moments)) == (expected, why)
    assert names(moments) == ["Resolved", "Connected", "Failed"]
    assert server.received == b""


@both_versions
@pytest.mark.parametrize(
    ("issued", "believes_stranger", "why"),
    [
        (Authority.context, False, "tls: 20 unable to get local issuer certificate"),
        (Authority.context, True, "tls: 7 certificate signature failure"),  # its name is the same
        (Authority.self_signed, False, "tls: 18 self-signed certificate"),
    ],
    ids=["the public issuers", "another issuer", "self-signed"],
)
def test_an_unknown_issuer_is_named_and_sees_no_key(
    authority, stranger, issued, believes_stranger, why, http2
):
    ca_file = stranger.ca_file if believes_stranger else ""
    with served(reading_all, tls=issued(authority, "localhost")) as server:
        moments = ask_tls(server, ca_file=ca_file, http2=http2)

    assert (failure(moments), detail(moments)) == (Failure.TLS_UNTRUSTED, why)
    assert server.received == b""


@both_versions
def test_an_outdated_protocol_is_refused(authority, http2):
    context = authority.context("localhost")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")

    with served(reading_all, tls=context) as server:
        moments = ask_tls(server, ca_file=authority.ca_file, http2=http2)

    assert (failure(moments), detail(moments)) == (
        Failure.TLS_PROTOCOL,
        "tls: tlsv1 alert protocol version",
    )
    assert server.received == b""


def plain_http(conn: socket.socket, server: Served) -> None:
    conn.recv(65536)
    conn.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")


def hang_up(conn: socket.socket, server: Served) -> None:
    conn.recv(65536)


def reset_at_hello(conn: socket.socket, server: Served) -> None:
    conn.recv(10)
    reset(conn)


def alert(conn: socket.socket, server: Served) -> None:
    conn.recv(65536)
    conn.sendall(b"\x15\x03\x03\x00\x02\x02\x28")  # fatal, handshake_failure: RFC 8446, section 6


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (plain_http, "tls: wrong version number"),
        (hang_up, "tls: EOF occurred in violation of protocol"),
        (reset_at_hello, "ECONNRESET"),
        (alert, "tls: sslv3 alert handshake failure"),
    ],
)
def test_a_peer_that_does_not_finish_the_handshake_is_a_tls_protocol_failure(script, why):
    with served(script) as server:
        moments = ask_tls(server)

    assert (failure(moments), detail(moments)) == (Failure.TLS_PROTOCOL, why)


def drip_handshake(conn: socket.socket, server: Served) -> None:
    conn.recv(65536)
    conn.sendall(b"\x16\x03\x03\x40\x00")  # a handshake record of 16 KiB that never completes
    while not server.stopping.wait(0.05):
        conn.sendall(b"\x02")


@pytest.mark.parametrize("script", [silent, drip_handshake])
def test_a_handshake_has_to_end_within_the_connect_deadline(script):
    with served(script) as server:
        moments = ask_tls(server, deadlines=Deadlines(connect_s=0.3, total_s=5))

    assert failure(moments) is Failure.CONNECT_TIMEOUT
    assert moments[-1].at_ms < 1500


def test_the_registered_name_is_what_sni_and_host_say(authority):
    asked_for = []
    context = authority.context("gateway.test")
    context.sni_callback = lambda _sock, name, _context: asked_for.append(name)

    with served(answer(EMPTY), tls=context) as server:
        moments = ask_tls(
            server, host="gateway.test", ca_file=authority.ca_file, lookup=lambda name, port: ["127.0.0.1"]
        )

    assert headers(moments).status == 204
    assert asked_for == ["gateway.test"]
    assert f"host: gateway.test:{server.port}".encode() in server.received


def test_session_keys_are_not_written_where_the_environment_says(authority, tmp_path, monkeypatch):
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    ca_file = tmp_path / "fresh.pem"  # its own entry in the cache of contexts
    ca_file.write_bytes(Path(authority.ca_file).read_bytes())

    with served(answer(EMPTY), tls=authority.context("localhost")) as server:
        moments = ask_tls(server, ca_file=str(ca_file))

    assert headers(moments).status == 204
    assert not (tmp_path / "keys").exists()


def test_an_unreadable_ca_file_is_our_fault_and_nothing_is_connected(tmp_path):
    with served(silent) as server, pytest.raises(OSError):
        ask_tls(server, ca_file=str(tmp_path / "missing.pem"))

    assert server.connections == 0


def reading_all(conn: socket.socket, server: Served) -> None:
    with contextlib.suppress(OSError):
        while data := conn.recv(65536):
            server.note(data)
