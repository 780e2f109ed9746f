"""One error as a value, and the envelopes in which each protocol hands it over."""

import json
from dataclasses import dataclass
from typing import Any

_CLAUDE_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """The parts of an error that the protocols share."""

    message: str
    type: str
    code: str | int | None = None
    param: str | None = None


def claude_type(status: int) -> str:
    """The name that Anthropic gives to a status."""
    return _CLAUDE_TYPES.get(status, "api_error")


def openai_error(problem: Problem) -> dict[str, Any]:
    parts = {"message": problem.message, "type": problem.type, "param": problem.param, "code": problem.code}
    return {"error": parts}


def anthropic_error(problem: Problem, request_id: str) -> dict[str, Any]:
    return {
        "type": "error",
        "error": {"type": problem.type, "message": problem.message},
        "request_id": request_id,
    }


def compact(value: Any) -> str:
    """JSON as the vendors send it: no spaces, text in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
