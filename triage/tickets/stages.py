"""Where an investigation stands: a line for all that was done, is being done and is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from probes.runs.models import Attempt, Run
from probes.wire.facts import Facts
from triage.people.clock import clock_text
from triage.tickets.masked import told_of
from triage.tickets.models import Investigation
from triage.tickets.narration import ending
from triage.tickets.steps import Request
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.outcomes import STAGES
from triage.tickets.wording.refusals import NOT_PROBED, SKIPS
from triage.tickets.wording.values import seconds_text

_LONG_QUEUE_S = 15


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the progress list; `state` is "done", "now", "failed", "skipped" or "waiting"."""

    state: str
    title: str
    detail: str = ""


def stages(investigation: Investigation, requests: Sequence[Request], *, now: datetime) -> list[Stage]:
    """What was done for the ticket so far and what is still to come, further steps included."""
    was_masked = bool(told_of(investigation.ticket.masked).masked)
    filed = _("Ticket filed, sensitive text masked") if was_masked else _("Ticket filed")
    told = [Stage("done", filed)]
    for part in investigation.story():
        told += _part(part, [request for request in requests if request.run_id == part.run_id], now=now)
    return [*told, _judging(investigation)]


def _part(part: Investigation, requests: Sequence[Request], *, now: datetime) -> list[Stage]:
    if part.run is None:
        return [Stage("done", _("Nothing is sent"), in_words(NOT_PROBED, part.not_probed))]
    asked = [_further_stage(part.run)] if part.builds_on_id else []
    return [*asked, _queue_stage(part.run, now), *(_request_stage(part.run, request) for request in requests)]


def _further_stage(run: Run) -> Stage:
    by = run.requested_by.get_username() if run.requested_by else ""
    return Stage("done", _("Further steps asked for"), _("by %(name)s") % {"name": by} if by else "")


def _queue_stage(run: Run, now: datetime) -> Stage:
    if run.state == Run.State.QUEUED:
        waited = int((now - run.queued_at).total_seconds())
        detail = _("no worker has taken it for %(n)d s; is one running?") % {"n": waited}
        return Stage("now", _("Waiting for a worker"), detail if waited >= _LONG_QUEUE_S else "")
    if run.state == Run.State.REFUSED:
        return Stage("failed", _("Not probed"), refusal_of(run))
    if run.state == Run.State.ABANDONED:
        return Stage("failed", _("The worker was lost"), in_words(NOT_PROBED, run.why_abandoned))
    return Stage("done", _("A worker took it"))


def refusal_of(run: Run) -> str:
    """Why nothing was sent, since when and until when; empty for a run that was not refused."""
    if not run.refusal:
        return ""
    told = [in_words(NOT_PROBED, run.refusal)]
    if run.refused_since:
        told.append(_("That is so since %(time)s.") % {"time": clock_text(run.refused_since)})
    if run.refused_until:
        told.append(_("It may be tried again from %(time)s on.") % {"time": clock_text(run.refused_until)})
    return " ".join(map(str, told))


def _request_stage(run: Run, request: Request) -> Stage:
    attempt, facts, title = request.attempt, request.facts, request.name.title
    if attempt.state == Attempt.State.DONE:
        failed = facts.failure or (facts.status or 0) >= 400
        return Stage("failed" if failed else "done", title, _shortly(facts))
    if attempt.state == Attempt.State.SKIPPED:
        return Stage("skipped", title, in_words(SKIPS, facts.skipped))
    if attempt.state == Attempt.State.UNKNOWN:
        return Stage("failed", title, in_words(SKIPS, facts.skipped))
    if attempt.state == Attempt.State.SENDING or (attempt.stage and not run.is_finished):
        return Stage("now", title, _progress(attempt, facts))
    return Stage("waiting", title, request.name.reason)


def _progress(attempt: Attempt, facts: Facts) -> str:
    stage = in_words(STAGES, attempt.stage)
    if not facts.events:
        return stage
    words = ngettext("%(stage)s, %(n)d event so far", "%(stage)s, %(n)d events so far", facts.events)
    return words % {"stage": stage, "n": facts.events}


def _shortly(facts: Facts) -> str:
    status = _("status %(status)s") % {"status": facts.status} if facts.status else ""
    return ", ".join(part for part in (status, ending(facts), seconds_text(facts.total_ms)) if part)


def _judging(investigation: Investigation) -> Stage:
    title, run = _("Ledger and verdict"), investigation.run
    if investigation.is_concluded:
        return Stage("done", title)
    return Stage("now" if run is None or run.is_finished else "waiting", title)
