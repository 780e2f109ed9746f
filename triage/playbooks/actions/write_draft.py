"""A draft of other words for a class: written, written anew by its author, or put in another's place."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Max

from triage.people.audit import record
from triage.playbooks.actions import refusals
from triage.playbooks.actions.refusals import RevisionRefused
from triage.playbooks.standing import Playbook, Standing, fingerprint, standing_of
from triage.verdicts.actions.playbooks_in_force import words_of
from triage.verdicts.models import PlaybookRevision

_LOCK = 0x706C_6179_626B  # of all revisions in PostgreSQL, so that whoever changes them takes turns


def write_draft(
    code: str,
    words: Playbook,
    *,
    reason: str,
    source: str,
    recheck_on: date,
    author: User,
    seen: str,
    now: datetime,
) -> PlaybookRevision:
    """Keep these words as the draft of the class; all texts must be masked already.

    One's own draft is changed; another's is closed and stays in the history. `seen` is the token of what the
    author read before writing: raises RevisionRefused when it is no longer so.
    """
    with transaction.atomic():
        standing = locked(code, seen=seen)
        written = {"reason": reason, "source": source, "recheck_on": recheck_on, "written_at": now}
        return _kept(standing, written | words_as_rows(words), author=author, now=now)


def _kept(standing: Standing, written: dict[str, Any], *, author: User, now: datetime) -> PlaybookRevision:
    draft = standing.draft
    if draft is not None and draft.written_by_id == author.pk:
        PlaybookRevision.objects.filter(pk=draft.pk).update(**written)
        draft.refresh_from_db()
        tell("playbook.draft_edited", draft, actor=author, at=now)
        return draft
    replaced = {"replaces": draft.number} if draft else {}
    if draft is not None:
        close(draft, PlaybookRevision.State.WITHDRAWN)
    draft = PlaybookRevision.objects.create(
        code=standing.code, number=next_number(standing.code), written_by=author, **written
    )
    tell("playbook.drafted", draft, actor=author, at=now, **replaced)
    return draft


def locked(code: str, *, seen: str) -> Standing:
    """How the class stands, held until the transaction ends. Raises RevisionRefused if that is not `seen`."""
    take_turn()
    standing = standing_of(code)
    if standing.token != seen:
        raise RevisionRefused(refusals.MOVED_ON)
    return standing


def take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def next_number(code: str) -> int:
    """Numbers of a class never come again, since no revision is ever removed."""
    return (PlaybookRevision.objects.filter(code=code).aggregate(last=Max("number"))["last"] or 0) + 1


def close(revision: PlaybookRevision, state: PlaybookRevision.State) -> None:
    PlaybookRevision.objects.filter(pk=revision.pk).update(state=state)


def words_as_rows(playbook: Playbook) -> dict[str, dict[str, str]]:
    """The words as the columns of a revision."""
    return {"zh": asdict(playbook["zh"]), "en": asdict(playbook["en"])}


def tell(action: str, revision: PlaybookRevision, *, actor: User, at: datetime, **detail: object) -> None:
    """An entry of the audit trail about a revision: which words, not what they say."""
    known = {"revision": revision.number, "content": fingerprint(words_of(revision))}
    record(action, actor=actor, subject=revision.code, at=at, detail=known | detail)
