"""Deliveries of a stream: when which bytes leave, and what becomes of the connection in the end."""

import zlib
from collections.abc import Awaitable, Callable, Iterator
from itertools import cycle, islice

from probes.lab.answering import pour
from probes.lab.call import Call
from probes.lab.framing import Line
from probes.lab.protocols import PROTOCOLS
from probes.lab.speech import CONTENT, Frame, Part

Delivery = Callable[[Call, Line, list[Frame]], Awaitable[None]]
Ending = Callable[[Call, Line], Awaitable[None]]

_HEARTBEAT_EVERY_S = 1.0
_ENDLESS_EVERY_S = 0.05


async def steadily(call: Call, line: Line, frames: list[Frame]) -> None:
    await pour(line, frames)


async def slowly(call: Call, line: Line, frames: list[Frame]) -> None:
    await pour(line, frames, seconds=call.arg)


async def late_first_text(call: Call, line: Line, frames: list[Frame]) -> None:
    opening = next(index for index, frame in enumerate(frames) if frame.part in CONTENT)
    await pour(line, frames[:opening], seconds=0)
    await line.rest(call.arg)
    await pour(line, frames[opening:])


async def after_heartbeats(call: Call, line: Line, frames: list[Frame]) -> None:
    await _heartbeats(call, line)
    await pour(line, frames)


async def _heartbeats(call: Call, line: Line) -> None:
    every = min(_HEARTBEAT_EVERY_S, call.arg / 4)
    for _ in range(int(call.arg / every) if every else 0):
        await line.send(PROTOCOLS[call.protocol].heartbeat)
        await line.rest(every)


async def heartbeats_only(call: Call, line: Line, frames: list[Frame]) -> None:
    await _heartbeats(call, line)


async def at_once(call: Call, line: Line, frames: list[Frame]) -> None:
    await line.rest(call.arg)
    await line.send(joined(frames))


def in_blocks(size: int) -> Delivery:
    """The answer is written steadily, but leaves only in lumps of so many bytes."""

    async def deliver(call: Call, line: Line, frames: list[Frame]) -> None:
        held = b""
        for frame in frames:
            held += frame.wire
            await line.rest(call.arg / len(frames))
            if len(held) >= size:
                await line.send(held[:size])
                held = held[size:]
        await line.send(held)

    return deliver


async def flushed_gzip(call: Call, line: Line, frames: list[Frame]) -> None:
    packer = zlib.compressobj(wbits=31)
    packed = [packer.compress(frame.wire) + packer.flush(zlib.Z_SYNC_FLUSH) for frame in frames]
    await pour(line, [Frame(Part.OTHER, raw=piece) for piece in (*packed, packer.flush())])


async def gzip_at_once(call: Call, line: Line, frames: list[Frame]) -> None:
    packer = zlib.compressobj(wbits=31)
    await line.rest(call.arg)
    await line.send(packer.compress(joined(frames)) + packer.flush())


async def byte_by_byte(call: Call, line: Line, frames: list[Frame]) -> None:
    for frame in frames:
        await line.raw(b"".join(line.framed(b"%c" % byte) for byte in frame.wire))
        await line.rest(0.005)


async def through_characters(call: Call, line: Line, frames: list[Frame]) -> None:
    for frame in frames:
        for piece in _cut_in_character(frame.wire):
            await line.send(piece)
            await line.rest(0.005)


def _cut_in_character(wire: bytes) -> Iterator[bytes]:
    lead = next((index for index, byte in enumerate(wire) if byte >= 0xC0), len(wire) - 1)
    yield wire[: lead + 1]
    yield wire[lead + 1 :]


async def without_end(call: Call, line: Line, frames: list[Frame]) -> None:
    """The opening, then the answer's deltas over and over, for at most `arg` seconds."""
    deltas = [frame for frame in frames if frame.part in CONTENT]
    await pour(line, [frame for frame in frames if frame.part is Part.OPEN], seconds=0)
    for frame in islice(cycle(deltas), int(call.arg / _ENDLESS_EVERY_S)):
        await line.send(frame.wire)
        await line.rest(_ENDLESS_EVERY_S)


def joined(frames: list[Frame]) -> bytes:
    return b"".join(frame.wire for frame in frames)


async def in_order(call: Call, line: Line) -> None:
    await line.end()


async def in_silence(call: Call, line: Line) -> None:
    await line.rest(call.arg)


async def by_reset(call: Call, line: Line) -> None:
    await line.rest(0.05)
    line.reset()


async def inside_a_chunk(call: Call, line: Line) -> None:
    await line.raw(b"1000\r\ndata: {")


async def lingering(call: Call, line: Line) -> None:
    await line.rest(call.arg)
    await line.end()
