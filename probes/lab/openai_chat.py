"""Answers in the shape of OpenAI chat completions."""

from typing import Any

from probes.lab.call import Call
from probes.lab.problem import Problem, compact, openai_error
from probes.lab.speech import TOOL, Answer, Frame, Part

HEARTBEAT = b": keep-alive\n\n"


def document(call: Call, answer: Answer) -> dict[str, Any]:
    """The whole answer as one JSON object."""
    choice = {"index": 0, "message": _message(call, answer), "logprobs": None, "finish_reason": answer.finish}
    return _base(call, "chat.completion") | {"choices": [choice], "usage": usage(call, answer)}


def frames(call: Call, answer: Answer) -> list[Frame]:
    """The answer as events, the usage chunk only when the caller asked for it."""
    return [
        _delta(call, Part.OPEN, {"role": "assistant", "content": ""}),
        *(_delta(call, Part.THINKING, {"reasoning_content": piece}) for piece in answer.thinking),
        *(_delta(call, Part.TEXT, {"content": piece}) for piece in answer.text),
        *_tool_frames(call, answer),
        _delta(call, Part.FINISH, {}, answer.finish),
        *([usage_frame(call, answer)] if call.wants_usage else []),
        Frame(Part.MARKER, "[DONE]"),
    ]


def usage_frame(call: Call, answer: Answer) -> Frame:
    """The chunk with usage and no choices, on which clients that index choices[0] break."""
    return Frame(
        Part.USAGE,
        compact(_base(call, "chat.completion.chunk") | {"choices": [], "usage": usage(call, answer)}),
    )


def error_frame(call: Call, problem: Problem) -> Frame:
    return Frame(Part.OTHER, compact(openai_error(problem)))


def usage(call: Call, answer: Answer) -> dict[str, Any]:
    return {
        "prompt_tokens": call.prompt_tokens,
        "completion_tokens": answer.tokens,
        "total_tokens": call.prompt_tokens + answer.tokens,
        "completion_tokens_details": {"reasoning_tokens": len(answer.thinking)},
    }


def _base(call: Call, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{call.nonce}",
        "object": kind,
        "created": call.epoch,
        "model": call.model,
        "system_fingerprint": "fp_lab0000001",
    }


def _delta(call: Call, part: Part, delta: dict[str, Any], finish: str | None = None) -> Frame:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return Frame(part, compact(_base(call, "chat.completion.chunk") | {"choices": [choice]}))


def _tool_frames(call: Call, answer: Answer) -> list[Frame]:
    opening = {"index": 0, "id": f"call_{call.nonce}", "type": "function"}
    names = (
        [opening | {"function": {"name": call.tool or TOOL, "arguments": ""}}] if answer.tool_input else []
    )
    inputs = [{"index": 0, "function": {"arguments": piece}} for piece in answer.tool_input]
    return [_delta(call, Part.TOOL, {"tool_calls": [part]}) for part in (*names, *inputs)]


def _message(call: Call, answer: Answer) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": "".join(answer.text), "refusal": None}
    if answer.thinking:
        message["reasoning_content"] = "".join(answer.thinking)
    if answer.tool_input:
        function = {"name": call.tool or TOOL, "arguments": "".join(answer.tool_input)}
        message["content"] = None
        message["tool_calls"] = [{"id": f"call_{call.nonce}", "type": "function", "function": function}]
    return message
