"""Requests that cannot be served as they are: models, parameters, protocols, clocks and content."""

from triage.verdicts.reading import Answer
from triage.verdicts.rules.family import ErrorFamily
from triage.verdicts.texts import load_leads

_LEADS = load_leads("requests")

NO_CHANNEL = _LEADS["no_channel"]
MODEL_UNKNOWN = _LEADS["model_unknown"]
RETIRED = _LEADS["retired"]
NOT_PERMITTED = _LEADS["not_permitted"]
MISCONFIGURED = _LEADS["misconfigured"]
PROTOCOL = _LEADS["protocol"]
BAD_PARAMETER = _LEADS["bad_parameter"]
CLOCK = _LEADS["clock"]
TOO_LONG = _LEADS["too_long"]
CONTENT = _LEADS["content"]


def clock_off(answer: Answer) -> str:
    """Tokens that are refused because two clocks disagree look like bad keys."""
    return (
        "client.clock_skew" if answer.status in (400, 401, 403, None) and CLOCK.found_in(answer.text) else ""
    )


def model_without_channel(answer: Answer) -> str:
    """503 for a name that the gateway cannot route; only the model list tells a typo from an outage."""
    return "model.no_channel" if NO_CHANNEL.found_in(answer.text) else ""


def parameter_named(answer: Answer) -> str:
    """Gateways answer 500 to a missing field; the code tells that the request was at fault."""
    wrong = answer.code in ("invalid_request", "invalid_parameter_error") or answer.kind in (
        "invalid_request",
        "invalid_parameter_error",
    )
    return "client.bad_parameter" if wrong and answer.status == 500 else ""


def retired_model(answer: Answer) -> str:
    about_model = "model" in answer.text or "模型" in answer.text
    return (
        "model.retired"
        if about_model and answer.status in (400, 403, 404, 410, None) and RETIRED.found_in(answer.text)
        else ""
    )


REQUEST_WORDS = (
    ("content.blocked", CONTENT),
    ("client.context_too_long", TOO_LONG),
    ("client.protocol_mismatch", PROTOCOL),
)


def worded_request_fault(answer: Answer) -> str:
    """Words that say more than the broad codes (`invalid_request_error`) that come with them."""
    if answer.status in (429, 402, 524):
        return ""
    return next((code for code, lead in REQUEST_WORDS if lead.found_in(answer.text)), "")


LAST_LEADS = (("model.not_permitted", NOT_PERMITTED), ("client.bad_parameter", BAD_PARAMETER))
"""Words that any refusal may use: those of all other families are sought first."""

FAMILY = ErrorFamily(
    special=(clock_off, retired_model, model_without_channel, parameter_named),
    codes={
        "model_not_found": "model.unknown",
        "1211": "model.unknown",
        "deploymentnotfound": "model.unknown",
        "model_not_supported": "model.unknown",
        "get_channel_failed": "model.no_channel",
        "access_denied": "model.not_permitted",
        "key_model_access_denied": "model.not_permitted",
        "modelnotopen": "model.not_permitted",  # Volcengine Ark
        "team_model_access_denied": "model.not_permitted",
        "user_model_access_denied": "model.not_permitted",
        "org_model_access_denied": "model.not_permitted",
        "project_model_access_denied": "model.not_permitted",
        "channel:model_mapped_error": "gateway.misconfigured",
        "channel:param_override_invalid": "gateway.misconfigured",
        "channel:header_override_invalid": "gateway.misconfigured",
        "model_price_error": "gateway.misconfigured",
        "model_mapped_error": "gateway.misconfigured",
        "context_length_exceeded": "client.context_too_long",
        "string_above_max_length": "client.context_too_long",
        "content_filter": "content.blocked",
        "content_policy_violation": "content.blocked",
        "moderation_blocked": "content.blocked",
        "sensitive_words_detected": "content.blocked",
        "prompt_blocked": "content.blocked",
        "data_inspection_failed": "content.blocked",
        "1301": "content.blocked",
        "1214": "client.bad_parameter",
        "1231": "client.bad_parameter",
        "unsupported_parameter": "client.bad_parameter",
        "unsupported_value": "client.bad_parameter",
        "invalid_parameter": "client.bad_parameter",
        "invalidparameter": "client.bad_parameter",
        "missing_required_parameter": "client.bad_parameter",
        "unknown_parameter": "client.bad_parameter",
    },
    leads=(
        ("gateway.misconfigured", MISCONFIGURED),
        ("model.unknown", MODEL_UNKNOWN),
        *REQUEST_WORDS,
    ),
    statuses={
        404: "model.unknown",
        400: "client.bad_parameter",
        422: "client.bad_parameter",
        409: "client.bad_parameter",
        403: "model.not_permitted",
    },
)
