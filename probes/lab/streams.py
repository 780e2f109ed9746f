"""Faults of streams as a table: what is said, how it is edited, delivered and ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from probes.lab import deliveries, edits, speech
from probes.lab.answering import Performer, answer, answer_whole, stream_headers
from probes.lab.call import EVENTS, JSON, Call, gateway_headers
from probes.lab.framing import Headers, Line
from probes.lab.problem import compact
from probes.lab.protocols import PROTOCOLS
from probes.lab.speech import Answer, Finish, Part

_GZIP: Headers = (("content-encoding", "gzip"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One faulty stream. With stream=false the same answer comes as one healthy JSON object.

    `headers_after_s` and `whole_after_s` say how long headers wait with stream=true and =false.
    """

    say: Callable[[Call], Answer] = speech.plain
    edit: edits.Edit = edits.untouched
    deliver: deliveries.Delivery = deliveries.steadily
    end: deliveries.Ending = deliveries.in_order
    content_type: str | None = EVENTS
    headers: Headers = ()
    headers_after_s: Callable[[Call], float] = lambda call: 0.0
    whole_after_s: Callable[[Call], float] = lambda call: 0.05


def _arg(call: Call) -> float:
    return call.arg


PLAYS: Mapping[str, Play] = {
    # healthy, though some clients stumble
    "ok": Play(),
    "usage_chunk": Play(edit=edits.with_usage_chunk),
    "no_space": Play(
        edit=edits.rewriting(lambda wire: wire.replace(b"data: ", b"data:").replace(b"event: ", b"event:"))
    ),
    "crlf": Play(edit=edits.rewriting(lambda wire: wire.replace(b"\n", b"\r\n"))),
    "cr_only": Play(edit=edits.rewriting(lambda wire: wire.replace(b"\n", b"\r"))),
    "bom": Play(edit=edits.with_bom),
    "one_byte": Play(say=speech.short, deliver=deliveries.byte_by_byte),
    "empty_data_lines": Play(edit=edits.with_empty_events),
    "after_done": Play(edit=edits.with_stray_chunk),
    "done_no_blank_line": Play(edit=edits.without_last_blank_line),
    "u2028": Play(say=speech.with_line_separators),
    "split_utf8": Play(say=speech.chinese, deliver=deliveries.through_characters),
    "accel_off": Play(deliver=deliveries.slowly, headers=(("x-accel-buffering", "no"),), whole_after_s=_arg),
    "gzip_stream": Play(deliver=deliveries.flushed_gzip, headers=_GZIP),
    "heartbeat_then_ok": Play(deliver=deliveries.after_heartbeats, whole_after_s=_arg),
    "reasoning": Play(say=speech.thoughtful),
    "tool_calls": Play(say=speech.using_a_tool),
    "lingers": Play(end=deliveries.lingering),
    # slow and held back
    "slow_first_token": Play(deliver=deliveries.late_first_text),
    "slow_headers_ttfb": Play(headers_after_s=_arg, whole_after_s=_arg),
    "slow_total": Play(deliver=deliveries.slowly, whole_after_s=_arg),
    "headers_held": Play(headers_after_s=_arg),
    "buffered": Play(say=speech.wordy, deliver=deliveries.at_once, whole_after_s=_arg),
    "buffered_4k": Play(say=speech.wordy, deliver=deliveries.in_blocks(4096), whole_after_s=_arg),
    "buffered_16k": Play(say=speech.wordy, deliver=deliveries.in_blocks(16384), whole_after_s=_arg),
    "gzip_buffered": Play(
        say=speech.wordy, deliver=deliveries.gzip_at_once, headers=_GZIP, whole_after_s=_arg
    ),
    # broken
    "stall_mid": Play(edit=edits.first_two, end=deliveries.in_silence),
    "stall_headers": Play(edit=edits.only(), end=deliveries.in_silence),
    "reset_mid": Play(edit=edits.first_two, end=deliveries.by_reset),
    "truncated_chunked": Play(edit=edits.first_two, end=deliveries.inside_a_chunk),
    "clean_eof_mid": Play(edit=edits.first_two),
    "no_done": Play(edit=edits.without(Part.MARKER)),
    "missing_finish": Play(edit=edits.without(Part.FINISH)),
    "tool_call_cut": Play(say=speech.tool_cut_short),
    "tool_call_eof": Play(say=speech.using_a_tool, edit=edits.first_two),
    "heartbeat_only": Play(deliver=deliveries.heartbeats_only),
    "marker_only": Play(edit=edits.only(Part.MARKER)),
    "error_in_stream": Play(edit=edits.then_error),
    "error_in_stream_overloaded": Play(edit=edits.overloaded_at_once),
    "error_unframed": Play(edit=edits.then_bare_error),
    "broken_json_chunk": Play(edit=edits.spoiled(edits.halved)),
    "invalid_utf8": Play(edit=edits.spoiled(edits.not_utf8)),
    "double_answer": Play(edit=edits.answered_twice),
    "retried_inside": Play(edit=edits.begun_again),
    "double_delta": Play(edit=edits.deltas_twice),
    "long_event": Play(edit=edits.one_long_event),
    "endless_body": Play(deliver=deliveries.without_end),
    "sse_as_json": Play(content_type=JSON),
    "mislabelled": Play(content_type="text/plain; charset=utf-8"),
    "unlabelled": Play(content_type=None),
    "ndjson_stream": Play(edit=edits.as_json_lines, content_type="application/x-ndjson"),
    # complete, but not what was hoped for
    "empty_content": Play(say=speech.silent),
    "reasoning_only": Play(say=speech.thoughts_only),
    "finish_length": Play(say=speech.ending(Finish.LENGTH)),
    "finish_content_filter": Play(say=speech.ending(Finish.CONTENT_FILTER)),
}


async def _perform(play: Play, call: Call, line: Line) -> None:
    said = play.say(call)
    if not call.stream:
        await line.rest(play.whole_after_s(call))
        await answer_whole(call, line, said)
        return
    frames = play.edit(call, PROTOCOLS[call.protocol].frames(call, said))
    await line.rest(play.headers_after_s(call))
    await line.start(200, (*stream_headers(call, play.content_type), *play.headers))
    await play.deliver(call, line, frames)
    await play.end(call, line)


async def _counted_at_once(call: Call, line: Line) -> None:
    """A proxy that reads the whole stream before it passes on anything, headers included."""
    await line.rest(call.arg)
    if call.stream:
        frames = PROTOCOLS[call.protocol].frames(call, speech.wordy(call))
        await line.whole(200, stream_headers(call), deliveries.joined(frames))
    else:
        await answer_whole(call, line, speech.plain(call))


async def _never_streamed(call: Call, line: Line) -> None:
    await answer_whole(call, line, speech.plain(call))


async def _always_streamed(call: Call, line: Line) -> None:
    await answer(replace(call, stream=True), line)


async def _after_blank_lines(call: Call, line: Line) -> None:
    """Some vendors keep a waiting connection warm with blank lines before the JSON."""
    if call.stream:
        await answer(call, line)
        return
    body = compact(PROTOCOLS[call.protocol].document(call, speech.plain(call)))
    await line.whole(200, gateway_headers(call, JSON), f"\n\n\n{body}".encode())


PERFORMERS: Mapping[str, Performer] = {
    **{name: partial(_perform, play) for name, play in PLAYS.items()},
    "buffered_length": _counted_at_once,
    "flag_ignored_json": _never_streamed,
    "stream_forced": _always_streamed,
    "blank_lines_json": _after_blank_lines,
    **dict.fromkeys(("models_without", "models_404", "websocket_refused", "websocket_wrong"), answer),
}
