"""Edits of a stream: well-formed frames in, the frames of a fault out."""

import json
from collections.abc import Callable
from dataclasses import replace

from probes.lab import openai_chat, speech
from probes.lab.call import Call
from probes.lab.problem import Problem, claude_type
from probes.lab.protocols import PROTOCOLS
from probes.lab.speech import CONTENT, Frame, Part

Edit = Callable[[Call, list[Frame]], list[Frame]]


def untouched(call: Call, frames: list[Frame]) -> list[Frame]:
    return frames


def first_two(call: Call, frames: list[Frame]) -> list[Frame]:
    """Everything up to the second delta that says something."""
    spoken = [index for index, frame in enumerate(frames) if frame.part in CONTENT]
    return frames[: spoken[1] + 1]


def without(*parts: Part) -> Edit:
    return lambda call, frames: [frame for frame in frames if frame.part not in parts]


def only(*parts: Part) -> Edit:
    return lambda call, frames: [frame for frame in frames if frame.part in parts]


def rewriting(change: Callable[[bytes], bytes]) -> Edit:
    return lambda call, frames: [frame.rewritten(change(frame.wire)) for frame in frames]


def with_bom(call: Call, frames: list[Frame]) -> list[Frame]:
    return [frames[0].rewritten(b"\xef\xbb\xbf" + frames[0].wire), *frames[1:]]


def with_empty_events(call: Call, frames: list[Frame]) -> list[Frame]:
    return [piece for frame in frames for piece in (frame, Frame(Part.OTHER, raw=b"data:\n\n"))]


def with_usage_chunk(call: Call, frames: list[Frame]) -> list[Frame]:
    """Only chat completions have such a chunk; the other protocols tell the usage anyway."""
    if call.protocol != "openai_chat":
        return frames
    usage = openai_chat.usage_frame(call, speech.plain(call))
    return [*without(Part.USAGE, Part.MARKER)(call, frames), usage, frames[-1]]


def with_stray_chunk(call: Call, frames: list[Frame]) -> list[Frame]:
    if call.protocol != "openai_chat":
        return [*frames, Frame(Part.OTHER, raw=PROTOCOLS[call.protocol].heartbeat)]
    return [*frames, openai_chat.usage_frame(call, speech.plain(call))]


def without_last_blank_line(call: Call, frames: list[Frame]) -> list[Frame]:
    return [*frames[:-1], frames[-1].rewritten(frames[-1].wire.removesuffix(b"\n\n"))]


def spoiled(spoil: Callable[[bytes], bytes]) -> Edit:
    """Damage the third delta only; the stream goes on as if nothing had happened."""

    def edit(call: Call, frames: list[Frame]) -> list[Frame]:
        third = [frame for frame in frames if frame.part in CONTENT][2]
        return [frame.rewritten(spoil(frame.wire)) if frame is third else frame for frame in frames]

    return edit


def halved(wire: bytes) -> bytes:
    return wire[: len(wire) // 2] + b"\n\n"


def not_utf8(wire: bytes) -> bytes:
    return wire.replace(b" ", b" \xff\xfe", 2)


def answered_twice(call: Call, frames: list[Frame]) -> list[Frame]:
    once = without(Part.MARKER)(call, frames)
    return [*once, *once, frames[-1]]


def begun_again(call: Call, frames: list[Frame]) -> list[Frame]:
    again = replace(call, nonce=call.nonce[::-1])
    return [*first_two(call, frames), *PROTOCOLS[call.protocol].frames(again, speech.plain(call))]


def deltas_twice(call: Call, frames: list[Frame]) -> list[Frame]:
    return [piece for frame in frames for piece in (frame,) * (2 if frame.part in CONTENT else 1)]


def then_error(call: Call, frames: list[Frame]) -> list[Frame]:
    problem = Problem(message="The server had an error while processing your request.", type="server_error")
    return [*first_two(call, frames), _error_frame(call, 500, problem)]


def overloaded_at_once(call: Call, frames: list[Frame]) -> list[Frame]:
    problem = Problem(message="Overloaded", type="overloaded_error", code="overloaded_error")
    return [_error_frame(call, 529, problem)]


def then_bare_error(call: Call, frames: list[Frame]) -> list[Frame]:
    frame = then_error(call, frames)[-1]
    return [*first_two(call, frames), frame.rewritten(f"{frame.data}\n".encode())]


def _error_frame(call: Call, status: int, problem: Problem) -> Frame:
    named = replace(problem, type=claude_type(status)) if call.protocol == "anthropic" else problem
    return PROTOCOLS[call.protocol].error_frame(call, named)


def as_json_lines(call: Call, frames: list[Frame]) -> list[Frame]:
    return [frame.rewritten(f"{frame.data}\n".encode()) for frame in frames if frame.data != "[DONE]"]


def one_long_event(call: Call, frames: list[Frame]) -> list[Frame]:
    size = int(call.arg * 1024 * 1024)
    first = next(frame for frame in frames if frame.part in CONTENT)
    spoken = speech.plain(call).text[0]
    long = replace(first, data=first.data.replace(json.dumps(spoken), json.dumps("long " * (size // 5)), 1))
    return [long if frame is first else frame for frame in frames]
