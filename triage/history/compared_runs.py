"""Two to four runs side by side: everything that the page of a comparison shows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from probes.runs.models import Run
from triage.history.across import facts_across, headers_across
from triage.history.alignment import Aligned, aligned
from triage.history.comparison import FactRow
from triage.history.difference import StepDifference, one_sentence
from triage.history.incomparable import incomparable, protocol_of
from triage.history.record import Record, record_of
from triage.history.today import judged_alone
from triage.history.verdict_rows import VerdictRow, verdict_rows
from triage.tickets.corrections import leading_verdict
from triage.tickets.narration import Story, stories
from triage.tickets.steps import Request, StepName
from triage.tickets.waterfall import Waterfall, draw
from triage.verdicts.case import Verdict
from triage.verdicts.playbooks import Playbooks

Row = tuple[FactRow, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class StepTable:
    """One request: the rows that differ, and those that agree, each with (run, value) per run."""

    title: str
    facts: list[Row]
    headers: list[Row]
    same_facts: list[Row]
    same_headers: list[Row]


@dataclass(frozen=True, slots=True)
class ComparedRuns:
    names: list[str]
    records: list[Record]
    sentence: str
    notes: list[str]  # what cannot be compared, and why
    verdicts: list[VerdictRow]
    waterfall: Waterfall | None
    stories: list[Story]
    steps: list[StepTable]

    @property
    def has_differing_headers(self) -> bool:
        return any(step.headers for step in self.steps)

    @property
    def has_differing_facts(self) -> bool:
        return any(step.facts for step in self.steps)


def compared_runs(runs: Sequence[Run], *, language: str, playbooks: Playbooks) -> ComparedRuns:
    """`runs` with their endpoints, attempts and investigations, in the order in which they are shown."""
    records, names = [record_of(run) for run in runs], [name_of(run) for run in runs]
    rows, one_protocol = aligned(records), len({protocol_of(record) for record in records}) == 1
    tables = [_table(row, names, one_protocol=one_protocol) for row in rows if row.is_common]
    shown = [_renamed(request, names[place]) for place, request in _in_lanes(rows)]
    return ComparedRuns(
        names=names,
        records=records,
        sentence=one_sentence(
            names, [_difference(table) for table in tables], has_common_request=bool(tables)
        ),
        notes=incomparable(records, names, rows),
        verdicts=verdict_rows(
            [(name, _verdict(record)) for name, record in zip(names, records, strict=True)],
            language=language,
            playbooks=playbooks,
        ),
        waterfall=draw([((request.name.title, request.name.note), request.facts) for request in shown]),
        stories=stories([replace(request, name=_spoken(request)) for request in shown]),
        steps=tables,
    )


def name_of(run: Run) -> str:
    return _("Run %(n)s") % {"n": run.pk}


def _table(row: Aligned, names: Sequence[str], *, one_protocol: bool) -> StepTable:
    seen = [request.facts if request else None for request in row.requests]
    facts = [
        _cells(fact, names) for fact in facts_across(seen, one_protocol=one_protocol) if any(fact.values)
    ]
    headers = [_cells(header, names) for header in headers_across(seen)]
    return StepTable(
        title=row.title,
        facts=[told for told in facts if told[0].differs],
        headers=[told for told in headers if told[0].differs],
        same_facts=[told for told in facts if not told[0].differs],
        same_headers=[told for told in headers if not told[0].differs],
    )


def _cells(row: FactRow, names: Sequence[str]) -> Row:
    return row, list(zip(names, row.values, strict=True))


def _difference(table: StepTable) -> StepDifference:
    return StepDifference(table.title, _rows(table.facts), _rows(table.headers))


def _rows(told: Iterable[Row]) -> list[FactRow]:
    return [row for row, _cells in told]


def _in_lanes(rows: Iterable[Aligned]) -> Iterator[tuple[int, Request]]:
    """(place of its run, request): what was asked alike stands together."""
    for row in rows:
        yield from ((place, request) for place, request in enumerate(row.requests) if request)


def _renamed(request: Request, run: str) -> Request:
    return replace(request, name=replace(request.name, note=run, reason=""))


def _spoken(request: Request) -> StepName:
    return replace(request.name, title=f"{request.name.note}{_(', ')}{request.name.title}")


def _verdict(record: Record) -> Verdict | None:
    """As an engineer corrected it; of a run without a ticket what today's rules find in its facts alone."""
    investigation = getattr(record.run, "investigation", None)
    if investigation is not None:
        return leading_verdict(investigation)
    if not record.sent or not record.run.is_finished:
        return None
    return judged_alone(record.run, [request.facts for request in record.begun])
