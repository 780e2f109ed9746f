"""Whatever bytes a peer sends, an exchange ends in Closed or in a named failure, in both versions of HTTP."""

import random
import socket

import pytest

from probes.net import http1, http2
from probes.net.addresses import BaseUrl
from probes.net.backend import Line
from probes.net.failures import NetworkBroke, NotAsHttp
from probes.net.limits import CapReached, Caps, Deadlines, Watch
from probes.net.transcript import Asked, Transcript
from probes.wire.moments import Closed, Moment
from tests.probes.net import http2_servers as frames
from tests.probes.net.servers import CHUNKED, LAST_CHUNK, OK, chunk

ROUNDS = 100
ASKED = Asked(
    "POST",
    BaseUrl("http", "a.test", 80, ""),
    b"/chat",
    ((b"host", b"a.test"), (b"content-length", b"2")),
    b"{}",
)
HTTP1 = (
    OK, CHUNKED, chunk(b"data: 1\n\n"), LAST_CHUNK, b"Content-Length: 5\r\n", b"\r\n", b"hello",
    b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n",
)  # fmt: skip
HTTP2 = (
    frames.settings(),
    frames.settings(INITIAL_WINDOW_SIZE=0, MAX_FRAME_SIZE=16_384, HEADER_TABLE_SIZE=0),
    frames.headers(),
    frames.headers([(":status", "200"), ("content-length", "9")]),
    frames.headers([(":status", "103")]),
    frames.headers([("x-cost", "1")], end=True),
    frames.headers(flags=""),
    frames.continuation(b"abc", end=True),
    frames.data(b"data: 1\n\n"),
    frames.data(end=True),
    frames.ping(),
    frames.goaway(),
    frames.reset_stream(2),
    b"\0\0\4\x08\0\0\0\0\0\x7f\xff\xff\xff",  # WINDOW_UPDATE, too large together with another
    b"\0\0\5\2\0\0\0\0\1\0\0\0\0\1",  # PRIORITY
    b"\0\0\x0b\x0a\0\0\0\0\0\0\1axxxxxxxx",  # ALTSVC
)


def nonsense(good: tuple[bytes, ...], seeded: random.Random) -> bytes:
    """Good parts in any order, some bytes of them changed, lost or invented."""
    data = bytearray(b"".join(seeded.choices(good, k=seeded.randint(1, 12))))
    for _ in range(seeded.choice([0, 1, 1, 2, 5])):
        at = seeded.randrange(len(data) + 1)
        data[at : at + seeded.randint(0, 4)] = seeded.randbytes(seeded.randint(0, 4))
    return bytes(data)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    ("talk", "good", "start"),
    [
        (http1.talk, HTTP1, b""),
        (http1.talk, HTTP1, CHUNKED),
        (http2.talk, HTTP2, b""),
        (http2.talk, HTTP2, frames.settings() + frames.headers()),
    ],
    ids=["HTTP/1.1", "HTTP/1.1, in the body", "HTTP/2", "HTTP/2, in the body"],
)
def test_any_bytes_end_in_a_name(talk, good, start, seed):
    seeded = random.Random(seed)
    for _ in range(ROUNDS):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.sendall(start + nonsense(good, seeded))
            theirs.shutdown(socket.SHUT_WR)
            watch = Watch(Deadlines())
            watch.sending()
            line = Line(ours, watch=watch, caps=Caps())
            moments: list[Moment] = []
            transcript = Transcript(line, watch, moments.append, None)
            try:
                talk(ASKED, line, transcript)
            except (NotAsHttp, NetworkBroke, CapReached) as broke:
                assert str(broke)
            else:
                transcript.end(lingered=False)
                assert isinstance(moments[-1], Closed)
