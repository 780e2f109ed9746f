"""Tokens that let a billing system push rows into one ledger."""

import hashlib
import secrets
import string
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from triage.charges.connectors.models import LedgerToken
from triage.charges.models import LedgerSource
from triage.people.audit import record

_START = "sk-led-"  # redaction rules, ours and others', know a key by that start wherever it is pasted
_LETTERS = string.ascii_letters + string.digits
_LENGTH = 43  # 256 bits
_SHOWN = len(_START) + 4
_USE_NOTED_EVERY = timedelta(minutes=1)  # a row that every push writes would make them wait for each other


def make_token(source: LedgerSource, *, name: str, by: User, now: datetime) -> str:
    """The token in clear: nobody can read it again. `name` is masked already."""
    token = _START + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    with transaction.atomic():
        LedgerToken.objects.create(
            source=source,
            name=name,
            prefix=token[:_SHOWN],
            digest=_digest(token),
            created_at=now,
            created_by=by,
        )
        record("ledger.token_made", actor=by, subject=source.slug, at=now, detail={"token": token[:_SHOWN]})
    return token


def revoke_token(pk: int, *, source: LedgerSource, by: User, now: datetime) -> bool:
    """Whether it was in use until now."""
    with transaction.atomic():
        token = LedgerToken.objects.filter(pk=pk, source=source).first()
        if token is None or not LedgerToken.objects.filter(pk=pk, revoked_at=None).update(revoked_at=now):
            return False
        record("ledger.token_revoked", actor=by, subject=source.slug, at=now, detail={"token": token.prefix})
    return True


def source_of_token(token: str, *, now: datetime) -> LedgerToken | None:
    """The row of a token that is in use; only its digest is compared, by the database's index."""
    if not token.startswith(_START):
        return None
    row = LedgerToken.objects.select_related("source").filter(digest=_digest(token), revoked_at=None).first()
    if row:
        _note_use(row, now)
    return row


def _note_use(row: LedgerToken, now: datetime) -> None:
    if row.last_used_at is None or row.last_used_at < now - _USE_NOTED_EVERY:
        LedgerToken.objects.filter(pk=row.pk).update(last_used_at=now)


def _digest(token: str) -> str:
    """Without salt: 256 bits of chance cannot be guessed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
