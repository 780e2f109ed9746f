"""One HTTP/1.1 connection in raw bytes: requests come in whole, answers go out as badly as asked."""

import asyncio
import json
import socket
import struct
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import h11

Headers = tuple[tuple[str, str], ...]

_MAX_BODY = 16 * 1024 * 1024
_LINGER_ZERO = struct.pack("ii", 1, 0)


class ClientGone(Exception):
    """The client hung up; there is nobody left to answer."""


class RefusedRequest(Exception):
    """What arrived is not a request that the lab reads."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Header names are lower case; `path` carries no query."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    pinned: str = ""  # the behaviour that the base URL asks for, whatever model is named
    edge: bool = False  # the base URL leads through the lab's edge

    def json_object(self) -> dict[str, Any] | None:
        """The body as a JSON object; None when it is anything else."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None


class Line:
    """The answering side of one connection. Every method raises `ClientGone` once the client has left."""

    def __init__(self, writer: asyncio.StreamWriter, gone: asyncio.Event) -> None:
        self._writer = writer
        self._gone = gone
        self.reusable = False
        self.chunked = True  # False: the client speaks HTTP/1.0, so only hanging up ends a body
        # A reset throws away what the kernel has not got yet, so drain() must mean "the kernel has it".
        writer.transport.set_write_buffer_limits(high=0)

    async def raw(self, data: bytes) -> None:
        """Send these bytes with no framing of ours."""
        if self._gone.is_set():
            raise ClientGone
        self._writer.write(data)
        try:
            await self._writer.drain()
        except ConnectionError as error:
            raise ClientGone from error

    async def start(self, status: int, headers: Headers) -> None:
        """Send the head of an answer whose length nobody knows yet."""
        framing = ("transfer-encoding", "chunked") if self.chunked else ("connection", "close")
        await self.raw(head(status, (*headers, framing)))

    async def send(self, data: bytes) -> None:
        """Send one piece of the body; an empty one is skipped, as a chunk of its size would end it."""
        if data:
            await self.raw(self.framed(data))

    def framed(self, data: bytes) -> bytes:
        """The data as one chunk, where the body has chunks."""
        return b"%x\r\n%b\r\n" % (len(data), data) if self.chunked else data

    async def end(self) -> None:
        """End a body of unknown length in good order."""
        if self.chunked:
            await self.raw(b"0\r\n\r\n")
        self.reusable = self.chunked

    async def whole(self, status: int, headers: Headers, body: bytes) -> None:
        """Send a complete, counted answer."""
        await self.raw(head(status, (*headers, ("content-length", str(len(body))))) + body)
        self.reusable = True

    async def rest(self, seconds: float) -> None:
        """Do nothing for so long, or until the client has gone."""
        if seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._gone.wait()
        except TimeoutError:
            return
        raise ClientGone

    def reset(self) -> None:
        """Break the connection with a TCP reset."""
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        self._writer.transport.abort()


class Watched(asyncio.StreamReaderProtocol):
    """A stream protocol that notices at once when the client hangs up, even while nobody reads."""

    def __init__(
        self, serve: Callable[[asyncio.StreamReader, Line, asyncio.StreamWriter], Coroutine[Any, Any, None]]
    ) -> None:
        self.gone = asyncio.Event()
        self._serve = serve
        super().__init__(asyncio.StreamReader(), self._begin)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Coroutine[Any, Any, None]:
        return self._serve(reader, Line(writer, self.gone), writer)

    def eof_received(self) -> bool | None:
        self.gone.set()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone.set()
        super().connection_lost(exc)


async def read_request(reader: asyncio.StreamReader, line: Line) -> Request | None:
    """The next request of this connection; None when the client has said its last.

    Raises `RefusedRequest` for what is not HTTP/1.1 or is longer than 16 MiB.
    """
    parser = h11.Connection(h11.SERVER)
    asked: h11.Request | None = None
    body = bytearray()
    try:
        while True:
            event = parser.next_event()
            if event is h11.NEED_DATA:
                await _feed(parser, reader, line)
            elif isinstance(event, h11.Request):
                asked = event
                line.chunked = event.http_version != b"1.0"
            elif isinstance(event, h11.Data):
                body += event.data
                _refuse_when(len(body) > _MAX_BODY, "the body is longer than 16 MiB")
            elif isinstance(event, h11.EndOfMessage) and asked:
                return _request(asked, bytes(body))
            else:
                return None
    except h11.RemoteProtocolError as error:
        raise RefusedRequest(str(error)) from error


async def _feed(parser: h11.Connection, reader: asyncio.StreamReader, line: Line) -> None:
    if parser.they_are_waiting_for_100_continue:
        await line.raw(b"HTTP/1.1 100 Continue\r\n\r\n")
        parser.send(h11.InformationalResponse(status_code=100, headers=[]))
    parser.receive_data(await reader.read(65536))


def _refuse_when(wrong: bool, reason: str) -> None:
    if wrong:
        raise RefusedRequest(reason)


def _request(asked: h11.Request, body: bytes) -> Request:
    target = urlsplit(asked.target.decode("latin-1"))
    return Request(
        method=asked.method.decode("ascii"),
        path=target.path,
        query=parse_qs(target.query),
        headers={name.decode("ascii"): value.decode("latin-1") for name, value in asked.headers},
        body=body,
    )


def head(status: int, headers: Iterable[tuple[str, str]]) -> bytes:
    """A status line and headers, up to and with the blank line."""
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status} {_reason(status)}\r\n{fields}\r\n".encode("latin-1")


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # the codes that CDNs invented have no phrase
        return ""
