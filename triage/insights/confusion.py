"""What the machine said against what engineers said: pairs of classes, and how often each was overridden."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from triage.tickets.models import Investigation, Ticket, VerdictCorrection
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.verdicts import OWNERS_SHORT
from triage.verdicts.playbooks import Playbooks, title_of

SPANS = (7, 30, 90, 365)  # days to choose from
MOST_VERDICTS = 20_000  # the newest of a time: their versions stand in JSON, which no index holds
CSV_COLUMNS = (
    *("ticket", "corrected_at", "corrected_by", "rules_version", "machine_class", "machine_owner"),
    *("confidence", "person_class", "person_owner", "machine_was_right", "reason"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """The time that a report is about; `is_cut` when it holds more verdicts than are counted."""

    days: int
    since: datetime
    until: datetime
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A class with its owner, as the machine or a person said it."""

    code: str
    title: str
    owner: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The machine said one thing, people another (or the same: then it `agrees`)."""

    machine: Named
    person: Named
    tickets: list[Ticket]

    @property
    def count(self) -> int:
        return len(self.tickets)

    @property
    def agrees(self) -> bool:
        return self.machine == self.person


@dataclass(frozen=True, slots=True)
class Rate:
    """How often verdicts of a class were overridden: of all that were drawn, and of those looked at."""

    code: str
    title: str
    drawn: int
    looked_at: int
    overridden: int

    @property
    def of_drawn(self) -> float:
        """Per cent."""
        return 100 * self.overridden / self.drawn if self.drawn else 0.0

    @property
    def of_looked_at(self) -> float:
        """Per cent."""
        return 100 * self.overridden / self.looked_at if self.looked_at else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    period: Period
    rules: str  # empty: of any version
    drawn: int
    looked_at: int
    overridden: int
    pairs: list[Pair]  # those that disagree first, the commonest first
    rates: list[Rate]  # of the classes that somebody looked at


def period_of(*, days: int, now: datetime) -> Period:
    """The last `days`, or as much of them as the newest MOST_VERDICTS reach back."""
    since = now - timedelta(days=days)
    newest = Investigation.objects.filter(concluded_at__gte=since, concluded_at__lte=now)
    times = newest.order_by("-concluded_at").values_list("concluded_at", flat=True)
    last = next(iter(times[MOST_VERDICTS - 1 : MOST_VERDICTS]), None)
    is_cut = last is not None and newest.filter(concluded_at__lt=last).exists()
    return Period(days, last if last and is_cut else since, now, is_cut)


def report_of(*, period: Period, rules: str, language: str, playbooks: Playbooks) -> Report:
    """Of the verdicts that were drawn in this time; only the newest word on each counts."""
    counted = _drawn(period, rules).values_list("verdict_code").annotate(Count("pk"))
    drawn = Counter(dict(counted))
    said = said_of(period=period, rules=rules)
    overridden = Counter(one.investigation.verdict_code for one in said if not one.confirms)
    looked_at = Counter(one.investigation.verdict_code for one in said)
    return Report(
        period=period,
        rules=rules,
        drawn=drawn.total(),
        looked_at=looked_at.total(),
        overridden=overridden.total(),
        pairs=_pairs(said, language, playbooks),
        rates=sorted(
            (
                Rate(
                    code,
                    title_of(code, language, playbooks=playbooks),
                    drawn=drawn[code],
                    looked_at=count,
                    overridden=overridden[code],
                )
                for code, count in looked_at.items()
            ),
            key=lambda rate: (-rate.overridden, -rate.looked_at, rate.code),
        ),
    )


def versions_of_rules(period: Period) -> list[str]:
    """Every version that a verdict of this time was drawn by, the newest first."""
    stored = _drawn(period, "").values_list("verdict__rules_version")
    return sorted({version for (version,) in stored.distinct() if version}, key=_in_order, reverse=True)


def _in_order(version: str) -> tuple[int, ...]:
    """2026.11.10 after 2026.11.9."""
    return tuple(int(part) if part.isdigit() else -1 for part in version.split("."))


def said_of(*, period: Period, rules: str) -> list[VerdictCorrection]:
    """The newest word on each verdict of this time that anybody looked at."""
    said = VerdictCorrection.objects.filter(investigation__in=_drawn(period, rules)).newest()
    return list(said.select_related("investigation__ticket", "corrected_by"))


def _drawn(period: Period, rules: str) -> "QuerySet[Investigation, Investigation]":
    drawn = Investigation.objects.filter(concluded_at__range=(period.since, period.until)).order_by()
    return drawn.filter(verdict__rules_version=rules) if rules else drawn


def _pairs(said: Iterable[VerdictCorrection], language: str, playbooks: Playbooks) -> list[Pair]:
    found: dict[tuple[str, str, str, str], list[Ticket]] = {}
    for one in said:
        machine = one.investigation
        key = (machine.verdict_code, machine.owner, one.code, one.owner)
        found.setdefault(key, []).append(machine.ticket)

    def named(code: str, owner: str) -> Named:
        return Named(code, title_of(code, language, playbooks=playbooks), in_words(OWNERS_SHORT, owner))

    pairs = [Pair(named(*key[:2]), named(*key[2:]), tickets) for key, tickets in found.items()]
    return sorted(pairs, key=lambda pair: (pair.agrees, -pair.count, pair.machine.code, pair.person.code))


def csv_rows(said: Iterable[VerdictCorrection]) -> Iterator[tuple[str, ...]]:
    """A heading, then a row per word; texts are as somebody typed them, masked."""
    yield CSV_COLUMNS
    for one in said:
        machine, verdict = one.investigation, one.investigation.verdict or {}
        yield (
            machine.ticket.ref,
            one.corrected_at.isoformat(timespec="seconds"),
            one.corrected_by.get_username() if one.corrected_by else "",
            str(verdict.get("rules_version", "")),
            machine.verdict_code,
            machine.owner,
            str(verdict.get("confidence", "")),
            one.code,
            one.owner,
            "yes" if one.confirms else "no",
            one.reason,
        )
