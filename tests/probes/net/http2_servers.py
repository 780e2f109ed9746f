"""Loopback servers that speak HTTP/2 well, badly, or not at all, frame by frame as told."""

import socket
from collections.abc import Callable, Iterable

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, RequestReceived, StreamEnded
from h2.settings import SettingCodes
from hpack import Encoder
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    Frame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    RstStreamFrame,
    SettingsFrame,
)

from tests.probes.net.servers import Served, drain

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_FRAME_HEAD = 9  # octets, RFC 9113 section 4.1
EVENTS = [(":status", "200"), ("content-type", "text/event-stream")]


def headers(
    fields: Iterable[tuple[str, str]] = EVENTS,
    *,
    end: bool = False,
    stream: int = 1,
    flags: str = "END_HEADERS",
) -> bytes:
    block = Encoder().encode(fields)
    return framed(HeadersFrame(stream, block), *flags.split(), *(["END_STREAM"] if end else []))


def continuation(block: bytes = b"", *, end: bool = False) -> bytes:
    return framed(ContinuationFrame(1, block), *(["END_HEADERS"] if end else []))


def data(body: bytes = b"", *, end: bool = False) -> bytes:
    return framed(DataFrame(1, body), *(["END_STREAM"] if end else []))


def reset_stream(code: int) -> bytes:
    return framed(RstStreamFrame(1, error_code=code))


def goaway(code: int = ErrorCodes.NO_ERROR, *, last: int = 1) -> bytes:
    return framed(GoAwayFrame(0, last_stream_id=last, error_code=code, additional_data=b"why"))


def ping() -> bytes:
    return framed(PingFrame(0, b"12345678"))


def settings(**values: int) -> bytes:
    return framed(SettingsFrame(0, {SettingCodes[name]: value for name, value in values.items()}))


def frames_in(received: bytes) -> list[Frame]:
    """The whole frames that a client sent after its preface."""
    rest, frames = memoryview(received).toreadonly()[len(PREFACE) :], []
    while len(rest) >= _FRAME_HEAD:
        frame, length = Frame.parse_frame_header(rest[:_FRAME_HEAD])
        frames.append(frame)
        rest = rest[_FRAME_HEAD + length :]
    return frames


def framed(frame: Frame, *flags: str) -> bytes:
    for flag in flags:
        frame.flags.add(flag)
    return frame.serialize()


class Speaking:
    """A script: hear a whole request, say the frames, then close. `requests` holds what was asked."""

    def __init__(
        self,
        *frames: bytes,
        before_each: float = 0,
        widen: bool = True,
        then: Callable[[socket.socket, Served], None] | None = None,
    ) -> None:
        self._frames, self._before_each, self._then = frames, before_each, then
        self._widen = widen
        self.requests: list[dict[str, str]] = []
        self.bodies: list[bytes] = []

    def __call__(self, conn: socket.socket, server: Served) -> None:
        self._hear(conn, server)
        for frame in self._frames:
            if server.stopping.wait(self._before_each):
                return
            conn.sendall(frame)
        if self._then:
            self._then(conn, server)
        drain(conn, server)

    def _hear(self, conn: socket.socket, server: Served) -> None:
        peer = H2Connection(H2Configuration(client_side=False, header_encoding="ascii"))
        peer.initiate_connection()
        conn.sendall(peer.data_to_send())
        body = b""
        while received := conn.recv(65_536):
            server.note(received)
            for event in peer.receive_data(received):
                if isinstance(event, RequestReceived):
                    self.requests.append(dict(event.headers))
                if isinstance(event, DataReceived):
                    body += event.data
                    if self._widen:
                        peer.acknowledge_received_data(event.flow_controlled_length, 1)
                if isinstance(event, StreamEnded):
                    self.bodies.append(body)
                    conn.sendall(peer.data_to_send())
                    return
            conn.sendall(peer.data_to_send())


def repeat(frame: bytes, *, every: float = 0) -> Callable[[socket.socket, Served], None]:
    """Say the frame again and again, without end and without listening."""

    def script(conn: socket.socket, server: Served) -> None:
        while not server.stopping.wait(every):
            conn.sendall(frame)

    return script
