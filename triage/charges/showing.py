"""What the pages show of imports and ledgers: counts, progress, samples and reasons, ready for a template."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from triage.charges.coverage import Coverage
from triage.charges.finding import ChargeKind
from triage.charges.labels import FIELD_LABELS, MOODS
from triage.charges.models import KIND_LABELS, ChargeImport, ImportState, RejectedRow
from triage.charges.preview import Sample, preview_of
from triage.charges.refusals import Refusal
from triage.charges.wording import why_refused

RUNNING = (ImportState.READING, ImportState.COMMITTING)
MOST_REASONS = 10
FIRST_REJECTED = 20
BAR = 1000
_THINNEST = 3  # units: what is shorter would not be seen
_SAMPLED = (
    ("new", _("New rows")),
    ("changed", _("Rows that complete what was empty")),
    ("conflicting", _("Rows that contradict the ledger")),
)
_COUNTS: Sequence[tuple[str, Any, Any, str]] = (
    ("new", _("new"), _("not in the ledger before"), "good"),
    ("unchanged", _("unchanged"), _("in the ledger, saying the same"), ""),
    ("changed", _("completed"), _("in the ledger; details that were empty are filled in"), ""),
    ("conflicting", _("conflicting"), _("in the ledger, saying something else; kept beside it"), "warn"),
    ("rejected", _("rejected"), _("not readable, with line and reason"), "bad"),
    ("skipped", _("skipped"), _("blank lines and entries that bill nobody"), ""),
)


@dataclass(frozen=True, slots=True)
class Tally:
    """One count of an import; `mood` colours it when it is not zero."""

    name: str
    label: Any
    explained: Any
    number: int
    mood: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows were rejected, and how many."""

    why: str
    column: str
    number: int


@dataclass(frozen=True, slots=True)
class Column:
    """A header of the file and which fields are taken from it."""

    header: str
    used_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleCell:
    """What the file says, and where it differs, what the ledger said."""

    label: Any
    says: str
    said: str
    differs: bool


@dataclass(frozen=True, slots=True)
class SampleTable:
    """A few rows of one count, by their number in the file."""

    heading: Any
    labels: list[Any]
    rows: list[tuple[int, list[SampleCell]]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time that the ledger covers, or a gap; `x` and `width` place it on a bar of BAR units."""

    start: datetime
    end: datetime
    is_gap: bool
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Shown:
    """An import in a list."""

    record: ChargeImport
    mood: str
    percent: int | None


def shown(records: Iterable[ChargeImport]) -> list[Shown]:
    return [Shown(record, MOODS.get(record.state, ""), percent(record)) for record in records]


def percent(record: ChargeImport) -> int | None:
    """How much of the file is read; None where that is not known, or where nothing runs."""
    if record.state not in RUNNING or not record.bytes_total:
        return None
    return min(100, record.bytes_read * 100 // record.bytes_total)


def version_of(records: Iterable[ChargeImport]) -> str:
    """Changes whenever the page would look different."""
    told = [(row.pk, row.state, row.bytes_read, row.read, row.rejected) for row in records]
    return f"{zlib.crc32(repr(told).encode()):08x}"


def announcement(record: ChargeImport) -> str:
    """What a screen reader says of progress: the state, and every quarter of the way."""
    so_far = percent(record)
    state = record.get_state_display()
    return f"{state}: {so_far // 25 * 25} %" if so_far else state


def tallies(record: ChargeImport) -> list[Tally]:
    return [
        Tally(name, label, explained, number, mood if number else "")
        for name, label, explained, mood in _COUNTS
        for number in [getattr(record, name)]
    ]


def reasons(record: ChargeImport) -> list[Reason]:
    """The most frequent reasons first."""
    groups = record.rejections.values("refusal", "column").annotate(number=Count("pk")).order_by("-number")
    return [
        Reason(reason(group["refusal"]), group["column"], group["number"]) for group in groups[:MOST_REASONS]
    ]


def first_rejected(record: ChargeImport) -> list[tuple[RejectedRow, str]]:
    rows = record.rejections.order_by("line", "pk")[:FIRST_REJECTED]
    return [(row, reason(row.refusal)) for row in rows]


def reason(code: str) -> str:
    """The refusal in words; a code of an older desk as it is."""
    return why_refused(Refusal(code)) if code in list(Refusal) else code


def columns_of(headers: Sequence[str], mapping: Mapping[str, str]) -> list[Column]:
    fields: dict[str, list[str]] = {}
    for field, label in FIELD_LABELS.items():
        if place := mapping.get(field):
            fields.setdefault(place, []).append(str(label))
    return [Column(header, tuple(fields.get(header, ()))) for header in headers]


def samples_of(record: ChargeImport) -> list[SampleTable]:
    """A table per count that has samples."""
    samples = preview_of(record.preview)["samples"]
    return [_table(heading, samples[name]) for name, heading in _SAMPLED if samples.get(name)]


def _table(heading: Any, samples: Sequence[Sample]) -> SampleTable:
    fields = [
        field
        for field in FIELD_LABELS
        if any(sample["values"].get(field) or field in sample["differs"] for sample in samples)
    ]
    rows = [(sample["row"], [_cell(field, sample) for field in fields]) for sample in samples]
    return SampleTable(heading, [FIELD_LABELS[field] for field in fields], rows)


def _cell(field: str, sample: Sample) -> SampleCell:
    said, says = sample["differs"].get(field, ("", sample["values"].get(field, "")))
    return SampleCell(
        FIELD_LABELS[field],
        _readable(field, says),
        _readable(field, said),
        differs=field in sample["differs"],
    )


def _readable(field: str, text: str) -> str:
    """A time in the desk's zone, a kind in words, and all else as it stands."""
    if field == "kind" and text in list(ChargeKind):
        return str(KIND_LABELS[ChargeKind(text)])
    at = parse_datetime(text) if field == "occurred_at" else None
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at and timezone.is_aware(at) else text


def stretches(coverage: Coverage) -> list[Stretch]:
    """Spans and gaps in the order of time."""
    if not coverage.spans:
        return []
    first, last = coverage.spans[0][0], coverage.spans[-1][1]
    scale = BAR / ((last - first).total_seconds() or 1)
    timed = sorted(
        [(*span, False) for span in coverage.spans] + [(*gap, True) for gap in coverage.gaps],
        key=lambda stretch: stretch[0],
    )
    return [
        Stretch(
            start=start,
            end=end,
            is_gap=is_gap,
            x=round((start - first).total_seconds() * scale, 1),
            width=max(_THINNEST, round((end - start).total_seconds() * scale, 1)),
        )
        for start, end, is_gap in timed
    ]


def all_reasons() -> dict[str, str]:
    """Every refusal in the reader's language."""
    return {refusal.value: why_refused(refusal) for refusal in Refusal}
