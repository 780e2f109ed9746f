"""What was masked in a text, and why nothing of it was kept."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

FINDING_KINDS: Mapping[str, Any] = {
    "email": _("e-mail address"),
    "mobile": _("mobile number"),
    "id_card": _("ID card number"),
    "id_card_old": _("ID card number"),
    "bank_card": _("bank card number"),
    "jwt": _("token (JWT)"),
    "bearer_token": _("bearer token"),
    "basic_credentials": _("basic credentials"),
    "private_key": _("private key"),
    "url_password": _("credentials in an address"),
    "login_pair": _("name and password"),
    "named_value": _("value of a secret field"),
    "withheld": _("withheld: it could not be checked"),
}
WITHHELD_FOR: Mapping[str, Any] = {
    "rules": _("a redaction rule failed while it was read"),
    "too_long": _("it is longer than the desk can check"),
}
"""Why nothing of a field was kept."""

_SECRETS: Mapping[str, Any] = {
    "key": _("key"),
    "token": _("token"),
    "secret": _("secret"),
    "password": _("password"),
    "webhook": _("webhook address"),
}


def finding_kind(kind: str) -> str:
    """What was masked; a vendor's kind is told by its last word: "key (openai project key)"."""
    if kind in FINDING_KINDS:
        return str(FINDING_KINDS[kind])
    sort = _SECRETS.get(kind.rpartition("_")[2], _("credential"))
    return f"{sort} ({kind.replace('_', ' ')})"
