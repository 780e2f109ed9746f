"""Well-behaved answers: one JSON object, or a steady stream of events."""

import asyncio
from collections.abc import Awaitable, Callable

from probes.lab.call import EVENTS, JSON, Call, gateway_headers
from probes.lab.framing import Headers, Line
from probes.lab.problem import compact
from probes.lab.protocols import PROTOCOLS
from probes.lab.speech import Answer, Frame, plain

Performer = Callable[[Call, Line], Awaitable[None]]

_THINKING_S = 0.05
_PER_FRAME_S = 0.008


async def answer(call: Call, line: Line) -> None:
    """What a healthy endpoint does with this call."""
    if call.stream:
        await line.start(200, stream_headers(call))
        await pour(line, PROTOCOLS[call.protocol].frames(call, plain(call)))
        await line.end()
    else:
        await line.rest(_THINKING_S)
        await answer_whole(call, line, plain(call))


async def answer_whole(call: Call, line: Line, said: Answer) -> None:
    body = compact(PROTOCOLS[call.protocol].document(call, said)).encode()
    await line.whole(200, gateway_headers(call, JSON), body)


async def pour(line: Line, frames: list[Frame], seconds: float | None = None) -> None:
    """Send every frame as a chunk of its own, evenly over so many seconds; by default at a brisk pace."""
    clock = asyncio.get_running_loop().time
    gap = _PER_FRAME_S if seconds is None else seconds / max(len(frames), 1)
    began = clock()
    for number, frame in enumerate(frames, start=1):
        await line.send(frame.wire)
        await line.rest(began + number * gap - clock())


def stream_headers(call: Call, content_type: str | None = EVENTS) -> Headers:
    return (*gateway_headers(call, content_type), ("cache-control", "no-cache"))
