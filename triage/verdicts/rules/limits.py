"""Which 429: whose limit it is, what it counts, and whether waiting helps."""

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
    if answer.status != 429 and answer.code not in ("rate_limit_exceeded", "rate_limit_error"):
        return ""
    for code, lead in (
        ("limit.channels_cooling", COOLING),
        ("limit.upstream_saturated", SATURATED),
        ("limit.concurrency", CONCURRENCY),
        ("limit.upstream_rate", UPSTREAM_RATE),
        ("limit.ip", NAT),
    ):
        if lead.found_in(answer.text):
            return code
    return ""


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
