"""Money that is missing before the call: the account's, the key's, the plan's, or our own at the provider."""

from triage.verdicts.reading import Answer
from triage.verdicts.rules.family import ErrorFamily
from triage.verdicts.texts import load_leads

_LEADS = load_leads("balances")

OURS = _LEADS["ours"]
BELOW_HOLD = _LEADS["below_hold"]
PROVIDERS_WORDS = _LEADS["providers_words"]
"""No gateway words it so: met by the desk, whose account is with the gateway, it is the channel's money."""

IS_SHORT = _LEADS["is_short"]
NOT_TAKEN = _LEADS["not_taken"]
"""The gateway could not take what the call costs, so it never ran."""

KEY_USED_UP = _LEADS["key_used_up"]
EMPTY = _LEADS["empty"]
SUBSCRIPTION = _LEADS["subscription"]


def provider_money(answer: Answer) -> str:
    """Our account at the provider is empty: the text says whose money it is."""
    broke = EMPTY.found_in(answer.text) or answer.status == 402
    ours = OURS.found_in(answer.text) or (not answer.is_declared and PROVIDERS_WORDS.found_in(answer.text))
    return "balance.upstream_empty" if broke and ours else ""


def hold_larger_than_balance(answer: Answer) -> str:
    """A balance that is there but smaller than what would be held for this call."""
    if KEY_USED_UP.found_in(answer.text):
        return ""
    short = not answer.is_declared or answer.status is not None or IS_SHORT.found_in(answer.text)
    return "balance.below_hold" if short and BELOW_HOLD.found_in(answer.text) else ""


def quota_not_taken(answer: Answer) -> str:
    """Too little is there; where the gateway answers as for a fault of its own, its books failed."""
    if KEY_USED_UP.found_in(answer.text) or not NOT_TAKEN.found_in(answer.text):
        return ""
    failed = (answer.status or 0) >= 500 and not EMPTY.found_in(answer.text)
    return "gateway.internal" if failed else "balance.below_hold"


FAMILY = ErrorFamily(
    special=(provider_money, hold_larger_than_balance, quota_not_taken),
    codes={
        "pre_consume_token_quota_failed": "quota.key_used_up",
        "credit_balance_exhausted": "balance.upstream_empty",
        "organization_spend_limit_exceeded": "balance.upstream_empty",
        "project_spend_limit_exceeded": "balance.upstream_empty",
        "organization_usage_limit_exceeded": "balance.upstream_empty",
        "enforced_spend_limit_reached": "balance.upstream_empty",
        "1113": "balance.upstream_empty",
        "arrearage": "balance.upstream_empty",  # DashScope
        "accountoverdueerror": "balance.upstream_empty",  # Volcengine Ark
        "entitlement_daily_limit_exceeded": "quota.subscription",
        "budget_exceeded": "quota.subscription",
        "insufficient_balance": "balance.empty",
        "billing_error": "balance.empty",
        "billing_hard_limit_reached": "balance.empty",
        "billing_not_active": "balance.empty",
        "payment_required": "balance.empty",
    },
    leads=(
        ("quota.key_used_up", KEY_USED_UP),
        ("quota.subscription", SUBSCRIPTION),
        ("balance.empty", EMPTY),
    ),
    statuses={402: "balance.empty"},
)
