"""The unsafe-paste meter as a page shows it: counts by kind, field and channel, and by day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from probes.redaction.models import Catch
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.facts import fact_label
from triage.tickets.wording.masked import finding_kind
from triage.tickets.wording.paste import FIELDS

SPANS = (7, 30, 90)  # days to choose from
_SHOWN = 12  # rows of a table; the rest is summed up
_WIDTH, _HEIGHT = 720, 120  # of the days' chart, in user units
CHANNELS = {
    "browser": _("masked in the browser, before it was sent"),
    "form": _("ticket form"),
    "file": _("file of tickets"),
    "import": _("import of charges"),
    "endpoint": _("answer of an endpoint"),
    "address": _("address of a page"),
    "admin": _("administration"),
    "api": _("API"),
    "workshop": _("test bench"),
}
_FIELDS = {
    **FIELDS,
    "account": _("account"),
    "headers": _("headers of the answer"),
    "address": _("address of a page"),
    "file_name": _("name of a file"),
    "header": _("heading of a column"),
    "rejected_row": _("row that was refused"),
    "reason": _("reason of a halt"),
    "q": _("search box"),
    "text": _("text on the test bench"),
    "other": _("unknown field"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table; `share` of the greatest, 0 to 100."""

    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Day:
    """One bar of the chart."""

    day: date
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Meter:
    days: int
    total: int
    chart: list[Day]
    tables: list[tuple[str, list[Line]]]  # (what it is by, its lines)


def meter_of(*, days: int, today: date) -> Meter:
    """The last `days` days, today included; days end at midnight UTC."""
    since = today - timedelta(days=days - 1)
    caught = Catch.objects.filter(day__gte=since, day__lte=today)
    by_day = dict(caught.values_list("day").annotate(Sum("count")))
    return Meter(
        days=days,
        total=sum(by_day.values()),
        chart=_chart([(day, by_day.get(day, 0)) for day in (since + timedelta(days=n) for n in range(days))]),
        tables=[
            (str(_("By kind")), _lines(caught, "kind", _kind)),
            (str(_("By field")), _lines(caught, "field", _field)),
            (str(_("By way in")), _lines(caught, "channel", lambda code: in_words(CHANNELS, code))),
        ],
    )


def _kind(kind: str) -> str:
    return str(_("probe key, echoed")) if kind == "literal" else finding_kind(kind)


def _field(name: str) -> str:
    """A field of tickets or a fact of endpoints, in its words."""
    return in_words(_FIELDS, name) if name in _FIELDS else fact_label(name, step="stream")


def _lines(caught: "QuerySet[Catch, Catch]", column: str, words: Callable[[str], str]) -> list[Line]:
    counts: Sequence[tuple[Any, int]] = sorted(
        caught.values_list(column).annotate(Sum("count")), key=lambda row: (-row[1], row[0])
    )
    shown, rest = list(counts[:_SHOWN]), sum(count for _name, count in counts[_SHOWN:])
    most = max((count for _name, count in counts), default=1)
    lines = [Line(words(name), count, 100 * count / most) for name, count in shown]
    return [*lines, Line(str(_("all others")), rest, min(100.0, 100 * rest / most))] if rest else lines


def _chart(counts: Sequence[tuple[date, int]]) -> list[Day]:
    most = max((count for _day, count in counts), default=0) or 1
    step = _WIDTH / len(counts)
    return [
        Day(
            day=day,
            count=count,
            x=round(n * step, 2),
            y=round(_HEIGHT * (1 - count / most), 2),
            width=round(step * 0.8, 2),
            height=round(_HEIGHT * count / most, 2),
        )
        for n, (day, count) in enumerate(counts)
    ]
