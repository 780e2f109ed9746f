"""OpenAI chat completions, as spoken by every gateway that calls itself compatible."""

from probes.wire.dialects import tool
from probes.wire.dialects.base import TOOL, Observed, Usage, WireRequest, ask_model, tokens_used
from probes.wire.dialects.look_up import LOOK_UPS, look_up
from probes.wire.documents import Document, first_of, list_of, mapping_of, parts_text, text_of
from probes.wire.error_shapes import find_error
from probes.wire.reasoning_models import refuses_max_tokens

_TOOLS = [{"type": "function", "function": tool.AS_FUNCTION}]


class OpenAIChat:
    name = "openai_chat"

    def request_for(
        self, step: str, *, model: str, prompt: str, max_tokens: int, task_id: str = "", path: str = ""
    ) -> WireRequest:
        """Nothing but what the step needs: an option like stream_options is one more thing to be refused."""
        if step in LOOK_UPS:
            return look_up(step, path=path, models_path="/models")
        limit = "max_completion_tokens" if refuses_max_tokens(model) else "max_tokens"
        body = {"model": model, "messages": [{"role": "user", "content": prompt}], limit: max_tokens}
        return ask_model(step, "/chat/completions", body | ({"tools": _TOOLS} if step == TOOL else {}))

    def auth_headers(self, key: str) -> dict[str, str]:
        return {"authorization": f"Bearer {key}"}

    def read_event(self, event: str, document: object) -> Observed:
        return _read(document, part="delta")

    def read_body(self, document: object) -> Observed:
        return _read(document, part="message")


def _read(document: object, *, part: str) -> Observed:
    chunk = mapping_of(document)
    error = find_error(document)
    choices = chunk.get("choices")
    if not isinstance(choices, list):
        return Observed(
            error=error,
            usage=_usage(chunk),
            model=text_of(chunk.get("model")),
            known=bool(error or _is_harmless(chunk)),
            heartbeat=chunk.get("type") == "ping",
        )
    first = mapping_of(choices[0]) if choices else {}
    message = _message(first, part)
    calls = _calls(message)
    return Observed(
        text=_text(message) or parts_text(first.get("text")),
        reasoning=_reasoning(message),
        tool_calls=sum(1 for call in calls if _begins_call(call)),
        tool_fragment=bool(calls),
        finish_reason=_finish(first),
        usage=_usage(chunk),
        error=error or find_error(first if first.get("error") else None),
        answer_id=text_of(chunk.get("id")),
        begins=bool(message.get("role")),
        empty_choices=not choices,
        model=text_of(chunk.get("model")),
    )


def _finish(choice: Document) -> str:
    """DashScope and some gateways write null as a word until the end is there."""
    word = text_of(choice.get("finish_reason"))
    return "" if word in ("null", "None") else word


def _is_harmless(chunk: Document) -> bool:
    """A document without choices that clients pass over, since it says what it is."""
    return bool(chunk.get("object") or chunk.get("type") or chunk.get("usage"))


def _message(choice: Document, part: str) -> Document:
    """Some gateways put the whole message where the delta belongs, and the other way round."""
    return mapping_of(first_of(choice, part, "delta", "message"))


def _text(message: Document) -> str:
    return parts_text(message.get("content")) or parts_text(message.get("refusal"))


def _reasoning(message: Document) -> str:
    named = first_of(message, "reasoning_content", "reasoning", "thinking")
    return parts_text(named) or parts_text(message.get("content"), kind="thinking")


def _calls(message: Document) -> list[Document]:
    calls = list_of(message.get("tool_calls"))
    legacy = message.get("function_call")
    return [mapping_of(call) for call in calls] or ([{"function": legacy}] if legacy else [])


def _begins_call(call: Document) -> bool:
    """Only the first fragment of a call carries its id or its function's name."""
    return bool(call.get("id") or mapping_of(call.get("function")).get("name"))


def _usage(chunk: Document) -> Usage | None:
    usage = mapping_of(chunk.get("usage"))
    return tokens_used(usage, prompt="prompt_tokens", completion="completion_tokens")
