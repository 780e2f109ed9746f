"""Tells in words what the picture shows: a sentence per request, its phases, the stages while it runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from probes.runs.models import Attempt, Run
from probes.wire.dialects.base import STREAMED
from probes.wire.facts import BodyKind, Facts
from triage.people.clock import clock_text
from triage.tickets.masked import told_of
from triage.tickets.models import Investigation
from triage.tickets.steps import Request, StepName
from triage.tickets.waterfall import gaps_of, phases_of
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.outcomes import ENDS, FAILURES, PHASES, STAGES
from triage.tickets.wording.refusals import NOT_PROBED, SKIPS
from triage.tickets.wording.values import seconds_text

_LONG_QUEUE_S = 15
_IN_ONE_PIECE = (BodyKind.JSON_OK, BodyKind.JSON_ERROR, BodyKind.HTML)  # no end marker to miss


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the progress list; `state` is "done", "now", "failed", "skipped" or "waiting"."""

    state: str
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One request told without a picture: as a sentence, and as a table of (phase, from, how long)."""

    name: StepName
    sentence: str
    rows: list[tuple[str, str, str]]


def stories(requests: Sequence[Request]) -> list[Story]:
    return [
        Story(request.name, sentence(request.facts, request.name.title), phase_rows(request.facts))
        for request in requests
    ]


# --- one attempt


def sentence(facts: Facts, title: str) -> str:
    """All that the lane shows, for those who do not see it."""
    parts = [_opening(facts), *_arrival(facts), *_silences(facts), _ending(facts)]
    return _("%(step)s: %(story)s.") % {
        "step": title,
        "story": _("; ").join(part for part in parts if part),
    }


def _opening(facts: Facts) -> str:
    if facts.skipped:
        return in_words(SKIPS, facts.skipped)
    if facts.status is None:
        return "" if facts.failure else _("no answer yet")
    return _("status %(status)s after %(time)s") % {
        "status": facts.status,
        "time": seconds_text(facts.headers_ms),
    }


def _arrival(facts: Facts) -> list[str]:
    told = []
    if facts.first_content_ms is not None:
        told.append(_("first text after %(time)s") % {"time": seconds_text(facts.first_content_ms)})
    if facts.events:
        told.append(ngettext("%(n)d event", "%(n)d events", facts.events) % {"n": facts.events})
    if facts.events > 1 and facts.bursts:
        bursts = max(facts.burst_count, len(facts.bursts))
        told.append(ngettext("in a single burst", "in %(n)d bursts", bursts) % {"n": bursts})
    if facts.comments:
        told.append(ngettext("%(n)d heartbeat", "%(n)d heartbeats", facts.comments) % {"n": facts.comments})
    return told


def _silences(facts: Facts) -> list[str]:
    gaps = gaps_of(facts)
    if not gaps:
        return []
    start, end = max(gaps, key=lambda gap: gap[1] - gap[0])
    words = ngettext(
        "nothing arrived for %(time)s, from %(start)s on",
        "%(n)d silences, the longest of %(time)s from %(start)s on",
        len(gaps),
    )
    return [words % {"n": len(gaps), "time": seconds_text(end - start), "start": seconds_text(start)}]


def _ending(facts: Facts) -> str:
    """How it ended, with the time."""
    how = ending(facts)
    if not how or facts.total_ms is None:
        return how
    return _("%(end)s after %(time)s") % {"end": how, "time": seconds_text(facts.total_ms)}


def ending(facts: Facts) -> str:
    if facts.in_stream_error:
        return _("an error inside the stream")
    if facts.failure:
        return in_words(FAILURES, facts.failure)
    if facts.step in STREAMED and facts.end_mode and facts.body_kind not in _IN_ONE_PIECE:
        return in_words(ENDS, facts.end_mode)
    return _("answer complete") if facts.end_mode else ""


def phase_rows(facts: Facts) -> list[tuple[str, str, str]]:
    """(phase, from, how long) in words: the picture as a table."""
    rows = [
        (in_words(PHASES, phase), seconds_text(start), seconds_text(end - start))
        for phase, start, end in phases_of(facts)
    ]
    rows += [
        (_("nothing arrives"), seconds_text(start), seconds_text(end - start))
        for start, end in gaps_of(facts)
    ]
    return rows


# --- a whole investigation


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
