"""The rhythm in which a stream arrived: bursts and silences, as an engineer reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from django.utils.translation import gettext as _

from probes.wire.arrivals import GAP_EDGES_MS
from probes.wire.facts import Facts
from triage.tickets.steps import Request
from triage.tickets.wording.values import seconds_text

_SIZES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One stream. `gaps` are (how long, how many, percent of the commonest length)."""

    title: str
    facts: Facts
    bursts: int
    first_sizes: tuple[int, ...]
    usual_size: int
    gaps: list[tuple[str, int, int]]


def gap_labels() -> list[str]:
    """The lengths by which gaps are counted, shortest first."""
    edges = [seconds_text(edge) for edge in GAP_EDGES_MS]
    return [*(_("under %(time)s") % {"time": edge} for edge in edges), _("longer")]


def rhythms(requests: Sequence[Request]) -> list[Rhythm]:
    """Of every request whose body came in pieces."""
    return [_rhythm(request) for request in requests if request.facts.bursts]


def _rhythm(request: Request) -> Rhythm:
    facts = request.facts
    sizes = tuple(size for _at, size in facts.bursts)
    commonest = max((1, *facts.gap_histogram))
    return Rhythm(
        title=request.name.title,
        facts=facts,
        bursts=max(facts.burst_count, len(sizes)),
        first_sizes=sizes[:_SIZES_SHOWN],
        usual_size=round(median(sizes)),
        gaps=[
            (label, count, round(100 * count / commonest))
            for label, count in zip(gap_labels(), facts.gap_histogram, strict=False)
        ],
    )
