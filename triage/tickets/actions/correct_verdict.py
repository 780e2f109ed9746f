"""An engineer says what the verdict should have been. The machine's stays; the newest word counts."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from triage.people.audit import record
from triage.tickets.models import Investigation, VerdictCorrection
from triage.verdicts.case import Owner
from triage.verdicts.codes import ISSUES


class CorrectionRefused(Exception):
    """Not stored, since the ticket has moved on; `code` says how."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


NO_VERDICT = "no_verdict"  # the steps are still running
NEWER_VERDICT = "newer_verdict"  # further steps followed
CORRECTED_MEANWHILE = "corrected_meanwhile"  # somebody else said something


def correct_verdict(
    *, investigation_id: int, code: str, owner: Owner, reason: str, seen: int, by: User, at: datetime
) -> VerdictCorrection:
    """Store the correction and its entry of the trail. `reason` is masked already.

    `seen` is the newest correction that `by` had read, 0 for none: what was said since then has to be read
    first. The same form sent twice makes one correction. Raises CorrectionRefused.
    """
    if code not in ISSUES:
        raise ValueError(f"there is no class {code}")
    with transaction.atomic():
        investigation = Investigation.objects.select_for_update(of=("self",)).get(pk=investigation_id)
        _refuse_if_moved_on(investigation)
        newest = investigation.corrections.first()
        if newest and newest.pk != seen:
            if (newest.corrected_by_id, newest.code, newest.owner, newest.reason) == (
                by.pk,
                code,
                owner,
                reason,
            ):
                return newest
            raise CorrectionRefused(CORRECTED_MEANWHILE)
        correction = VerdictCorrection.objects.create(
            investigation=investigation,
            code=code,
            owner=owner,
            reason=reason,
            corrected_by=by,
            corrected_at=at,
        )
        _tell(correction, newest, at=at)
    return correction


def _refuse_if_moved_on(investigation: Investigation) -> None:
    if investigation.verdict is None:
        raise CorrectionRefused(NO_VERDICT)
    if Investigation.objects.filter(ticket=investigation.ticket_id, pk__gt=investigation.pk).exists():
        raise CorrectionRefused(NEWER_VERDICT)


def _tell(correction: VerdictCorrection, before: VerdictCorrection | None, *, at: datetime) -> None:
    investigation = correction.investigation
    record(
        "verdict.corrected",
        actor=correction.corrected_by,
        subject=f"ticket {investigation.ticket_id}",
        at=at,
        detail={
            "investigation": investigation.pk,
            "machine": {"code": investigation.verdict_code, "owner": investigation.owner},
            "before": {"code": before.code, "owner": before.owner} if before else None,
            "now": {"code": correction.code, "owner": correction.owner},
        },
    )
