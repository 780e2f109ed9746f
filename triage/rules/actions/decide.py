"""What a second admin does with a submitted draft: it becomes a version, or it does not."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Max

from probes.redaction.models import RedactionRule
from triage.rules.actions import refusals
from triage.rules.actions.refusals import DraftRefused
from triage.rules.actions.write_draft import (
    OPEN,
    locked,
    refuse_if_it_breaks_its_samples,
    refuse_if_moved_on,
    tell,
)
from triage.rules.content import fingerprint
from triage.rules.models import RuleDraft, RuleVersion

_LOCK = 0x7275_6C65_73  # of publications in PostgreSQL, so that they take turns


def publish_draft(pk: int, *, by: User, seen: str, now: datetime) -> RuleVersion:
    """Put a draft in force, everywhere at once: every redactor asks whether the rules have changed.

    `seen` is the fingerprint of the content that was read. Raises DraftRefused; never for its own author.
    """
    with transaction.atomic():
        _take_turn()
        draft = _waiting(pk, by=by)
        if fingerprint(draft.content) != seen:
            raise DraftRefused(refusals.EDITED)
        refuse_if_moved_on(draft)
        refuse_if_it_breaks_its_samples(draft)
        version = _next_version(draft, by=by, now=now)
        _put_in_force(draft, version.number)
        _close(draft, RuleDraft.State.PUBLISHED, by=by, now=now)
        tell("rule.published", draft, actor=by, at=now, version=version.number, author=draft.author_id)
    return version


def reject_draft(pk: int, *, by: User, note: str, now: datetime) -> None:
    """Send a draft back with a reason, which its author reads. Raises DraftRefused without one."""
    if not note.strip():
        raise DraftRefused(refusals.NO_REASON)
    with transaction.atomic():
        draft = _waiting(pk, by=by)
        _close(draft, RuleDraft.State.REJECTED, by=by, now=now)
        tell("rule.rejected", draft, actor=by, at=now, why=note)


def withdraw_draft(pk: int, *, by: User, now: datetime) -> None:
    """Give a draft up. Its author may, and anybody else for one that its author never submitted."""
    with transaction.atomic():
        draft = locked(pk)
        if draft.state not in OPEN:
            raise DraftRefused(refusals.NOT_OPEN)
        if draft.author_id != by.pk and draft.state == RuleDraft.State.SUBMITTED:
            raise DraftRefused(refusals.NOT_YOURS)
        _close(draft, RuleDraft.State.WITHDRAWN, by=by, now=now)
        tell("rule.withdrawn", draft, actor=by, at=now)


def _waiting(pk: int, *, by: User) -> RuleDraft:
    draft = locked(pk)
    if draft.author_id == by.pk:
        raise DraftRefused(refusals.OWN_DRAFT)
    if draft.state != RuleDraft.State.SUBMITTED:
        raise DraftRefused(refusals.NOT_WAITING)
    return draft


def _next_version(draft: RuleDraft, *, by: User, now: datetime) -> RuleVersion:
    """Numbers run over all rules and never come again: a rule removed and made anew is another one."""
    published = RuleVersion.objects.aggregate(last=Max("number"))["last"] or 0
    written = RedactionRule.objects.aggregate(last=Max("version"))["last"] or 0
    return RuleVersion.objects.create(
        number=max(published, written) + 1,
        rule_name=draft.rule_name,
        content=draft.content,
        draft=draft,
        author=draft.author,
        approved_by=by,
        published_at=now,
    )


def _put_in_force(draft: RuleDraft, number: int) -> None:
    if draft.content is None:
        RedactionRule.objects.filter(name=draft.rule_name).delete()
        return
    RedactionRule.objects.update_or_create(
        name=draft.rule_name, defaults=draft.content | {"version": number, "updated_by": draft.author}
    )


def _close(draft: RuleDraft, state: RuleDraft.State, *, by: User, now: datetime) -> None:
    draft.state, draft.decided_by, draft.decided_at = state, by, now
    draft.save()


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
