"""HTTP/2 with a server that nobody here wrote: nginx in front of an endpoint, as gateways have it."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest

from probes.net.exchange import Deadlines
from probes.wire.dialects.base import WireRequest
from probes.wire.facts import Failure
from probes.wire.moments import Chunk
from tests.probes.net.asking import REQUEST, ask, body, detail, failure, headers, names
from tests.probes.net.authority import Authority
from tests.probes.net.servers import CHUNKED, LAST_CHUNK, Script, Served, answer, chunk, reset, served

NGINX = shutil.which("nginx")
pytestmark = pytest.mark.skipif(not NGINX, reason="this machine has no nginx")

HELLO = chunk(b"data: hello\n\n")
CONFIG = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/log crit;
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    client_max_body_size 1m; keepalive_requests 1; http2_recv_buffer_size 256k;
    ssl_certificate {pem}; ssl_certificate_key {pem};
    server {{
        listen 127.0.0.1:{plain} http2; listen 127.0.0.1:{tls} ssl http2;
        location / {{ proxy_pass http://{upstream}; proxy_http_version 1.1; proxy_buffering off; }}
    }}
    server {{ listen 127.0.0.1:{old} ssl; return 204; }}
}}
"""


def free_ports(count: int) -> list[int]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


class Upstream:
    """What stands behind nginx; a test gives it its script."""

    script: Script = staticmethod(answer())

    def __call__(self, conn: socket.socket, server: Served) -> None:
        self.script(conn, server)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def edge(authority, tmp_path_factory) -> Iterator[dict[str, object]]:
    folder = tmp_path_factory.mktemp("nginx")
    upstream = Upstream()
    plain, tls, old = free_ports(3)
    with served(upstream) as behind:
        config = CONFIG.format(
            folder=folder,
            pem=authority.pem("localhost"),
            plain=plain,
            tls=tls,
            old=old,
            upstream=behind.entry,
        )
        (folder / "nginx.conf").write_text(config)
        process = subprocess.Popen(
            [NGINX, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
        )
        try:
            wait_for(plain)
            yield {"upstream": upstream, "behind": behind, "plain": plain, "tls": tls, "old": old}
        finally:
            process.terminate()
            process.wait(10)


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("nginx did not start")


def ask_edge(edge, authority, script, *, scheme="http", request=REQUEST, port=None):
    edge["upstream"].script = script
    entry = f"localhost:{port or edge['tls' if scheme == 'https' else 'plain']}"
    return ask(
        f"{scheme}://{entry}/v1",
        allowed={entry},
        ca_file=authority.ca_file,
        request=request,
        deadlines=Deadlines(connect_s=5, first_byte_s=5, idle_s=5, total_s=10),
        lookup=lambda name, port: ["127.0.0.1"],
        http2=True,
    )


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_stream_arrives_event_by_event_though_nginx_takes_no_further_request(edge, authority, scheme):
    """With `keepalive_requests 1` it says GOAWAY before it answers, and finishes the stream."""
    moments = ask_edge(
        edge, authority, answer(CHUNKED, HELLO, HELLO, LAST_CHUNK, before_each=0.05), scheme=scheme
    )

    assert failure(moments) is None
    assert headers(moments).http_version == "HTTP/2"
    assert [moment.data for moment in moments if isinstance(moment, Chunk)] == [b"data: hello\n\n"] * 2


def test_a_large_request_goes_through_its_windows(edge, authority):
    request = WireRequest("POST", "/chat", (), b"x" * 700_000)
    before = len(edge["behind"].received)

    moments = ask_edge(edge, authority, answer(CHUNKED + HELLO + LAST_CHUNK), request=request)

    assert failure(moments) is None
    assert "Sent" in names(moments)
    assert len(edge["behind"].received) - before > 700_000


def test_a_request_that_it_refuses_is_heard(edge, authority):
    request = WireRequest("POST", "/chat", (), b"x" * 3_000_000)

    moments = ask_edge(edge, authority, answer(), request=request)

    assert headers(moments).status == 413


def cut(conn: socket.socket, server: Served) -> None:
    answer(CHUNKED + HELLO)(conn, server)
    server.stopping.wait(0.1)
    reset(conn)


def test_a_stream_that_breaks_behind_it_is_a_reset_in_its_own_word(edge, authority):
    moments = ask_edge(edge, authority, cut)

    assert (failure(moments), detail(moments)) == (Failure.RESET, "http2: INTERNAL_ERROR")
    assert body(moments) == b"data: hello\n\n"


def test_a_server_block_without_http2_is_named(edge, authority):
    moments = ask_edge(edge, authority, answer(), scheme="https", port=edge["old"])

    assert (failure(moments), detail(moments)) == (Failure.BAD_PROTOCOL, "server does not offer h2")
