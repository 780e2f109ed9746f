"""What differs between runs, told in one sentence and in notes about what cannot be compared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from triage.history.across import fact_rank, header_rank
from triage.history.comparison import FactRow

_LONGEST_VALUE = 70


@dataclass(frozen=True, slots=True)
class StepDifference:
    """The rows of one request that differ, most telling first; a value per run, "" where it has none."""

    title: str
    facts: Sequence[FactRow]
    headers: Sequence[FactRow]


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that differs."""

    request: str
    what: str
    values: tuple[str, ...]
    rank: int = 0  # the lower the more telling


def one_sentence(runs: Sequence[str], steps: Sequence[StepDifference], *, has_common_request: bool) -> str:
    """What differs between `runs`: the most telling fact and header, in the language of the reader."""
    if not has_common_request:
        return _("The runs have no request in common, so only what was concluded of them compares.")
    facts, headers = _fact_points(steps), _header_points(steps)
    if not facts and not headers:
        return _(
            "Nothing that matters differs between %(runs)s: they were answered alike, in like times."
        ) % {"runs": _and(runs)}
    told = [_told(point, runs) for point in (*facts[:1], *headers[:1])]
    more = len(facts) + len(headers) - len(told)
    if more:
        told.append(ngettext("and %(n)d thing more", "and %(n)d things more", more) % {"n": more})
    return _("What differs: %(points)s.") % {"points": _("; ").join(told)}


def _fact_points(steps: Sequence[StepDifference]) -> list[Point]:
    return _by_rank(
        Point(step.title, row.label, row.values, fact_rank(row.name))
        for step in steps
        for row in step.facts
        if row.differs
    )


def _header_points(steps: Sequence[StepDifference]) -> list[Point]:
    return _by_rank(
        Point(step.title, _("header %(name)s") % {"name": row.label}, row.values, header_rank(row.name))
        for step in steps
        for row in step.headers
        if row.differs
    )


def _by_rank(points: Iterable[Point]) -> list[Point]:
    return sorted(points, key=attrgetter("rank"))


def _told(point: Point, runs: Sequence[str]) -> str:
    """Runs of one value are named together, in their order."""
    of_value: dict[str, list[str]] = {}
    for run, value in zip(runs, point.values, strict=True):
        if value:
            of_value.setdefault(value, []).append(run)
    values = [
        _("%(value)s in %(runs)s") % {"value": _short(value), "runs": _and(same)}
        for value, same in of_value.items()
    ]
    return _("%(request)s, %(what)s: %(values)s") % {
        "request": point.request,
        "what": point.what,
        "values": _(", ").join(values),
    }


def _and(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    some = pgettext("between names of runs", ", ").join(names[:-1])
    return _("%(some)s and %(last)s") % {"some": some, "last": names[-1]}


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 1]}…"
