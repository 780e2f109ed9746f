"""Talks HTTP/2 for one request, frame by frame, so that a reset, a GOAWAY or a broken rule keeps its name.

Built on h2, not on httpcore's HTTP2Connection: that one takes an answer without a status for a 200, breaks
off a stream that a graceful GOAWAY lets finish, and drops what stood before a broken frame in the same read.
"""

import contextlib
import re
from collections.abc import Iterator

import httpcore
from h2.config import H2Configuration
from h2.connection import ConnectionState, H2Connection
from h2.errors import ErrorCodes
from h2.events import ConnectionTerminated, DataReceived, Event, ResponseReceived, StreamEnded, StreamReset
from h2.exceptions import DenialOfServiceError, InvalidBodyLengthError, ProtocolError
from h2.settings import SettingCodes, Settings

from probes.net.backend import NO_HTTP2, Line
from probes.net.failures import NotAsHttp
from probes.net.transcript import Asked, Transcript
from probes.wire.facts import Failure

_STREAM = 1  # the first that a client may open, and the only one of the connection
_READ_BYTES = 64 * 1024
_HEADER_LIST_BYTES = 64 * 1024  # uncompressed: h2 gives up beyond, however small the block was on the wire
_FRAME_HEADER_BYTES = 9  # RFC 9113, section 4.1
_FRAME_BYTES = 16 * 1024  # SETTINGS_MAX_FRAME_SIZE as it is unless changed
_FIRST_WINDOW = 65_535  # of the connection, which no setting changes: RFC 9113, section 6.9.2
_LARGEST_WINDOW = 2**31 - 1
_STATUS = re.compile(rb"[1-9][0-9]{2}")


def talk(asked: Asked, line: Line, transcript: Transcript) -> None:
    """Send the request and read its answer to the end. Raises NotAsHttp, and what the line raises.

    On plain http the server must know already that it is spoken to in HTTP/2.
    """
    _Conversation(line, transcript).hold(asked)


class _Conversation:
    """One request on one connection; ended when the server has ended the stream."""

    def __init__(self, line: Line, transcript: Transcript) -> None:
        self._line, self._transcript = line, transcript
        self._h2 = _connection(min(line.body_cap + 2 * _READ_BYTES, _LARGEST_WINDOW))
        self._frames = _Frames()
        self._ended = False

    def hold(self, asked: Asked) -> None:
        with contextlib.suppress(httpcore.WriteError):  # a server may refuse before it has read all
            self._h2.send_headers(_STREAM, _fields(asked), end_stream=not asked.body)
            self._write()
            if self._send_body(asked.body):
                self._transcript.sent()
        while not self._ended:
            self._read()

    def _send_body(self, rest: bytes) -> bool:
        """Whether all of it left; not so when the answer ended before."""
        while rest and not self._ended:
            room = min(self._h2.local_flow_control_window(_STREAM), self._h2.max_outbound_frame_size)
            if room <= 0:  # below zero when the server made its window smaller
                self._read()
                continue
            piece, rest = rest[:room], rest[room:]
            self._h2.send_data(_STREAM, piece, end_stream=not rest)
            self._write()
        return not rest

    def _write(self) -> None:
        self._line.write(self._h2.data_to_send())

    def _read(self) -> None:
        data = self._line.read(_READ_BYTES)
        if not data:
            raise self._cut_off()
        for frame in self._frames.cut(data):
            for event in self._events(frame):
                self._take(event)
            if self._ended:
                return
        with contextlib.suppress(httpcore.WriteError):  # it may go on speaking, though it no longer listens
            self._write()

    def _events(self, frame: bytes) -> list[Event]:
        try:
            return self._h2.receive_data(frame)
        except InvalidBodyLengthError as error:
            is_short = error.actual_length < error.expected_length
            raise NotAsHttp(
                Failure.INCOMPLETE_BODY if is_short else Failure.BAD_PROTOCOL,
                f"http2: body of {error.actual_length} bytes, announced {error.expected_length}",
            ) from error
        except DenialOfServiceError as error:
            raise NotAsHttp(Failure.TOO_LARGE, "cap: header_bytes") from error
        except ProtocolError as error:
            raise NotAsHttp(Failure.BAD_PROTOCOL, f"http2: {_name(error.error_code)}") from error

    def _take(self, event: Event) -> None:
        match event:
            case ResponseReceived():
                self._take_headers(event)
            case DataReceived():
                self._transcript.take(event.data)
            case StreamEnded():
                self._ended = True
            case StreamReset():
                raise NotAsHttp(Failure.RESET, f"http2: {_name(event.error_code)}")
            case ConnectionTerminated():
                self._take_goaway(event)

    def _take_headers(self, answer: ResponseReceived) -> None:
        status = next(value for name, value in answer.headers if name == b":status")
        if not _STATUS.fullmatch(status):
            raise NotAsHttp(Failure.BAD_PROTOCOL, "http2: illegal status")
        fields = [(name, value) for name, value in answer.headers if not name.startswith(b":")]
        self._transcript.headers(int(status), "HTTP/2", fields)

    def _take_goaway(self, goaway: ConnectionTerminated) -> None:
        """A server that drains its connections still finishes the streams that it names."""
        if goaway.error_code or (goaway.last_stream_id or 0) < _STREAM:
            raise NotAsHttp(Failure.RESET, f"http2: GOAWAY {_name(goaway.error_code or 0)}")
        self._h2.state_machine.state = ConnectionState.CLIENT_OPEN  # h2 takes any GOAWAY for the end

    def _cut_off(self) -> NotAsHttp:
        answered = self._line.in_body
        return NotAsHttp(
            Failure.INCOMPLETE_BODY if answered else Failure.NO_RESPONSE, "http2: closed before END_STREAM"
        )


class _Frames:
    """Cuts reads at the ends of frames, so that one bad frame spoils none before it."""

    def __init__(self) -> None:
        self._held = bytearray()

    def cut(self, data: bytes) -> Iterator[bytes]:
        """Each complete frame. Raises NotAsHttp for what is no frame of ours."""
        self._held += data
        while len(self._held) >= _FRAME_HEADER_BYTES:
            length = int.from_bytes(self._held[:3], "big")
            if self._held.startswith(b"HTTP/"):
                raise NotAsHttp(Failure.BAD_PROTOCOL, NO_HTTP2)
            if length > _FRAME_BYTES:
                raise NotAsHttp(Failure.BAD_PROTOCOL, f"http2: {ErrorCodes.FRAME_SIZE_ERROR.name}")
            end = _FRAME_HEADER_BYTES + length
            if len(self._held) < end:
                return
            frame = bytes(self._held[:end])
            del self._held[:end]
            yield frame


def _connection(window: int) -> H2Connection:
    """A connection whose windows hold more than is ever read: none to widen, and the cap comes first."""
    connection = H2Connection(H2Configuration(client_side=True))
    connection.local_settings = Settings(
        client=True,
        initial_values={
            SettingCodes.ENABLE_PUSH: 0,
            SettingCodes.INITIAL_WINDOW_SIZE: window,
            SettingCodes.MAX_HEADER_LIST_SIZE: _HEADER_LIST_BYTES,
        },
    )
    connection.initiate_connection()
    connection.increment_flow_control_window(window - _FIRST_WINDOW)
    return connection


def _fields(asked: Asked) -> list[tuple[bytes, bytes]]:
    """The fields in lower case, the host among those that come first: RFC 9113, section 8.3.1."""
    fields = [(name.lower(), value) for name, value in asked.fields]
    return [
        (b":method", asked.method.encode("ascii")),
        (b":scheme", asked.url.scheme.encode("ascii")),
        (b":authority", next(value for name, value in fields if name == b"host")),
        (b":path", asked.target),
        *((name, value) for name, value in fields if name != b"host"),
    ]


def _name(code: ErrorCodes | int) -> str:
    """The code as RFC 9113, section 7 calls it, or its number."""
    try:
        return ErrorCodes(code).name
    except ValueError:
        return f"0x{code:x}"
