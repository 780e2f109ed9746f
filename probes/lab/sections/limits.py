"""Limits of rate, concurrency and quota, in everybody's words."""

from probes.lab.behaviour import Behaviour
from probes.lab.promises import Containing, Shows, Within, both, by, refuses

_RATE = ("limit.gateway_rate", "limit.upstream_rate")
# The same moment, whichever way the body writes it.
_RESET_IN_THE_BODY = refuses(
    429,
    "new_api_error",
    "rate_limit_exceeded",
    retry_after_s=Within(0.9, 1.1, per_unit=True),
    retry_source="body.resetAt",
)


def _limited(least: float, most: float, *, source: str) -> Shows:
    """A 429 whose wait, told in the behaviour's unit, is read from this source."""
    return refuses(
        429,
        by("requests", anthropic="rate_limit_error"),
        "rate_limit_exceeded",
        retry_after_s=Within(least, most, per_unit=True),
        retry_source=source,
    )


BEHAVIOURS = (
    Behaviour(
        "rate_limit",
        "429 with Retry-After in seconds.",
        "429，Retry-After 为秒数。",
        _RATE,
        unit="seconds",
        default=20,
        shows=_limited(0.9, 1.1, source="retry-after"),
    ),
    Behaviour(
        "rate_limit_date",
        "429 with Retry-After as a date.",
        "429，Retry-After 为日期。",
        _RATE,
        unit="seconds",
        default=30,
        shows=_limited(0.9, 1.1, source="retry-after"),
    ),
    Behaviour(
        "rate_limit_ms",
        "429 with retry-after-ms.",
        "429，带 retry-after-ms。",
        _RATE,
        unit="milliseconds",
        default=1500,
        shows=_limited(0.001, 0.001, source="retry-after-ms"),
    ),
    Behaviour(
        "rate_limit_headers",
        "429 with x-ratelimit-* headers, nothing remaining.",
        "429，带 x-ratelimit-*，剩余为零。",
        _RATE,
        unit="seconds",
        default=12,
        shows=_limited(0.9, 1.1, source="x-ratelimit-reset-requests"),
    ),
    Behaviour(
        "anthropic_rate_limit",
        "429 with anthropic-ratelimit-* headers.",
        "429，带 anthropic-ratelimit-*。",
        _RATE,
        unit="seconds",
        default=25,
        shows=refuses(
            429, "rate_limit_error", retry_after_s=Within(0.9, 1.1, per_unit=True), retry_source="retry-after"
        ),
    ),
    Behaviour(
        "rate_limit_reset_iso",
        "429 body with resetAt as ISO time.",
        "429，正文 resetAt 为 ISO 时间。",
        _RATE,
        unit="seconds",
        default=45,
        shows=_RESET_IN_THE_BODY,
    ),
    Behaviour(
        "rate_limit_reset_epoch_s",
        "429 body with resetAt in epoch seconds.",
        "429，正文 resetAt 为秒级时间戳。",
        _RATE,
        unit="seconds",
        default=45,
        shows=_RESET_IN_THE_BODY,
    ),
    Behaviour(
        "rate_limit_reset_epoch_ms",
        "429 body with resetAt in epoch milliseconds.",
        "429，正文 resetAt 为毫秒级时间戳。",
        _RATE,
        unit="seconds",
        default=45,
        shows=_RESET_IN_THE_BODY,
    ),
    Behaviour(
        "rate_limit_concurrency",
        "429: too many concurrent requests.",
        "429，并发请求过多。",
        ("limit.concurrency",),
        shows=refuses(429, "new_api_error", "token_concurrency_limit_reached", retry_after_s=None),
    ),
    Behaviour(
        "gateway_rate_cn",
        "429 with a gateway's Chinese text: so many requests in so many minutes.",
        "429，您已达到请求数限制。",
        ("limit.gateway_rate",),
        shows=refuses(
            429, "new_api_error", error_message=Containing("您已达到请求数限制"), retry_after_s=None
        ),
    ),
    Behaviour(
        "quota_daily_cn",
        "429 with Chinese text: the key's daily quota is used up; resetAt next midnight UTC+8.",
        "429，令牌当日额度已用完，resetAt 为北京时间次日零点。",
        ("limit.daily_key_quota",),
        shows=refuses(
            429,
            "new_api_error",
            "daily_quota_exceeded",
            retry_at=Containing("T16:00:00+00:00"),
            retry_source="body.resetAt",
        ),
    ),
    Behaviour(
        "upstream_saturated_429",
        "429: the upstream of this group is saturated.",
        "429，当前分组上游负载已饱和。",
        ("limit.upstream_saturated", "limit.upstream_rate"),
        shows=refuses(429, "upstream_error", "429", error_message=Containing("上游负载已饱和")),
    ),
    Behaviour(
        "limit_ip_empty",
        "429 with an empty body.",
        "429，正文为空。",
        ("limit.ip", "client.wrong_base_url"),
        shows=both({"status": 429, "body_kind": "empty", "content_type": "", "retry_after_s": None}),
    ),
    Behaviour(
        "gemini_exhausted",
        "429 RESOURCE_EXHAUSTED with a per-day quota id and a short retryDelay.",
        "429，RESOURCE_EXHAUSTED：按日配额，却给出很短的 retryDelay。",
        ("limit.upstream_daily",),
        shows=refuses(
            429,
            "RESOURCE_EXHAUSTED",
            error_code="429",
            retry_after_s=27,
            retry_source="body.retryDelay",
            body_excerpt=Containing("PerDay"),
        ),
    ),
    Behaviour(
        "litellm_cooldown",
        "429: no deployments available, all are cooling down.",
        "429，所有部署都在冷却中。",
        ("limit.channels_cooling",),
        unit="seconds",
        default=30,
        shows=refuses(
            429,
            "",
            "429",
            retry_after_s=Within(0.9, 1.1, per_unit=True),
            retry_source="text",
            header_names=Containing("x-litellm-call-id"),
        ),
    ),
)
