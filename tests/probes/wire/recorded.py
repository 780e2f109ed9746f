"""The bytes of every behaviour of the lab, taken down without waiting for its pauses."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime

from probes.lab.counters import Counters
from probes.lab.framing import ClientGone, Line, Request
from probes.lab.protocols import PROTOCOLS
from probes.lab.reception import KEY_PREFIX, Reception
from probes.wire.coding import ContentDecoder
from tests.probes.lab.asking import Reply

_LONG_ENOUGH = 8 * 1024  # bytes of what has no end of its own
_HEAD = 2 * 1024  # bytes of what is no stream
_FEW_WORDS = 3
_WHEN = datetime(2026, 11, 21, 12, tzinfo=UTC)


class TakenDown(Line):
    """A line that nobody waits on: it keeps what is sent, and hangs up on those who go on for ever."""

    def __init__(self) -> None:
        self.reply = Reply()
        self.reusable = False
        self.chunked = True

    async def raw(self, data: bytes) -> None:
        self.reply.arrivals.append((0.0, data))
        if len(self.reply.raw) > _LONG_ENOUGH:
            raise ClientGone

    async def rest(self, seconds: float) -> None:
        pass

    def reset(self) -> None:
        pass


def recorded(model: str, protocol: str) -> bytes:
    """The decoded body of a streamed answer; of an answer that breaks HTTP, the head as it came."""
    line = TakenDown()
    talk = _converse(Reception(Counters(), lambda: _WHEN), _request(model, protocol), line)
    with ThreadPoolExecutor(max_workers=1) as apart:  # a browser's event loop may own this thread
        apart.submit(asyncio.run, talk).result()
    try:
        coding = line.reply.headers.get("content-encoding", "")
        return ContentDecoder(coding, cap=_LONG_ENOUGH).feed(line.reply.body)
    except ValueError:
        return line.reply.raw[:_HEAD]


async def _converse(reception: Reception, request: Request, line: Line) -> None:
    with suppress(ClientGone):
        await reception.receive(request, line)


def _request(model: str, protocol: str) -> Request:
    asked = {"model": model, "stream": True, "max_tokens": _FEW_WORDS, "messages": []}
    headers = {"authorization": f"Bearer {KEY_PREFIX}test", "content-type": "application/json"}
    return Request("POST", PROTOCOLS[protocol].path, {}, headers, json.dumps(asked).encode())
