"""The lab: a real HTTP/1.1 server on a loopback port whose models misbehave on request."""

import asyncio
from concurrent.futures import Future
from datetime import UTC, datetime
from threading import Thread
from typing import Self

from probes.lab.counters import Counters
from probes.lab.framing import ClientGone, Line, RefusedRequest, Request, Watched, read_request
from probes.lab.reception import Reception

_BACKLOG = 1024
_STOP_WITHIN_S = 5


def _now() -> datetime:
    return datetime.now(UTC)


class Lab:
    """Serves from a thread with its own event loop, between `start` and `stop` or inside `with`."""

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self.host = host
        self.port = port
        self.counters = Counters()
        self._reception = Reception(self.counters, _now)
        self._thread: Thread | None = None
        self._running: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    @property
    def base_url(self) -> str:
        """Scheme, host and port. OpenAI's clients want "/v1" behind it, Anthropic's do not."""
        return f"http://{self.host}:{self.port}"

    def start(self) -> Self:
        """Listen; returns once connections are accepted. OSError or OverflowError: the port cannot be had."""
        self._running = Future()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), name="lab", daemon=True)
        self._thread.start()
        self._running.result()
        return self

    def stop(self) -> None:
        """Hang up on everybody and leave the port. A lab that does not run stays as it is."""
        if self._thread is None:
            return
        loop, stopping = self._running.result()
        loop.call_soon_threadsafe(stopping.set)
        self._thread.join(_STOP_WITHIN_S)
        self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    async def _serve(self) -> None:
        loop, stopping = asyncio.get_running_loop(), asyncio.Event()
        try:
            server = await loop.create_server(
                lambda: Watched(self._converse), self.host, self.port, backlog=_BACKLOG
            )
        except (OSError, OverflowError) as error:  # OverflowError: no such port number
            self._running.set_exception(error)
            return
        self.port = server.sockets[0].getsockname()[1]
        self._running.set_result((loop, stopping))
        await stopping.wait()
        server.close()  # asyncio.run then cancels every conversation

    async def _converse(self, reader: asyncio.StreamReader, line: Line, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await read_request(reader, line):
                line.reusable = False  # what the last answer said of the line does not hold for this one
                await self._reception.receive(request, line)
                if not line.reusable or _wants_to_close(request):
                    break
        except RefusedRequest as refused:
            await line.whole(400, (("content-type", "text/plain"),), str(refused).encode())
        except (ClientGone, ConnectionError):
            pass  # hanging up is the client's right
        finally:
            writer.close()


def _wants_to_close(request: Request) -> bool:
    return request.headers.get("connection", "").lower() == "close"
