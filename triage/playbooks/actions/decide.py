"""What is decided about revisions: approved, given up, confirmed as still right, withdrawn."""

from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from triage.people.access import role_of
from triage.playbooks.actions import refusals
from triage.playbooks.actions.refusals import RevisionRefused
from triage.playbooks.actions.write_draft import (
    close,
    locked,
    next_number,
    tell,
    words_as_rows,
)
from triage.playbooks.checks import problems_of
from triage.playbooks.standing import Standing
from triage.verdicts.actions.playbooks_in_force import words_of
from triage.verdicts.models import PlaybookRevision

LONGEST_WITHOUT_RECHECK = timedelta(days=731)
_STATES = PlaybookRevision.State


def approve_draft(code: str, *, by: User, seen: str, recheck_on: date, now: datetime) -> PlaybookRevision:
    """Put the draft of a class in force, in every process from its next verdict on.

    `seen` is the token of what was read. Raises RevisionRefused; never for its own author.
    """
    refuse_bad_date(recheck_on, timezone.localdate(now))
    with transaction.atomic():
        standing = locked(code, seen=seen)
        draft = _open_draft(standing)
        if draft.written_by_id == by.pk:
            raise RevisionRefused(refusals.OWN_DRAFT)
        if problems_of(code, words_of(draft)):
            raise RevisionRefused(refusals.BREAKS_RULES)
        _put_in_force(draft, standing, by=by, recheck_on=recheck_on, now=now)
        tell("playbook.approved", draft, actor=by, at=now, author=draft.written_by_id)
    return draft


def confirm_words(
    code: str, *, by: User, seen: str, reason: str, recheck_on: date, now: datetime
) -> PlaybookRevision:
    """The words in force are still right: a revision with the same words and a later re-check date.

    Its author is whoever wrote those words, so that here too nobody vouches for what is their own.
    """
    refuse_bad_date(recheck_on, timezone.localdate(now))
    _refuse_empty(reason)
    with transaction.atomic():
        standing = locked(code, seen=seen)
        author = standing.published.written_by if standing.published else None
        if author is not None and author.pk == by.pk:
            raise RevisionRefused(refusals.OWN_DRAFT)
        confirmed = PlaybookRevision.objects.create(
            code=code,
            number=next_number(code),
            reason=reason,
            source=standing.source,
            recheck_on=recheck_on,
            written_by=author,
            written_at=now,
            state=_STATES.WITHDRAWN,  # until the one in force has made room
            **words_as_rows(standing.words),
        )
        _put_in_force(confirmed, standing, by=by, recheck_on=recheck_on, now=now)
        tell("playbook.confirmed", confirmed, actor=by, at=now)
    return confirmed


def give_up_draft(code: str, *, by: User, seen: str, reason: str, now: datetime) -> None:
    """Close a draft unused; it stays in the history. Its author may, and an admin with a reason."""
    with transaction.atomic():
        draft = _open_draft(locked(code, seen=seen))
        if draft.written_by_id != by.pk:
            _refuse_all_but_approvers(by)
            _refuse_empty(reason)
        close(draft, _STATES.WITHDRAWN)
        tell("playbook.draft_given_up", draft, actor=by, at=now, why=reason)


def withdraw_revision(code: str, *, by: User, seen: str, reason: str, now: datetime) -> None:
    """Put the shipped words back in force, everywhere at once."""
    _refuse_empty(reason)
    with transaction.atomic():
        standing = locked(code, seen=seen)
        if standing.published is None:
            raise RevisionRefused(refusals.NOTHING_TO_WITHDRAW)
        close(standing.published, _STATES.WITHDRAWN)
        tell("playbook.withdrawn", standing.published, actor=by, at=now, why=reason)


def _open_draft(standing: Standing) -> PlaybookRevision:
    if standing.draft is None:
        raise RevisionRefused(refusals.NOT_OPEN)
    return standing.draft


def _put_in_force(
    revision: PlaybookRevision, standing: Standing, *, by: User, recheck_on: date, now: datetime
) -> None:
    """One revision of a class is in force at a time, so the earlier one goes first."""
    if standing.published is not None:
        close(standing.published, _STATES.SUPERSEDED)
    revision.state, revision.approved_by, revision.approved_at = _STATES.PUBLISHED, by, now
    revision.recheck_on = recheck_on
    revision.save(update_fields=["state", "approved_by", "approved_at", "recheck_on"])


def _refuse_all_but_approvers(person: User) -> None:
    role = role_of(person)
    if role is None or not role.may("approve_playbooks"):
        raise RevisionRefused(refusals.NOT_YOURS)


def _refuse_empty(reason: str) -> None:
    if not reason.strip():
        raise RevisionRefused(refusals.NO_REASON)


def refuse_bad_date(recheck_on: date, today: date) -> None:
    if not today < recheck_on <= today + LONGEST_WITHOUT_RECHECK:
        raise RevisionRefused(refusals.BAD_DATE)
