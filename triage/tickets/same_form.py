"""Tells a form that was sent twice from a second ticket: when its page was drawn, signed."""

from datetime import datetime, timedelta

from django.core import signing

FIELD = "drawn_at"
_SALT = "tickets.drawn"
# Going back in the browser draws the page anew and fills in what was typed before.
_WAY_BACK = timedelta(minutes=10)


def to_token(now: datetime) -> str:
    return signing.dumps(now.isoformat(), salt=_SALT)


def twin_since(token: str) -> datetime | None:
    """From when on an equal ticket is the same form sent again; None for a token made elsewhere, or none."""
    try:
        return datetime.fromisoformat(signing.loads(token, salt=_SALT)) - _WAY_BACK
    except signing.BadSignature:
        return None
