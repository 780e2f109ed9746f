"""Answers in the shape of OpenAI Responses: typed, numbered events that end with response.completed."""

from typing import Any

from probes.lab.call import Call
from probes.lab.problem import Problem, compact
from probes.lab.speech import TOOL, Answer, Finish, Frame, Part

HEARTBEAT = b": keep-alive\n\n"
_ID_PREFIXES = {"reasoning": "rs", "message": "msg", "function_call": "fc"}
_INCOMPLETE = {Finish.LENGTH: "max_output_tokens", Finish.CONTENT_FILTER: "content_filter"}


def document(call: Call, answer: Answer) -> dict[str, Any]:
    """The whole answer as one JSON object."""
    reason = _INCOMPLETE.get(answer.finish)
    return _base(call, "incomplete" if reason else "completed") | {
        "incomplete_details": {"reason": reason} if reason else None,
        "output": _output(call, answer),
        "usage": {
            "input_tokens": call.prompt_tokens,
            "output_tokens": answer.tokens,
            "output_tokens_details": {"reasoning_tokens": len(answer.thinking)},
            "total_tokens": call.prompt_tokens + answer.tokens,
        },
    }


def frames(call: Call, answer: Answer) -> list[Frame]:
    """The answer as events; the last one carries the whole document again."""
    return _numbered([*_opening(call), *_content(call, answer), *_closing(call, answer)])


def error_frame(call: Call, problem: Problem) -> Frame:
    parts = {
        "type": "error",
        "code": problem.code or problem.type,
        "message": problem.message,
        "param": problem.param,
    }
    return Frame(Part.OTHER, compact(parts), "error")


def _base(call: Call, status: str) -> dict[str, Any]:
    return {
        "id": f"resp_{call.nonce}",
        "object": "response",
        "created_at": call.epoch,
        "status": status,
        "error": None,
        "model": call.model,
    }


def _event(part: Part, kind: str, **fields: Any) -> tuple[Part, dict[str, Any]]:
    return part, {"type": kind} | fields


def _numbered(events: list[tuple[Part, dict[str, Any]]]) -> list[Frame]:
    return [
        Frame(part, compact(fields | {"sequence_number": number}), fields["type"])
        for number, (part, fields) in enumerate(events)
    ]


def _opening(call: Call) -> list[tuple[Part, dict[str, Any]]]:
    started = _base(call, "in_progress") | {"output": []}
    return [
        _event(Part.OPEN, "response.created", response=started),
        _event(Part.OPEN, "response.in_progress", response=started),
    ]


def _content(call: Call, answer: Answer) -> list[tuple[Part, dict[str, Any]]]:
    spoken = (
        (Part.THINKING, "reasoning", "response.reasoning_summary_text", answer.thinking),
        (Part.TEXT, "message", "response.output_text", answer.text),
        (Part.TOOL, "function_call", "response.function_call_arguments", answer.tool_input),
    )
    present = [row for row in spoken if row[-1]]
    return [event for index, row in enumerate(present) for event in _item(call, index, *row)]


def _item(
    call: Call, index: int, part: Part, kind: str, name: str, pieces: tuple[str, ...]
) -> list[tuple[Part, dict[str, Any]]]:
    item = {"id": _item_id(call, kind), "type": kind, "status": "in_progress"}
    place = {"item_id": item["id"], "output_index": index}
    whole = {"arguments" if part is Part.TOOL else "text": "".join(pieces)}
    return [
        _event(Part.OPEN, "response.output_item.added", output_index=index, item=item),
        *(_event(part, f"{name}.delta", delta=piece, **place) for piece in pieces),
        _event(Part.FINISH, f"{name}.done", **whole, **place),
        _event(
            Part.FINISH, "response.output_item.done", output_index=index, item=item | {"status": "completed"}
        ),
    ]


def _closing(call: Call, answer: Answer) -> list[tuple[Part, dict[str, Any]]]:
    whole = document(call, answer)
    return [_event(Part.MARKER, f"response.{whole['status']}", response=whole)]


def _output(call: Call, answer: Answer) -> list[dict[str, Any]]:
    thoughts = [{"type": "summary_text", "text": "".join(answer.thinking)}]
    words = [{"type": "output_text", "text": "".join(answer.text), "annotations": []}]
    arguments = "".join(answer.tool_input)
    items = (
        (answer.thinking, {"type": "reasoning", "summary": thoughts}),
        (answer.text, {"type": "message", "role": "assistant", "status": "completed", "content": words}),
        (answer.tool_input, {"type": "function_call", "name": call.tool or TOOL, "arguments": arguments}),
    )
    return [item | {"id": _item_id(call, str(item["type"]))} for pieces, item in items if pieces]


def _item_id(call: Call, kind: str) -> str:
    return f"{_ID_PREFIXES[kind]}_{call.nonce}"
