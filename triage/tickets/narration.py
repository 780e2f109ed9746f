"""Tells in words what the picture shows: a sentence per request, and its phases."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from probes.wire.dialects.base import STREAMED
from probes.wire.facts import BodyKind, Facts
from triage.tickets.steps import Request, StepName
from triage.tickets.waterfall import Lump, beats_of, gaps_of, lump_of, phases_of
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.outcomes import ENDS, FAILURES, PHASES
from triage.tickets.wording.refusals import SKIPS
from triage.tickets.wording.values import seconds_text

_IN_ONE_PIECE = (BodyKind.JSON_OK, BodyKind.JSON_ERROR, BodyKind.HTML)  # no end marker to miss


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
        if bursts > 1 and (lump := lump_of(facts)):
            told.append(lump_text(lump))
    if facts.comments:
        told.append(ngettext("%(n)d heartbeat", "%(n)d heartbeats", facts.comments) % {"n": facts.comments})
    if facts.pings:
        words = ngettext("%(n)d heartbeat event", "%(n)d heartbeat events", facts.pings)
        told.append(words % {"n": facts.pings})
    if beats := beats_of(facts):
        times = {"first": seconds_text(beats[0]), "last": seconds_text(beats[-1])}
        told.append(_("the first heartbeat after %(first)s, the last after %(last)s") % times)
    return told


def lump_text(lump: Lump) -> str:
    """What the picture writes where most of a stream came at once."""
    told = {"events": lump.events, "n": lump.bursts, "at": seconds_text(lump.at_ms)}
    if lump.bursts == 1:
        return _("%(events)d events, nearly all in 1 burst at %(at)s") % told
    return _("%(events)d events packed into %(n)d bursts, the biggest at %(at)s") % told


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
    if beats := beats_of(facts):
        rows.append((_("Heartbeats"), seconds_text(beats[0]), seconds_text(beats[-1] - beats[0])))
    return rows
