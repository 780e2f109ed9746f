"""Refusals of a key, and refusals for want of money."""

from probes.lab.behaviour import Behaviour
from probes.lab.promises import Containing, by, refuses

_REFUSED_KEY = ("auth.key_unknown", "auth.key_missing", "auth.key_expired", "auth.upstream_credential")
_NO_MONEY = ("balance.empty", "balance.below_hold", "balance.upstream_empty", "quota.key_used_up")

BEHAVIOURS = (
    Behaviour(
        "auth_401",
        "401 invalid key, in a gateway's words.",
        "401，令牌无效（网关文案）。",
        _REFUSED_KEY,
        shows=refuses(401, "new_api_error", error_message=Containing("无效的令牌")),
    ),
    Behaviour(
        "invalid_key_401",
        "401 invalid_api_key, in OpenAI's or Anthropic's words.",
        "401，密钥无效（官方文案）。",
        _REFUSED_KEY,
        shows=refuses(401, by("invalid_request_error", anthropic="authentication_error"), "invalid_api_key"),
    ),
    Behaviour(
        "key_missing_401",
        "401: no key was sent.",
        "401，未提供令牌。",
        ("auth.key_missing",),
        shows=refuses(401, "new_api_error", error_message=Containing("未提供令牌")),
    ),
    Behaviour(
        "key_expired_401",
        "401: the key has expired.",
        "401，该令牌已过期。",
        ("auth.key_expired",),
        shows=refuses(401, "new_api_error", error_message=Containing("已过期")),
    ),
    Behaviour(
        "key_quota_401",
        "401: the key's own quota is used up.",
        "401，该令牌额度已用尽。",
        ("quota.key_used_up",),
        shows=refuses(401, "new_api_error", error_message=Containing("额度已用尽")),
    ),
    Behaviour(
        "upstream_key_401",
        "401 whose text names the upstream provider.",
        "401，文案指明是上游密钥的问题。",
        ("auth.upstream_credential",),
        shows=refuses(401, "auth_error", "401", error_message=Containing("OpenAIException")),
    ),
    Behaviour(
        "echo_key",
        "401 whose text repeats the caller's key.",
        "401，错误文本里回显了调用方的密钥。",
        _REFUSED_KEY,
        shows=refuses(401, "token_not_found_in_db", "401", error_message=Containing("Received API Key")),
    ),
    Behaviour(
        "clock_skew_401",
        "401: the request timestamp / token is not yet valid.",
        "401，请求时间戳或令牌尚未生效。",
        ("client.clock_skew",),
        shows=refuses(401, "authentication_error", "token_not_yet_valid"),
    ),
    Behaviour(
        "credit_low_400",
        "400: the provider's credit balance is too low.",
        "400，上游额度过低。",
        ("balance.upstream_empty", "balance.empty"),
        shows=refuses(400, "invalid_request_error", error_message=Containing("credit balance is too low")),
    ),
    Behaviour(
        "payment_402",
        "402 insufficient balance.",
        "402，余额不足。",
        ("balance.empty", "balance.upstream_empty"),
        shows={
            **refuses(402, by("unknown_error", anthropic="billing_error"), "invalid_request_error"),
            "balance": {"balance": "0"},
        },
    ),
    Behaviour(
        "balance_403",
        "403 insufficient_user_quota: the hold is larger than the balance.",
        "403，预扣费额度大于剩余额度。",
        ("balance.below_hold",),
        shows={
            **refuses(403, "new_api_error", "insufficient_user_quota", error_message=Containing("0.012000")),
            "balance": {"balance": "0.012"},
        },
    ),
    Behaviour(
        "balance_empty_403",
        "403 insufficient_user_quota with nothing left.",
        "403，剩余额度为零。",
        ("balance.empty",),
        shows={
            **refuses(403, "new_api_error", "insufficient_user_quota", error_message=Containing("0.000000")),
            "balance": {"balance": "0"},
        },
    ),
    Behaviour(
        "hold_units_403",
        "403 in quota units: quota, preConsumedQuota, is not enough.",
        "403，以额度单位说明预扣不足。",
        ("balance.below_hold",),
        shows=refuses(
            403, "shell_api_error", "insufficient_user_quota", error_message=Containing("preConsumedQuota")
        ),
    ),
    Behaviour(
        "prequota_403",
        "403 pre_consume_token_quota_failed: the key's quota is below the hold.",
        "403，令牌额度低于预扣额度。",
        ("quota.key_used_up", "balance.below_hold"),
        shows=refuses(403, "new_api_error", "pre_consume_token_quota_failed"),
    ),
    Behaviour(
        "budget_429",
        "429 budget_exceeded of a proxy.",
        "429，代理的预算已用完。",
        ("quota.subscription", "limit.daily_key_quota"),
        shows=refuses(429, "budget_exceeded", "429", retry_after_s=None),
    ),
    Behaviour(
        "quota_insufficient",
        "429 insufficient_quota: waiting does not help.",
        "429，insufficient_quota：等待无用。",
        _NO_MONEY,
        shows=refuses(
            429,
            by("insufficient_quota", anthropic="rate_limit_error"),
            "insufficient_quota",
            retry_after_s=None,
        ),
    ),
)
