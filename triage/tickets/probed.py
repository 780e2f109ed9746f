"""How the probes of a ticket go or went: where they stand, what was held back, what each request showed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from probes.runs.admission import KILL_SWITCH
from probes.runs.lending import held_back
from probes.runs.models import Run
from probes.runs.replays import replays_of
from triage.tickets.compared import Compared, comparisons
from triage.tickets.models import Investigation
from triage.tickets.narration import Story, stories
from triage.tickets.places import begun
from triage.tickets.stages import Stage, refusal_of, stages
from triage.tickets.steps import Request
from triage.tickets.waterfall import Waterfall, draw
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.outcomes import PHASES
from triage.tickets.wording.refusals import NOT_PROBED


@dataclass(frozen=True, slots=True)
class Probed:
    stages: list[Stage]
    runs: list[Run]
    replays: list[Run]  # of its runs, and theirs; the verdict does not rest on them
    borrowed: Run | None
    borrowed_age: str
    waterfall: Waterfall | None
    phases: list[tuple[str, Any]]
    stories: list[Story]
    comparisons: list[Compared]
    not_probed: str  # in words
    is_stopped: bool  # the newest probe, by a stop of all probes

    @property
    def announcement(self) -> str:
        """Where it stands, in one sentence."""
        now = next((stage for stage in self.stages if stage.state == "now"), None)
        return f"{now.title}: {now.detail}" if now and now.detail else (now.title if now else _("Running"))


def probed_of(investigation: Investigation, requests: Sequence[Request], *, now: datetime) -> Probed:
    """`requests` are all that are planned, those still to come among them."""
    seen = begun(requests)
    return Probed(
        stages=stages(investigation, requests, now=now),
        runs=runs_of(investigation),
        replays=_replays(investigation),
        borrowed=investigation.borrowed,
        borrowed_age=_borrowed_age(investigation),
        waterfall=draw([(request.label, request.facts) for request in seen]),
        phases=list(PHASES.items()),
        stories=stories(seen),
        comparisons=comparisons(seen),
        not_probed=_not_probed(investigation),
        is_stopped=investigation.run is not None and _is_stopped(investigation.run),
    )


def _replays(investigation: Investigation) -> list[Run]:
    """Where the page knows that there are none, nobody looks."""
    replayed = [part for part in investigation.story() if getattr(part, "was_replayed", True)]
    return replays_of(part.run_id for part in replayed if part.run_id) if replayed else []


def runs_of(investigation: Investigation) -> list[Run]:
    """Every run that the verdict rests on, its own or lent, in the order of the story."""
    return [run for part in investigation.story() for run in (part.run, part.borrowed) if run]


def _borrowed_age(investigation: Investigation) -> str:
    lender, at = investigation.borrowed, investigation.concluded_at
    if lender is None or lender.finished_at is None or at is None:
        return ""
    minutes = int((at - lender.finished_at).total_seconds() // 60)
    if minutes < 1:
        return _("less than a minute earlier")
    return ngettext("%(n)d minute earlier", "%(n)d minutes earlier", minutes) % {"n": minutes}


def _not_probed(investigation: Investigation) -> str:
    if investigation.not_probed or investigation.run is None:
        return in_words(NOT_PROBED, investigation.not_probed) if investigation.not_probed else ""
    return refusal_of(investigation.run)


def _is_stopped(run: Run) -> bool:
    return any(reason == KILL_SWITCH for _step, reason in held_back(run))
