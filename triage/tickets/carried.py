"""What was masked, carried through a form that comes back: signed, since the browser keeps it meanwhile."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core import signing

from triage.tickets.actions.submit_ticket import Masked

FIELD = "masked_before"
_SALT = "tickets.masked"


def to_token(masked: Sequence[Masked]) -> str:
    """Fields, kinds and places, never values; empty for none."""
    return signing.dumps([asdict(spot) for spot in masked], salt=_SALT) if masked else ""


def from_token(token: str) -> list[Masked]:
    """What `to_token` was given; nothing when the token was made elsewhere."""
    try:
        return [_read(spot) for spot in signing.loads(token, salt=_SALT)] if token else []
    except signing.BadSignature:
        return []


def _read(spot: dict[str, Any]) -> Masked:
    return Masked(**spot | {"fingerprints": tuple(spot["fingerprints"])})
