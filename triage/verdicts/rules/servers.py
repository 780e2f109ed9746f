"""Faults of the servers behind the API: overload, upstream errors and timeouts, the gateway's own."""

from triage.verdicts.reading import Answer
from triage.verdicts.rules.family import ErrorFamily
from triage.verdicts.texts import load_leads

_LEADS = load_leads("servers")

OVERLOADED = _LEADS["overloaded"]
GATEWAY_OWN = _LEADS["gateway_own"]
UPSTREAM_WORDS = _LEADS["upstream_words"]
UPSTREAM_TIMEOUT = _LEADS["upstream_timeout"]
DEADLINE = _LEADS["deadline"]


def overloaded(answer: Answer) -> str:
    """Said in words or by the status that Anthropic made for it."""
    if (
        answer.status == 529
        or answer.code in ("server_is_overloaded", "overloaded_error", "unavailable")
        or answer.kind in ("overloaded_error", "unavailable")
    ):
        return "upstream.overloaded"
    spoken = answer.status in (500, 502, 503, 200, None) and OVERLOADED.found_in(answer.text)
    from_api = not (answer.html or answer.is_declared)
    plain_503 = from_api and answer.status == 503 and "service unavailable" in answer.text
    return "upstream.overloaded" if spoken or plain_503 else ""


def own_breakage(answer: Answer) -> str:
    """Gateways give their own faults the codes of routing; the text shows what they could not reach.

    In a ticket without a status the same words may tell of the customer's own database.
    """
    at_fault = (answer.status or 0) >= 500 and GATEWAY_OWN.found_in(answer.text)
    return "gateway.internal" if at_fault and not UPSTREAM_WORDS.found_in(answer.text) else ""


def passed_deadline(answer: Answer) -> str:
    """A deadline that a server reports; in a ticket the same words are a Go client's own."""
    from_server = not answer.is_declared or (answer.status or 0) >= 500
    return "timeout.upstream" if from_server and DEADLINE.found_in(answer.text) else ""


FAMILY = ErrorFamily(
    special=(overloaded, own_breakage, passed_deadline),
    codes={
        "server_is_overloaded": "upstream.overloaded",
        "overloaded_error": "upstream.overloaded",
        "service_unavailable_error": "upstream.overloaded",
        "channel:response_time_exceeded": "timeout.upstream",
        "timeout_error": "timeout.upstream",
        "upstream_timeout": "timeout.upstream",
        "no_db_connection": "gateway.internal",
        "do_request_failed": "upstream.error",
        "bad_response_status_code": "upstream.error",
        "bad_response_body": "body.malformed",
        "bad_response": "upstream.error",
        "empty_response": "body.empty",
    },
    leads=(
        ("timeout.upstream", UPSTREAM_TIMEOUT),
        ("upstream.error", UPSTREAM_WORDS),
    ),
    statuses={
        408: "timeout.upstream",
        500: "upstream.error",
        502: "upstream.error",
        503: "upstream.error",
        504: "timeout.upstream",
        529: "upstream.overloaded",
    },
)

TYPES = {
    "authentication_error": "auth.key_unknown",
    "auth_error": "auth.key_unknown",
    "permission_error": "model.not_permitted",
    "permission_denied": "model.not_permitted",
    "not_found_error": "model.unknown",
    "rate_limit_error": "limit.gateway_rate",
    "resource_exhausted": "limit.upstream_rate",
    "insufficient_quota": "balance.empty",
    "insufficient_user_quota": "balance.empty",
    "rate_limit_exceeded": "limit.gateway_rate",
    "invalid_request_error": "client.bad_parameter",
    "conflict_error": "client.bad_parameter",
    "upstream_error": "upstream.error",
    "openai_error": "upstream.error",
    "claude_error": "upstream.error",
    "gemini_error": "upstream.error",
    "midjourney_error": "upstream.error",
    "api_error": "upstream.error",
    "server_error": "upstream.error",
    "new_api_error": "gateway.internal",
    "one_api_error": "gateway.internal",
    "internal_server_error": "gateway.internal",
}
"""Broad names of codes and types, read after the words because they are shared by opposite causes."""
