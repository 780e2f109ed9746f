"""Anthropic's messages API with its native events."""

from collections.abc import Callable

from probes.wire.dialects import tool
from probes.wire.dialects.base import TOOL, Observed, Usage, WireRequest, ask_model, read_typed, tokens_used
from probes.wire.dialects.look_up import LOOK_UPS, look_up
from probes.wire.documents import Document, list_of, mapping_of, parts_text, string_of, text_of
from probes.wire.error_shapes import describe_error, find_error

_VERSION = ("anthropic-version", "2023-06-01")
_MODELS = "/v1/models?limit=1000"  # the most that one page holds; by default it is 20
_TOOLS = [{"name": tool.NAME, "description": tool.DESCRIPTION, "input_schema": tool.SCHEMA}]


class Anthropic:
    name = "anthropic"

    def request_for(
        self, step: str, *, model: str, prompt: str, max_tokens: int, task_id: str = "", path: str = ""
    ) -> WireRequest:
        """The path brings its own /v1, as in Anthropic's SDK, whose base URL has none."""
        if step in LOOK_UPS:
            return look_up(step, path=path, models_path=_MODELS).with_header(*_VERSION)
        body = {
            "model": model,
            "max_tokens": max_tokens,
            "messages": [{"role": "user", "content": prompt}],
        }
        request = ask_model(step, "/v1/messages", body | ({"tools": _TOOLS} if step == TOOL else {}))
        return request.with_header(*_VERSION)

    def auth_headers(self, key: str) -> dict[str, str]:
        return {"x-api-key": key}

    def read_event(self, event: str, document: object) -> Observed:
        return read_typed(event, document, by=_EVENTS)

    def read_body(self, document: object) -> Observed:
        body = mapping_of(document)
        blocks = [mapping_of(block) for block in list_of(body.get("content"))]
        return Observed(
            text=parts_text(body.get("content")),
            reasoning=parts_text(body.get("content"), kind="thinking"),
            tool_calls=sum(1 for block in blocks if _is_call(block)),
            finish_reason=text_of(body.get("stop_reason")),
            usage=_usage(body),
            error=find_error(document),
            begins="content" in body,
            answer_id=text_of(body.get("id")),
            model=text_of(body.get("model")),
            known=bool(find_error(document)) or "content" in body,
        )


def _usage(body: Document) -> Usage | None:
    """message_start names the input, message_delta the output: each alone is half of it."""
    return tokens_used(mapping_of(body.get("usage")), prompt="input_tokens", completion="output_tokens")


def _is_call(block: Document) -> bool:
    return string_of(block.get("type")).endswith("tool_use")


def _message_start(body: Document) -> Observed:
    message = mapping_of(body.get("message"))
    return Observed(
        begins=True,
        answer_id=text_of(message.get("id")),
        model=text_of(message.get("model")),
        usage=_usage(message),
    )


def _block_start(body: Document) -> Observed:
    block = mapping_of(body.get("content_block"))
    return Observed(
        text=string_of(block.get("text")),
        reasoning=string_of(block.get("thinking")),
        tool_calls=int(_is_call(block)),
    )


def _block_delta(body: Document) -> Observed:
    delta = mapping_of(body.get("delta"))
    return Observed(
        text=string_of(delta.get("text")),
        reasoning=string_of(delta.get("thinking")),
        tool_fragment="partial_json" in delta,
    )


def _message_delta(body: Document) -> Observed:
    stop = mapping_of(body.get("delta")).get("stop_reason")
    return Observed(finish_reason=text_of(stop), usage=_usage(body))


def _failure(body: Document) -> Observed:
    return Observed(error=describe_error(body))


_EVENTS: dict[str, Callable[[Document], Observed]] = {
    "message_start": _message_start,
    "content_block_start": _block_start,
    "content_block_delta": _block_delta,
    "content_block_stop": lambda body: Observed(),
    "message_delta": _message_delta,
    "message_stop": lambda body: Observed(done=True),
    "ping": lambda body: Observed(heartbeat=True),
    "error": _failure,
}
