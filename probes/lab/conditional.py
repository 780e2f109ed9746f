"""Faults that only some requests meet: every n-th, or those with gzip, a tool, or through the edge."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from probes.lab import errors, pages, speech, streams, wrecks
from probes.lab.answering import Performer, answer, answer_whole, pour, stream_headers
from probes.lab.call import Call
from probes.lab.framing import Line
from probes.lab.protocols import PROTOCOLS


def _when(concerns: Callable[[Call], bool], fault: Performer, otherwise: Performer = answer) -> Performer:
    async def perform(call: Call, line: Line) -> None:
        await (fault if concerns(call) else otherwise)(call, line)

    return perform


def every_nth(call: Call) -> bool:
    return call.arg >= 1 and call.serial % int(call.arg) == 0


def _offers_a_tool(call: Call) -> bool:
    return bool(call.tool)


def _through_the_edge(call: Call) -> bool:
    return call.request.edge


def _accepts_gzip(call: Call) -> bool:
    return "gzip" in call.request.headers.get("accept-encoding", "")


async def _cut(call: Call, line: Line) -> None:
    name = "truncated_chunked" if call.stream else "wrong_content_length"
    await (streams.PERFORMERS if call.stream else wrecks.PERFORMERS)[name](call, line)


async def _without_tool(call: Call, line: Line) -> None:
    await answer(replace(call, tool=""), line)


async def _thinking_first(call: Call, line: Line) -> None:
    """As many tokens of thought as the argument says: what the caller pays for may not reach the text."""
    said = speech.thoughts_of(call, int(call.arg))
    if not call.stream:
        await answer_whole(call, line, said)
        return
    await line.start(200, stream_headers(call))
    await pour(line, PROTOCOLS[call.protocol].frames(call, said))
    await line.end()


PERFORMERS: Mapping[str, Performer] = {
    "intermittent": _when(every_nth, partial(errors.refuse, errors.BAD_GATEWAY)),
    "flaky": _when(every_nth, _cut),
    "gzip_held": _when(_accepts_gzip, streams.PERFORMERS["gzip_buffered"]),
    "edge_buffers": _when(_through_the_edge, streams.PERFORMERS["buffered"]),
    "edge_gives_up": _when(_through_the_edge, pages.PERFORMERS["gateway_timeout_504"]),
    "tool_refused_400": _when(_offers_a_tool, partial(errors.refuse, errors.NO_TOOLS)),
    "tool_ignored": _when(_offers_a_tool, _without_tool),
    "reasoning_budget": _thinking_first,
}
