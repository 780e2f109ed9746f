"""Answers in the shape of Anthropic messages, with its own named events."""

import json
from collections.abc import Iterator
from typing import Any

from probes.lab.call import Call
from probes.lab.problem import Problem, anthropic_error, compact
from probes.lab.speech import TOOL, Answer, Finish, Frame, Part

HEARTBEAT = b'event: ping\ndata: {"type": "ping"}\n\n'
_STOP_REASONS = {
    Finish.STOP: "end_turn",
    Finish.LENGTH: "max_tokens",
    Finish.CONTENT_FILTER: "refusal",
    Finish.TOOL_CALLS: "tool_use",
}


def document(call: Call, answer: Answer) -> dict[str, Any]:
    """The whole answer as one JSON object."""
    return _message(call) | {
        "content": list(_blocks(call, answer)),
        "stop_reason": _STOP_REASONS[answer.finish],
        "usage": {"input_tokens": call.prompt_tokens, "output_tokens": answer.tokens},
    }


def frames(call: Call, answer: Answer) -> list[Frame]:
    """The answer as events, from message_start to message_stop."""
    stop = {"stop_reason": _STOP_REASONS[answer.finish], "stop_sequence": None}
    return [
        _event(Part.OPEN, "message_start", message=_message(call)),
        _event(Part.OPEN, "ping"),
        *(
            frame
            for index, block in enumerate(_spoken(call, answer))
            for frame in _block_frames(index, *block)
        ),
        _event(Part.FINISH, "message_delta", delta=stop, usage={"output_tokens": answer.tokens}),
        _event(Part.MARKER, "message_stop"),
    ]


def error_frame(call: Call, problem: Problem) -> Frame:
    return Frame(Part.OTHER, compact(anthropic_error(problem, f"req_01{call.nonce}")), "error")


def _message(call: Call) -> dict[str, Any]:
    return {
        "id": f"msg_01{call.nonce}",
        "type": "message",
        "role": "assistant",
        "model": call.model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": call.prompt_tokens, "output_tokens": 1},
    }


def _event(part: Part, kind: str, **fields: Any) -> Frame:
    return Frame(part, compact({"type": kind} | fields), kind)


_Block = tuple[Part, dict[str, Any], str, str, tuple[str, ...]]


def _spoken(call: Call, answer: Answer) -> list[_Block]:
    """The blocks that have something to say: part, opening, delta type, delta field, pieces."""
    tool = {"type": "tool_use", "id": f"toolu_01{call.nonce}", "name": call.tool or TOOL, "input": {}}
    blocks: tuple[_Block, ...] = (
        (Part.THINKING, {"type": "thinking", "thinking": ""}, "thinking_delta", "thinking", answer.thinking),
        (Part.TEXT, {"type": "text", "text": ""}, "text_delta", "text", answer.text),
        (Part.TOOL, tool, "input_json_delta", "partial_json", answer.tool_input),
    )
    return [block for block in blocks if block[-1]]


def _block_frames(
    index: int, part: Part, opening: dict[str, Any], delta: str, field: str, pieces: tuple[str, ...]
) -> Iterator[Frame]:
    yield _event(Part.OPEN, "content_block_start", index=index, content_block=opening)
    for piece in pieces:
        yield _event(part, "content_block_delta", index=index, delta={"type": delta, field: piece})
    yield _event(Part.FINISH, "content_block_stop", index=index)


def _blocks(call: Call, answer: Answer) -> Iterator[dict[str, Any]]:
    for part, opening, _delta, field, pieces in _spoken(call, answer):
        whole = "".join(pieces)
        yield opening | ({"input": _parsed(whole)} if part is Part.TOOL else {field: whole})


def _parsed(tool_input: str) -> Any:
    try:
        return json.loads(tool_input)
    except ValueError:  # cut short: the vendor then sends what it could read, here nothing
        return {}
