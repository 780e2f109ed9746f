"""The earlier verdicts of a ticket, and what its further steps changed."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from triage.tickets.models import Investigation
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.verdicts import CONFIDENCES, OWNERS_SHORT, RESENDS_SHORT
from triage.verdicts.case import Verdict
from triage.verdicts.codec import verdict_from_dict
from triage.verdicts.playbooks import Playbooks, title_of


@dataclass(frozen=True, slots=True)
class Earlier:
    """A verdict that further steps followed; `pk` is that of its investigation."""

    pk: int
    code: str
    title: str
    confidence: str
    corrected_to: str  # the class that an engineer put in its place
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    was: str
    now: str


def earlier_verdicts(investigation: Investigation, *, language: str, playbooks: Playbooks) -> list[Earlier]:
    """Newest first."""
    return [
        Earlier(
            pk=part.pk,
            code=part.verdict_code,
            title=title_of(part.verdict_code, language, playbooks=playbooks),
            corrected_to=part.correction.code if part.correction else "",
            confidence=part.verdict["confidence"],
            at=part.concluded_at,
        )
        for part in reversed(investigation.story()[:-1])
        if part.verdict
    ]


def changes_since(investigation: Investigation, *, language: str, playbooks: Playbooks) -> list[Change]:
    """What the newest verdict says differently from the one before; empty when it only confirms it."""
    before = investigation.builds_on
    if before is None or not before.verdict or not investigation.verdict:
        return []
    was, now = verdict_from_dict(before.verdict), verdict_from_dict(investigation.verdict)
    rows = zip(_gist(was, language, playbooks), _gist(now, language, playbooks), strict=True)
    return [Change(label, old, new) for (label, old), (_label, new) in rows if old != new]


def _gist(verdict: Verdict, language: str, playbooks: Playbooks) -> list[tuple[str, str]]:
    return [
        (_("Verdict"), f"{title_of(verdict.code, language, playbooks=playbooks)} ({verdict.code})"),
        (_("How sure"), in_words(CONFIDENCES, verdict.confidence)),
        (_("Owner"), in_words(OWNERS_SHORT, verdict.owner)),
        (_("Send again?"), in_words(RESENDS_SHORT, verdict.resend)),
    ]
