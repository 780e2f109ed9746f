"""What today's rules say of a stored run: judged again in memory, beside the verdict that was stored."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from probes.runs.models import Run
from probes.wire.facts import Facts
from triage.history.verdict_rows import VerdictRow, verdict_rows
from triage.tickets.actions.rejudge_stored import judged_again
from triage.tickets.investigations import investigations_of
from triage.tickets.models import Investigation
from triage.verdicts.case import Case, Intake, Verdict
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_from_dict
from triage.verdicts.playbooks import Playbooks

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Today:
    """`rows` tell the stored verdict and today's side by side, or today's alone where none is stored."""

    titles: tuple[str, ...]
    rows: list[VerdictRow]
    differs: bool
    has_ticket: bool
    failed: bool  # today's rules cannot read what is stored


def today_of(run: Run, facts: Sequence[Facts], *, language: str, playbooks: Playbooks) -> Today | None:
    """None while nothing is concluded. `facts` are what the run's attempts showed."""
    if not run.is_finished or not facts:
        return None
    investigation: Investigation | None = getattr(run, "investigation", None)
    if investigation is not None and not investigation.is_concluded:
        return None
    try:
        verdicts = _verdicts(run, investigation, facts)
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError):
        log.warning("run %s cannot be judged again", run.pk)
        return Today((), [], differs=False, has_ticket=investigation is not None, failed=True)
    rows = verdict_rows(verdicts, language=language, playbooks=playbooks)
    return Today(
        titles=tuple(whose for whose, _verdict in verdicts),
        rows=rows,
        differs=any(row.differs for row in rows if row.decides),
        has_ticket=investigation is not None,
        failed=False,
    )


def _verdicts(
    run: Run, investigation: Investigation | None, facts: Sequence[Facts]
) -> list[tuple[str, Verdict]]:
    if investigation is None or not investigation.verdict:
        return [(_("Today"), judged_alone(run, facts))]
    stored = verdict_from_dict(investigation.verdict)
    return [(_("Stored"), stored), (_("Today"), judged_again(_with_its_story(investigation)))]


def _with_its_story(investigation: Investigation) -> Investigation:
    """What it builds on is read at once, however long that story is."""
    if investigation.builds_on_id is None:
        return investigation
    return next(part for part in investigations_of(investigation.ticket_id) if part.pk == investigation.pk)


def judged_alone(run: Run, facts: Sequence[Facts]) -> Verdict:
    """What today's rules find in the facts of a run when nobody says anything of it."""
    at = run.finished_at or run.queued_at
    return classify(Case(intake=Intake(), attempts=tuple(facts), now=at))
