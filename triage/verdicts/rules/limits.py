"""Which 429: whose limit it is, what it counts, and whether waiting helps."""

import re

from probes.wire.request_ids import PASSED_ON
from triage.verdicts.reading import Answer
from triage.verdicts.rules.family import ErrorFamily
from triage.verdicts.texts import Lead, load_leads

_LEADS = load_leads("limits")

DAY_S = 6 * 3600
"""A reset further away than this is a daily quota, not a rate."""

UPSTREAM_DAY = _LEADS["upstream_day"]
DAILY = _LEADS["daily"]
CONCURRENCY = _LEADS["concurrency"]
SATURATED = _LEADS["saturated"]
COOLING = _LEADS["cooling"]
UPSTREAM_RATE = _LEADS["upstream_rate"]
GATEWAY_RATE = _LEADS["gateway_rate"]
NAT = _LEADS["nat"]
STORM = _LEADS["storm"]


def _limited(answer: Answer) -> bool:
    return answer.status == 429 or (
        answer.status in (None, 403, 503, 500) and bool(GATEWAY_RATE.found_in(answer.text))
    )


def upstream_daily(answer: Answer) -> str:
    """A quota per day counted by the provider; a short retry hint beside it misleads."""
    return "limit.upstream_daily" if _limited(answer) and UPSTREAM_DAY.found_in(answer.text) else ""


def daily_quota(answer: Answer) -> str:
    """Words for a day, or a reset that lies hours away."""
    wait = answer.facts.retry_after_s if answer.facts else None
    if answer.status not in (429, 403, None) or (
        answer.status is None and answer.is_declared and not GATEWAY_RATE.found_in(answer.text)
    ):
        return ""
    return (
        "limit.daily_key_quota" if DAILY.found_in(answer.text) or (wait is not None and wait >= DAY_S) else ""
    )


def whose_rate(answer: Answer) -> str:
    """A 429 with words: what it counts first, then who counts."""
    names = (answer.code, answer.kind)
    if answer.status != 429 and not any(name in _RATE_NAMES for name in names):
        return ""
    if _is_the_gateways_own(answer):
        return "limit.concurrency" if CONCURRENCY.found_in(_limit_type(answer)) else "limit.gateway_rate"
    for code, lead in (
        ("limit.channels_cooling", COOLING),
        ("limit.upstream_saturated", SATURATED),
        ("limit.concurrency", CONCURRENCY),
        ("limit.upstream_rate", UPSTREAM_RATE),
        ("limit.ip", NAT),
    ):
        if lead.found_in(answer.text):
            return code
    from_provider = "resource_exhausted" in names or _carries_a_providers_count(answer)
    return "limit.upstream_rate" if from_provider else ""


_RATE_NAMES = ("rate_limit_exceeded", "rate_limit_error", "resource_exhausted", "throttling_error")


def _limit_type(answer: Answer) -> str:
    """LiteLLM names what it counts only where the limit is its own."""
    if answer.facts is not None:
        return answer.facts.rate_limit_type
    match = _TOLD_TYPE.search(answer.text)
    return match.group(1) if match else ""


_TOLD_TYPE = re.compile(r"rate_limit_type[\"']?\s*[:=]\s*[\"']?([a-z_]+)")


def _is_the_gateways_own(answer: Answer) -> bool:
    return bool(_limit_type(answer))


def _carries_a_providers_count(answer: Answer) -> bool:
    """Headers of Anthropic or OpenAI that say how many are left: none of them, and it is the provider's."""
    names = ("anthropic-ratelimit-", f"{PASSED_ON}x-ratelimit-", f"{PASSED_ON}anthropic-ratelimit-")
    remaining = (
        value for name, value in answer.headers.items() if name.startswith(names) and "remaining" in name
    )
    return "0" in remaining


FAMILY = ErrorFamily(
    special=(upstream_daily, daily_quota),
    codes={
        "token_concurrency_limit_reached": "limit.concurrency",
        "concurrent_requests": "limit.concurrency",
        "concurrency_limit_exceeded": "limit.concurrency",
        "1302": "limit.concurrency",
        "limit_burst_rate": "limit.upstream_saturated",
        "slow_down": "limit.upstream_saturated",
        "throttling_error": "limit.gateway_rate",
    },
    leads=(
        ("limit.channels_cooling", COOLING),
        ("limit.upstream_saturated", SATURATED),
        ("limit.concurrency", CONCURRENCY),
        ("limit.upstream_rate", Lead("上游限流", "上游 429", "rate-limited upstream", "upstream 429")),
        ("limit.gateway_rate", GATEWAY_RATE),
    ),
    statuses={429: "limit.gateway_rate"},
)
