"""Refused keys: who holds the key that was refused, and what is wrong with it."""

from triage.verdicts.reading import Answer
from triage.verdicts.rules.family import ErrorFamily
from triage.verdicts.texts import load_leads

_LEADS = load_leads("auth")

UPSTREAM_NAMED = _LEADS["upstream_named"]
KEY_MISSING = _LEADS["key_missing"]
KEY_EXPIRED = _LEADS["key_expired"]
KEY_UNKNOWN = _LEADS["key_unknown"]
IP_REFUSED = _LEADS["ip_refused"]
SUSPENDED = _LEADS["suspended"]
REGION = _LEADS["region"]


def provider_named(answer: Answer) -> str:
    """The refused key is the gateway's own: the text names a provider or a channel."""
    about_keys = answer.status in (401, 403, None) or "key" in answer.text
    return "auth.upstream_credential" if about_keys and UPSTREAM_NAMED.found_in(answer.text) else ""


FAMILY = ErrorFamily(
    special=(provider_named,),
    codes={
        "channel:invalid_key": "auth.upstream_credential",
        "channel:no_available_key": "auth.upstream_credential",
        "expired_key": "auth.key_expired",
        "token_expired": "auth.key_expired",
        "key_expired": "auth.key_expired",
        "token_not_found_in_db": "auth.key_unknown",
        "invalid_api_key": "auth.key_unknown",
        "ip_restricted": "auth.ip_not_allowed",
        "ip_not_allowed": "auth.ip_not_allowed",
        "ip_not_authorized": "auth.ip_not_allowed",
        "account_deactivated": "auth.account_suspended",
        "account_suspended": "auth.account_suspended",
        "unsupported_country_region_territory": "auth.region",
        "missing_api_key": "auth.key_missing",
        "1000": "auth.key_unknown",
        "1001": "auth.key_missing",
        "1002": "auth.key_unknown",
        "1003": "auth.key_expired",
        "1004": "auth.key_unknown",
        "1112": "auth.account_suspended",
        "1121": "auth.account_suspended",
    },
    leads=(
        ("auth.region", REGION),
        ("auth.account_suspended", SUSPENDED),
        ("auth.ip_not_allowed", IP_REFUSED),
        ("auth.key_expired", KEY_EXPIRED),
        ("auth.key_missing", KEY_MISSING),
        ("auth.key_unknown", KEY_UNKNOWN),
    ),
    statuses={401: "auth.key_unknown"},
)
