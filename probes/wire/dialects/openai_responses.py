"""OpenAI's Responses API: events with a type each, and one object that grows."""

from collections.abc import Callable

from probes.wire.dialects import tool
from probes.wire.dialects.base import TOOL, Observed, WireRequest, ask_model, read_typed, tokens_used
from probes.wire.dialects.look_up import LOOK_UPS, look_up
from probes.wire.documents import (
    Document,
    first_of,
    list_of,
    mapping_of,
    parts_text,
    string_of,
    text_of,
)
from probes.wire.error_shapes import describe_error, find_error

LEAST_OUTPUT = 16  # tokens; the API refuses less, so less cannot be asked for
_TOOLS = [{"type": "function", **tool.AS_FUNCTION}]


class OpenAIResponses:
    name = "openai_responses"

    def request_for(
        self, step: str, *, model: str, prompt: str, max_tokens: int, task_id: str = "", path: str = ""
    ) -> WireRequest:
        if step in LOOK_UPS:
            return look_up(step, path=path, models_path="/models")
        body = {"model": model, "input": prompt, "max_output_tokens": max(max_tokens, LEAST_OUTPUT)}
        return ask_model(step, "/responses", body | ({"tools": _TOOLS} if step == TOOL else {}))

    def auth_headers(self, key: str) -> dict[str, str]:
        return {"authorization": f"Bearer {key}"}

    def read_event(self, event: str, document: object) -> Observed:
        return read_typed(event, document, by=_EVENTS)

    def read_body(self, document: object) -> Observed:
        return _response(mapping_of(document))


def _response(body: Document) -> Observed:
    """The response object: a whole body, or what the last event carries."""
    items = [mapping_of(item) for item in list_of(body.get("output"))]
    return Observed(
        text="".join(parts_text(item.get("content")) for item in items if item.get("type") == "message"),
        reasoning="".join(_thought(item) for item in items if item.get("type") == "reasoning"),
        tool_calls=sum(1 for item in items if _is_call(item)),
        finish_reason=_finish(body),
        usage=tokens_used(mapping_of(body.get("usage")), prompt="input_tokens", completion="output_tokens"),
        error=find_error(body),
        begins="output" in body,
        answer_id=text_of(body.get("id")),
        model=text_of(body.get("model")),
        known=bool(find_error(body)) or "output" in body or "status" in body,
    )


def _thought(item: Document) -> str:
    return parts_text(first_of(item, "content", "summary"))


def _is_call(item: Document) -> bool:
    return string_of(item.get("type")).endswith("_call")


def _finish(body: Document) -> str:
    """Why it ended: the reason of an incomplete answer says more than its status."""
    status = string_of(body.get("status"))
    reason = string_of(mapping_of(body.get("incomplete_details")).get("reason"))
    return reason or (status if status not in ("queued", "in_progress") else "")


def _created(body: Document) -> Observed:
    response = mapping_of(body.get("response"))
    return Observed(begins=True, answer_id=text_of(response.get("id")), model=text_of(response.get("model")))


def _ended(body: Document) -> Observed:
    """The text came in deltas before: counting the whole object would count it twice."""
    seen = _response(mapping_of(body.get("response")))
    return Observed(
        finish_reason=seen.finish_reason or string_of(body.get("type")).removeprefix("response."),
        usage=seen.usage,
        error=seen.error,
        answer_id=seen.answer_id,
        model=seen.model,
        done=True,
    )


def _text(body: Document) -> Observed:
    return Observed(text=string_of(body.get("delta")))


def _reasoning(body: Document) -> Observed:
    return Observed(reasoning=string_of(body.get("delta")))


def _fragment(body: Document) -> Observed:
    return Observed(tool_fragment=True)


def _item(body: Document) -> Observed:
    return Observed(tool_calls=int(_is_call(mapping_of(body.get("item")))))


def _failure(body: Document) -> Observed:
    return Observed(error=describe_error({**body, "type": ""}))


_EVENTS: dict[str, Callable[[Document], Observed]] = {
    "response.created": _created,
    "response.output_item.added": _item,
    "response.output_text.delta": _text,
    "response.refusal.delta": _text,
    "response.reasoning_text.delta": _reasoning,
    "response.reasoning_summary_text.delta": _reasoning,
    "response.function_call_arguments.delta": _fragment,
    "response.completed": _ended,
    "response.incomplete": _ended,
    "response.failed": _ended,
    "response.cancelled": _ended,
    "keepalive": lambda body: Observed(heartbeat=True),
    "ping": lambda body: Observed(heartbeat=True),
    "error": _failure,
}
