"""Tells a form that was sent twice from a second ticket: when its page was drawn, signed."""

from datetime import datetime

from django.core import signing

FIELD = "drawn_at"
_SALT = "tickets.drawn"


def to_token(now: datetime) -> str:
    return signing.dumps(now.isoformat(), salt=_SALT)


def drawn_at(token: str) -> datetime | None:
    """None for a token made elsewhere, or none: then nothing is the same form."""
    try:
        return datetime.fromisoformat(signing.loads(token, salt=_SALT))
    except signing.BadSignature:
        return None
