"""Errors in JSON as a table: the words of one-api, new-api, LiteLLM, OpenAI, Anthropic, Azure and Gemini."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from functools import partial
from typing import Any

from probes.lab.answering import Performer, answer
from probes.lab.call import JSON, Call, gateway_headers, http_date
from probes.lab.framing import Headers, Line
from probes.lab.problem import Problem, claude_type, compact
from probes.lab.protocols import PROTOCOLS

_BEIJING = timezone(timedelta(hours=8))


class Origin(StrEnum):
    """Who wrote the error: a gateway keeps its type in every protocol and adds its request id to the text."""

    GATEWAY = "gateway"
    UPSTREAM = "upstream"
    PROXY = "proxy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One error. `message` may hold {model}, {key}, {arg} and {path}; `claude` replaces it under Anthropic.

    `only` limits it to "stream" or "control" requests; `fields` stand in the error object, `beside`
    next to it, and `body` replaces both.
    """

    status: int
    message: str = ""
    type: str = "new_api_error"
    code: str | int | None = None
    param: str | None = None
    claude: str = ""
    origin: Origin = Origin.GATEWAY
    only: str = ""
    headers: Callable[[Call], Headers] = lambda call: ()
    fields: Callable[[Call], dict[str, Any]] = lambda call: {}
    beside: Callable[[Call], dict[str, Any]] = lambda call: {}
    body: Callable[[Call], dict[str, Any]] | None = None
    after_s: Callable[[Call], float] = lambda call: 0.0


def body_of(trouble: Trouble, call: Call) -> dict[str, Any]:
    """The JSON object that this trouble answers to this call."""
    if trouble.body:
        return trouble.body(call)
    envelope = PROTOCOLS[call.protocol].error(call, _problem(trouble, call))
    envelope["error"] |= trouble.fields(call)
    return envelope | trouble.beside(call)


async def refuse(trouble: Trouble, call: Call, line: Line) -> None:
    """Answer with the trouble, or healthily when it does not concern this kind of request."""
    if trouble.only and call.stream != (trouble.only == "stream"):
        await answer(call, line)
        return
    await line.rest(trouble.after_s(call))
    headers = (*gateway_headers(call, JSON), *trouble.headers(call))
    await line.whole(trouble.status, headers, compact(body_of(trouble, call)).encode())


def _problem(trouble: Trouble, call: Call) -> Problem:
    anthropic = call.protocol == "anthropic"
    words = trouble.claude if anthropic and trouble.claude else trouble.message
    text = words.format(model=call.model, key=call.key, arg=f"{call.arg:g}", path=call.request.path)
    if trouble.origin is Origin.GATEWAY:
        text = f"{text} (request id: {call.request_id})"
    kind = claude_type(trouble.status) if anthropic and trouble.origin is Origin.UPSTREAM else trouble.type
    return Problem(message=text, type=kind, code=trouble.code, param=trouble.param)


def _after(call: Call) -> datetime:
    return call.now + timedelta(seconds=call.arg)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _next_midnight_in_beijing(call: Call) -> datetime:
    tomorrow = call.now.astimezone(_BEIJING).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=_BEIJING)


def _retry_after_seconds(call: Call) -> Headers:
    return (("retry-after", f"{call.arg:g}"),)


def _retry_after_date(call: Call) -> Headers:
    return (("retry-after", http_date(_after(call))),)


def _retry_after_ms(call: Call) -> Headers:
    return (("retry-after-ms", f"{call.arg:g}"), ("x-should-retry", "true"))


def _openai_limits(call: Call) -> Headers:
    return (
        ("x-ratelimit-limit-requests", "60"),
        ("x-ratelimit-remaining-requests", "0"),
        ("x-ratelimit-reset-requests", f"{call.arg:g}s"),
        ("x-ratelimit-limit-tokens", "150000"),
        ("x-ratelimit-remaining-tokens", "149984"),
        ("x-ratelimit-reset-tokens", "6ms"),
    )


def _anthropic_limits(call: Call) -> Headers:
    return (
        ("anthropic-ratelimit-requests-limit", "50"),
        ("anthropic-ratelimit-requests-remaining", "0"),
        ("anthropic-ratelimit-requests-reset", _iso(_after(call))),
        ("anthropic-ratelimit-tokens-limit", "40000"),
        ("anthropic-ratelimit-tokens-remaining", "38000"),
        ("anthropic-ratelimit-tokens-reset", _iso(call.now)),
        ("retry-after", f"{call.arg:g}"),
    )


def _litellm_cooldown(call: Call) -> Headers:
    return (("x-litellm-call-id", call.nonce), ("x-litellm-version", "1.80.0"))


def _gemini_daily_quota(call: Call) -> dict[str, Any]:
    violation = {
        "quotaMetric": "generativelanguage.googleapis.com/generate_content_free_tier_requests",
        "quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
        "quotaValue": "250",
    }
    details = [
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "27s"},
    ]
    message = "You exceeded your current quota, please check your plan and billing details."
    return {"error": {"code": 429, "message": message, "status": "RESOURCE_EXHAUSTED", "details": details}}


def _schema_violation(call: Call) -> dict[str, Any]:
    where = ["body", "temperature"]
    return {
        "detail": [
            {"type": "float_parsing", "loc": where, "msg": "Input should be a valid number", "input": "x"}
        ]
    }


def _arg(call: Call) -> float:
    return call.arg


_gateway = Trouble
_upstream = partial(Trouble, origin=Origin.UPSTREAM)
_proxy = partial(Trouble, origin=Origin.PROXY)

BAD_GATEWAY = _gateway(
    status=502, type="upstream_error", code="bad_response_status_code", message="bad response status code 502"
)
_RPM = (
    "Rate limit reached for {model} in organization org-lab on requests per min (RPM): "
    "Limit 60, Used 60, Requested 1."
)
_CLAUDE_RPM = "This request would exceed your organization's rate limit of 50 requests per minute."

REQUESTS: Mapping[str, Trouble] = {
    "bad_param_400": _upstream(
        status=400,
        type="invalid_request_error",
        code="unsupported_value",
        param="temperature",
        message="Unsupported value: 'temperature' does not support 3 with this model. Use the default (1).",
        claude="temperature: Input should be less than or equal to 1",
    ),
    "param_422": _proxy(status=422, body=_schema_violation),
    "context_length_400": _upstream(
        status=400,
        type="invalid_request_error",
        code="context_length_exceeded",
        param="messages",
        message="This model's maximum context length is 128000 tokens. However, your messages resulted in "
        "131482 tokens. Please reduce the length of the messages.",
        claude="prompt is too long: 208310 tokens > 200000 maximum",
    ),
    "content_filter_400": _upstream(
        status=400,
        type="invalid_request_error",
        code="content_filter",
        param="prompt",
        message="The response was filtered due to the prompt triggering the content management policy. "
        "Please modify your prompt and retry.",
        fields=lambda call: {"innererror": {"code": "ResponsibleAIPolicyViolation"}},
    ),
    "sensitive_words_400": _gateway(
        status=400,
        code="sensitive_words_detected",
        message="user sensitive words detected: 用户请求包含敏感词",
    ),
    "not_a_chat_model_404": _upstream(
        status=404,
        type="invalid_request_error",
        param="model",
        message="This is not a chat model and thus not supported in the v1/chat/completions endpoint. "
        "Did you mean to use v1/completions?",
    ),
    "new_api_500_invalid_request": _gateway(
        status=500, code="invalid_request", message="field messages is required"
    ),
    "too_large_413_json": _gateway(
        status=413,
        code="read_request_body_failed",
        message="request body too large",
        claude="Request exceeds the maximum size",
    ),
    "invalid_url_404": _proxy(
        status=404, type="invalid_request_error", message="Invalid URL (POST /v1{path})"
    ),
    "detail_404": _proxy(status=404, body=lambda call: {"detail": "Not Found"}),
    "method_405": _proxy(
        status=405,
        body=lambda call: {"detail": "Method Not Allowed"},
        headers=lambda call: (("allow", "POST"),),
    ),
    "stream_500": _upstream(
        status=500,
        only="stream",
        type="server_error",
        message="The server had an error while processing your request. Sorry about that!",
        claude="Internal server error",
    ),
    "stream_only_400": _upstream(
        status=400,
        only="control",
        type="invalid_request_error",
        code="invalid_parameter_error",
        message="Stream mode is required: this model only supports stream mode, "
        "please enable the stream parameter to access the model.",
    ),
}

PERMISSIONS: Mapping[str, Trouble] = {
    "model_404": _upstream(
        status=404,
        type="invalid_request_error",
        code="model_not_found",
        param="model",
        message="The model `{model}` does not exist or you do not have access to it.",
        claude="model: {model}",
    ),
    "model_retired_404": _upstream(
        status=404,
        type="invalid_request_error",
        code="model_not_found",
        param="model",
        message="The model `{model}` has been deprecated and is no longer available.",
        claude="model: {model} has been retired",
    ),
    "model_403": _gateway(status=403, message="该令牌无权使用模型：{model}"),
    "ip_not_allowed_403": _gateway(
        status=403, message="该令牌只能在指定网段使用：203.0.113.0/24，当前 ip：198.51.100.7"
    ),
    "suspended_403": _gateway(status=403, message="用户已被封禁"),
    "region_403": _upstream(
        status=403,
        type="request_forbidden",
        code="unsupported_country_region_territory",
        message="Country, region, or territory not supported",
        claude="Request not allowed",
    ),
    "auth_401": _gateway(status=401, message="无效的令牌"),
    "invalid_key_401": _upstream(
        status=401,
        type="invalid_request_error",
        code="invalid_api_key",
        message="Incorrect API key provided: sk-l************. "
        "You can find your API key at https://platform.openai.com/account/api-keys.",
        claude="invalid x-api-key",
    ),
    "key_missing_401": _gateway(status=401, message="未提供令牌"),
    "key_expired_401": _gateway(status=401, message="该令牌已过期"),
    "key_quota_401": _gateway(status=401, message="该令牌额度已用尽"),
    "upstream_key_401": _proxy(
        status=401,
        type="auth_error",
        code="401",
        message="litellm.AuthenticationError: AuthenticationError: OpenAIException - "
        "Incorrect API key provided: sk-p************. Received Model Group={model}",
    ),
    "echo_key": _proxy(
        status=401,
        type="token_not_found_in_db",
        code="401",
        param="key",
        message="Authentication Error, Invalid proxy server token passed. Received API Key = {key}, "
        "Unable to find token in cache or `LiteLLM_VerificationTokenTable`",
    ),
    "clock_skew_401": _proxy(
        status=401,
        type="authentication_error",
        code="token_not_yet_valid",
        message="The token is not yet valid (nbf): the request timestamp is 754 s off the server time",
    ),
}

MONEY: Mapping[str, Trouble] = {
    "credit_low_400": _upstream(
        status=400,
        type="invalid_request_error",
        message="Your credit balance is too low to access the Anthropic API. "
        "Please go to Plans & Billing to upgrade or purchase credits.",
    ),
    "payment_402": _upstream(
        status=402, type="unknown_error", code="invalid_request_error", message="Insufficient Balance"
    ),
    "balance_403": _gateway(
        status=403,
        code="insufficient_user_quota",
        message="预扣费额度失败, 用户剩余额度: ＄0.012000, 需要预扣费额度: ＄0.036000",
    ),
    "balance_empty_403": _gateway(
        status=403, code="insufficient_user_quota", message="用户额度不足, 剩余额度: ＄0.000000"
    ),
    "hold_units_403": _proxy(
        status=403,
        type="shell_api_error",
        code="insufficient_user_quota",
        message="user [1024] quota [1200] preConsumedQuota [18000] is not enough",
    ),
    "prequota_403": _gateway(
        status=403,
        code="pre_consume_token_quota_failed",
        message="token quota is not enough, token remain quota: ＄0.100000, need quota: ＄0.360000",
    ),
    "budget_429": _proxy(
        status=429,
        type="budget_exceeded",
        code="429",
        message="Budget has been exceeded! Current cost: 10.02, Max budget: 10.0",
    ),
    "quota_insufficient": _upstream(
        status=429,
        type="insufficient_quota",
        code="insufficient_quota",
        message="You exceeded your current quota, please check your plan and billing details.",
    ),
}

LIMITS: Mapping[str, Trouble] = {
    "rate_limit": _upstream(
        status=429,
        type="requests",
        code="rate_limit_exceeded",
        message=_RPM + " Please try again in {arg}s.",
        claude=_CLAUDE_RPM,
        headers=_retry_after_seconds,
    ),
    "rate_limit_date": _upstream(
        status=429,
        type="requests",
        code="rate_limit_exceeded",
        message=_RPM,
        claude=_CLAUDE_RPM,
        headers=_retry_after_date,
    ),
    "rate_limit_ms": _upstream(
        status=429,
        type="requests",
        code="rate_limit_exceeded",
        message=_RPM,
        claude=_CLAUDE_RPM,
        headers=_retry_after_ms,
    ),
    "rate_limit_headers": _upstream(
        status=429,
        type="requests",
        code="rate_limit_exceeded",
        message=_RPM,
        claude=_CLAUDE_RPM,
        headers=_openai_limits,
    ),
    "anthropic_rate_limit": _upstream(
        status=429, type="rate_limit_error", message=_CLAUDE_RPM, headers=_anthropic_limits
    ),
    "rate_limit_reset_iso": _gateway(
        status=429,
        code="rate_limit_exceeded",
        message="请求过于频繁，请在重置时间之后再试",
        fields=lambda call: {"resetAt": _iso(_after(call))},
    ),
    "rate_limit_reset_epoch_s": _gateway(
        status=429,
        code="rate_limit_exceeded",
        message="请求过于频繁，请在重置时间之后再试",
        fields=lambda call: {"resetAt": int(_after(call).timestamp())},
    ),
    "rate_limit_reset_epoch_ms": _gateway(
        status=429,
        code="rate_limit_exceeded",
        message="请求过于频繁，请在重置时间之后再试",
        beside=lambda call: {"resetAt": int(_after(call).timestamp() * 1000)},
    ),
    "rate_limit_concurrency": _gateway(
        status=429,
        code="token_concurrency_limit_reached",
        message="该令牌的并发请求数已达上限：最多同时处理5个请求",
    ),
    "gateway_rate_cn": _gateway(status=429, message="您已达到请求数限制：1分钟内最多请求60次"),
    "quota_daily_cn": _gateway(
        status=429,
        code="daily_quota_exceeded",
        message="该令牌今日额度已用完，将于北京时间次日 00:00 重置",
        fields=lambda call: {"resetAt": _next_midnight_in_beijing(call).isoformat()},
    ),
    "upstream_saturated_429": _gateway(
        status=429, type="upstream_error", code="429", message="当前分组上游负载已饱和，请稍后再试"
    ),
    "gemini_exhausted": _proxy(status=429, body=_gemini_daily_quota),
    "litellm_cooldown": _proxy(
        status=429,
        type="None",
        code="429",
        message="No deployments available for selected model, Try again in {arg} seconds. "
        "Passed model={model}. pre-call-checks=False",
        headers=_litellm_cooldown,
    ),
}

SERVERS: Mapping[str, Trouble] = {
    "error_500": _upstream(
        status=500,
        type="server_error",
        message="The server had an error while processing your request. Sorry about that!",
        claude="Internal server error",
    ),
    "error_in_200": _gateway(
        status=200, type="upstream_error", code="bad_response_status_code", message="upstream request failed"
    ),
    "gateway_500": _gateway(
        status=500,
        code="get_channel_failed",
        message="dial tcp 127.0.0.1:6379: connect: connection refused",
    ),
    "misconfigured_500": _gateway(
        status=500,
        code="model_price_error",
        message="模型 {model} 倍率或价格未配置，请联系管理员设置",
    ),
    "no_channel_503": _gateway(
        status=503, code="model_not_found", message="当前分组 default 下对于模型 {model} 无可用渠道"
    ),
    "overloaded_503": _upstream(
        status=503,
        type="service_unavailable_error",
        code="server_is_overloaded",
        message="The server is currently overloaded with other requests. Please try again later.",
        claude="Service unavailable",
    ),
    "overloaded_529": _upstream(
        status=529, type="overloaded_error", code="overloaded_error", message="Overloaded"
    ),
    "json_504": _gateway(
        status=504,
        type="upstream_error",
        code="channel:response_time_exceeded",
        message="upstream response timeout",
        after_s=_arg,
    ),
    "json_408": _proxy(
        status=408, type="timeout_error", code="408", message="litellm.Timeout: APITimeoutError", after_s=_arg
    ),
}

TROUBLES: Mapping[str, Trouble] = {**REQUESTS, **PERMISSIONS, **MONEY, **LIMITS, **SERVERS}

PERFORMERS: Mapping[str, Performer] = {name: partial(refuse, trouble) for name, trouble in TROUBLES.items()}

UNKNOWN_MODEL = TROUBLES["model_404"]
NO_KEY = TROUBLES["key_missing_401"]
WRONG_KEY = replace(TROUBLES["auth_401"], code="invalid_token")
NO_TOOLS = _upstream(
    status=400,
    type="invalid_request_error",
    code="unsupported_parameter",
    param="tools",
    message="Unsupported parameter: 'tools' is not supported with this model.",
)
NOT_AN_OBJECT = _gateway(status=400, code="invalid_request", message="unexpected end of JSON input")
