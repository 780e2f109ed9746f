"""A draft up to its submission: begun, edited, tried on what is stored, handed to a second admin."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from probes.redaction.models import RedactionRule
from triage.people.audit import record
from triage.rules.actions import refusals
from triage.rules.actions.refusals import DraftRefused
from triage.rules.content import Content, content_of, fingerprint, unsaved_rule
from triage.rules.dry_run import DryRun, dry_run
from triage.rules.models import RuleDraft

MOST_RULES = 10_000  # admins' rules at once


def begin_draft(
    name: str, content: Content | None, *, author: User, now: datetime, note: str = ""
) -> RuleDraft:
    """A change of the rule of this name as it is now; `content` of None is to remove it.

    Raises DraftRefused when nothing would change or there are too many rules already.
    """
    rule = RedactionRule.objects.filter(name=name).first()
    if content == (content_of(rule) if rule else None):
        raise DraftRefused(refusals.CHANGES_NOTHING)
    if rule is None and RedactionRule.objects.count() >= MOST_RULES:
        raise DraftRefused(refusals.TOO_MANY)
    with transaction.atomic():
        draft = RuleDraft.objects.create(
            rule_name=name,
            content=content,
            based_on=rule.version if rule else 0,
            note=note,
            author=author,
            created_at=now,
        )
        tell("rule.drafted", draft, actor=author, at=now)
    return draft


def edit_draft(pk: int, content: Content, *, note: str, author: User, now: datetime) -> None:
    """Change what a draft says; what its dry run showed and what was confirmed no longer hold."""
    with transaction.atomic():
        draft = own_draft(pk, author)
        draft.content, draft.note = dict(content), note
        _forget_dry_run(draft)
        draft.save()
        tell("rule.draft_edited", draft, actor=author, at=now)


def rebase_draft(pk: int, *, author: User, now: datetime) -> None:
    """Take the rule as it is now for the one that the draft changes; its author has seen the difference."""
    with transaction.atomic():
        draft = own_draft(pk, author)
        draft.based_on = version_in_force(draft.rule_name)
        _forget_dry_run(draft)
        draft.save()
        tell("rule.draft_rebased", draft, actor=author, at=now)


def try_draft(pk: int, *, actor: User, now: datetime, clock: Callable[[], float]) -> DryRun:
    """Make a dry run of an open draft and keep what it showed; nothing is locked while it reads.

    A second admin may repeat that of a submitted one, whose confirmations then stand as they are.
    """
    draft = RuleDraft.objects.get(pk=pk)
    if draft.state not in OPEN:
        raise DraftRefused(refusals.NOT_OPEN)
    seen = fingerprint(draft.content)
    found = dry_run(draft.rule_name, in_force(draft.rule_name), draft.content, clock=clock)
    with transaction.atomic():
        draft = locked(pk)
        if draft.state not in OPEN or fingerprint(draft.content) != seen:
            raise DraftRefused(refusals.EDITED)
        draft.dry_run = found.as_dict() | {"at": now.isoformat(), "warnings": found.warnings}
        if draft.state == RuleDraft.State.DRAFT:
            draft.warnings_confirmed = False
        draft.save()
        tell("rule.dry_run", draft, actor=actor, at=now, warnings=found.warnings, texts=found.texts)
    return found


def submit_draft(pk: int, *, author: User, now: datetime, confirmed: bool) -> None:
    """Hand a draft to a second admin. Raises DraftRefused for whatever is missing still."""
    with transaction.atomic():
        draft = own_draft(pk, author)
        refuse_if_moved_on(draft)
        refuse_if_it_breaks_its_samples(draft)
        if draft.dry_run is None:
            raise DraftRefused(refusals.NO_DRY_RUN)
        if draft.dry_run["warnings"] and not confirmed:
            raise DraftRefused(refusals.UNCONFIRMED)
        draft.state, draft.submitted_at = RuleDraft.State.SUBMITTED, now
        draft.warnings_confirmed = bool(draft.dry_run["warnings"])
        draft.save()
        tell("rule.submitted", draft, actor=author, at=now, warnings=draft.dry_run["warnings"])


def reopen_draft(pk: int, *, author: User, now: datetime) -> None:
    """Take a submitted draft back to change it."""
    with transaction.atomic():
        draft = locked(pk)
        _refuse_others(draft, author)
        if draft.state != RuleDraft.State.SUBMITTED:
            raise DraftRefused(refusals.NOT_WAITING)
        draft.state, draft.warnings_confirmed = RuleDraft.State.DRAFT, False
        draft.save()
        tell("rule.draft_reopened", draft, actor=author, at=now)


OPEN = (RuleDraft.State.DRAFT, RuleDraft.State.SUBMITTED)


def locked(pk: int) -> RuleDraft:
    """The draft, held until the transaction ends. Raises RuleDraft.DoesNotExist."""
    return RuleDraft.objects.select_for_update(of=("self",)).get(pk=pk)


def own_draft(pk: int, author: User) -> RuleDraft:
    """An unsubmitted draft, locked, for its author only: who edits it is who wrote it."""
    draft = locked(pk)
    _refuse_others(draft, author)
    if draft.state != RuleDraft.State.DRAFT:
        raise DraftRefused(refusals.NOT_OPEN)
    return draft


def in_force(name: str) -> dict[str, object] | None:
    """What the rule of this name says now; None when there is none."""
    rule = RedactionRule.objects.filter(name=name).first()
    return content_of(rule) if rule else None


def version_in_force(name: str) -> int:
    return RedactionRule.objects.filter(name=name).values_list("version", flat=True).first() or 0


def refuse_if_moved_on(draft: RuleDraft) -> None:
    if version_in_force(draft.rule_name) != draft.based_on:
        raise DraftRefused(refusals.MOVED_ON)


def refuse_if_it_breaks_its_samples(draft: RuleDraft) -> None:
    if draft.content is None:
        return
    try:
        unsaved_rule(draft.rule_name, draft.content).clean()
    except ValidationError as error:
        raise DraftRefused(refusals.BREAKS_ITS_SAMPLES) from error


def tell(action: str, draft: RuleDraft, *, actor: User, at: datetime, **detail: object) -> None:
    """An entry of the audit trail about a draft: which content, not what it says."""
    known = {"draft": draft.pk, "based_on": draft.based_on, "content": fingerprint(draft.content)}
    record(action, actor=actor, subject=draft.rule_name, at=at, detail=known | detail)


def _refuse_others(draft: RuleDraft, author: User) -> None:
    if draft.author_id != author.pk:
        raise DraftRefused(refusals.NOT_YOURS)


def _forget_dry_run(draft: RuleDraft) -> None:
    draft.dry_run, draft.warnings_confirmed = None, False
