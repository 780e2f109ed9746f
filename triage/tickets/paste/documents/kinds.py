"""What a document is: the body of a request, an answer, or a line of a log."""

from collections.abc import Mapping
from typing import Any, Final

from probes.wire.documents import mapping_of, text_of

_PROMPTS: Final = frozenset(
    (
        "messages",
        "prompt",
        "input",
        "contents",
        "system",
        "instructions",
        "system_instruction",
        "query",
        "text",
        "image",
        "images",
    )
)
_ANSWERS: Final = frozenset(
    ("choices", "output", "candidates", "completion", "content", "delta", "output_text")
)


def request_in(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document if it is the body of a request, or the one that a log wraps; else an empty one."""
    wrapped = (
        mapping_of(value.get(name))
        for name in ("json_data", "body", "request", "payload", "data", "params", "json", "requestBodyValues")
    )
    return next((one for one in (value, *wrapped) if is_request(one)), {})


def is_request(value: Mapping[str, Any]) -> bool:
    return (
        isinstance(value.get("model"), str)
        and bool(
            {"messages", "prompt", "input", "max_tokens", "temperature", "contents", "max_completion_tokens"}
            & value.keys()
        )
        and not ({"usage", "choices", "created", "object"} & value.keys())
    )


def has_prompt(value: Mapping[str, Any]) -> bool:
    return bool(_PROMPTS & value.keys())


def without_prompts(value: Mapping[str, Any]) -> str:
    """The document in one line, without what the customer sent."""
    kept = {
        name: {key: item for key, item in part.items() if key not in _PROMPTS}
        if isinstance(part, Mapping) and is_request(part)
        else part
        for name, part in value.items()
        if not isinstance(part, Mapping) or part
    }
    return text_of(kept)


def is_answer(value: Mapping[str, Any]) -> bool:
    says = any(value.get(name) for name in _ANSWERS)
    return says and bool({"id", "model", "usage", "object", "type", "role", "usageMetadata"} & value.keys())


def is_record(value: Mapping[str, Any]) -> bool:
    """A line of a log, in which an error stands beside a time and a path."""
    return (
        len(value) > 4
        and bool({"level", "ts", "timestamp", "time", "@timestamp", "created_at"} & value.keys())
        and not isinstance(value.get("error"), Mapping)
    )
