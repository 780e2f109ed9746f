"""What engineers said of a verdict, read back: the newest correction counts, the machine's verdict stays."""

from dataclasses import dataclass
from datetime import datetime

from triage.charges.codec import finding_from_dict
from triage.tickets.actions.run_investigation import case_of
from triage.tickets.models import Investigation, VerdictCorrection
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.verdicts import OWNERS_SHORT
from triage.verdicts.case import Case, Owner, Verdict
from triage.verdicts.codec import verdict_from_dict
from triage.verdicts.correcting import as_confirmed, as_corrected
from triage.verdicts.playbooks import Playbooks, title_of


@dataclass(frozen=True, slots=True)
class Said:
    """One correction as a page shows it: it `confirms` the machine, or puts another class or owner there."""

    pk: int
    code: str
    title: str
    owner: str
    reason: str
    by: str
    at: datetime
    confirms: bool


def leading_verdict(investigation: Investigation) -> Verdict | None:
    """What page, reply and note are written from: the engineer's word where there is one."""
    if investigation.verdict is None:
        return None
    verdict, correction = verdict_from_dict(investigation.verdict), investigation.newest_correction
    if correction is None:
        return verdict
    if correction.confirms:
        return as_confirmed(verdict)
    case = None if given_up(verdict) else _case(investigation, correction)
    return as_corrected(verdict, case, code=correction.code, owner=Owner(correction.owner))


def given_up(verdict: Verdict) -> bool:
    """Whether the desk could not judge the ticket, so that nobody should try to read it as a case."""
    return any((item.fact, item.value) == ("not_probed", "desk_failed") for item in verdict.evidence)


def _case(investigation: Investigation, correction: VerdictCorrection) -> Case:
    finding = finding_from_dict(investigation.charges) if investigation.charges else None
    return case_of(investigation, finding, now=investigation.concluded_at or correction.corrected_at)


def corrections_of(investigation: Investigation, *, language: str, playbooks: Playbooks) -> list[Said]:
    """Newest first."""
    return [
        Said(
            pk=one.pk,
            code=one.code,
            title=title_of(one.code, language, playbooks=playbooks),
            owner=in_words(OWNERS_SHORT, one.owner),
            reason=one.reason,
            by=one.corrected_by.get_username() if one.corrected_by else "",
            at=one.corrected_at,
            confirms=one.confirms,
        )
        for one in investigation.corrections.all()
    ]
