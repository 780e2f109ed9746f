"""Puts a charge finding into the reader's words: its headline, rows, reasons and arithmetic."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from triage.charges.arithmetic import arithmetic
from triage.charges.finding import (
    ChargeCode,
    ChargeFinding,
    Event,
    EventKind,
    Outcome,
    Remark,
    TaskStory,
    WireCount,
)
from triage.charges.headline import UNDECIDED, apart, headline
from triage.charges.money import sums_text
from triage.charges.normalise import id_key
from triage.charges.reach import Reach, coverage_in_words
from triage.charges.retries import count_requests
from triage.charges.status import RowStatus, statuses
from triage.charges.timeline import SHAPES, Row, Timeline, draw, name_of, rows_in_order
from triage.people.clock import clock_text

EVENTS: Mapping[str, Any] = {
    EventKind.HOLD: gettext_lazy("hold"),
    EventKind.SETTLEMENT: gettext_lazy("settlement of the hold"),
    EventKind.RELEASE: gettext_lazy("release of the hold"),
    EventKind.CHARGE: gettext_lazy("charge"),
    EventKind.WITHDRAWN: gettext_lazy("charge, taken back before the next"),
    EventKind.EXTRA: gettext_lazy("charged again"),
    EventKind.REFUND: gettext_lazy("refund"),
    EventKind.REVERSAL: gettext_lazy("reversal"),
    EventKind.ADJUSTMENT: gettext_lazy("adjustment"),
    EventKind.RESUBMISSION: gettext_lazy("the request sent again"),
    EventKind.SECOND_LOG: gettext_lazy("the same call, logged again"),
    EventKind.OWN_PROBE: gettext_lazy("our own probe"),
}
STATUSES: Mapping[str, Any] = {
    RowStatus.PENDING: gettext_lazy("pending"),
    RowStatus.SETTLED: gettext_lazy("settled"),
    RowStatus.RELEASED: gettext_lazy("released"),
    RowStatus.CHARGED: gettext_lazy("charged"),
    RowStatus.REFUNDED: gettext_lazy("refunded"),
    RowStatus.PARTLY_REFUNDED: gettext_lazy("partly refunded"),
    RowStatus.ADJUSTED: gettext_lazy("adjusted"),
}
OUTCOMES: Mapping[str, Any] = {
    Outcome.SUCCEEDED: gettext_lazy("the task succeeded"),
    Outcome.FAILED: gettext_lazy("the task failed"),
    Outcome.UNDELIVERED: gettext_lazy("the answer did not arrive"),
}
_KEY: Mapping[str, Any] = {
    "request": gettext_lazy("request"),
    "circle": gettext_lazy("charge"),
    "octagon": gettext_lazy("charged again"),
    "hexagon": gettext_lazy("sent or logged again"),
    "ring": gettext_lazy("hold"),
    "square": gettext_lazy("settlement or adjustment"),
    "diamond": gettext_lazy("money back"),
}
_MOODS = {RowStatus.PENDING: "warn", RowStatus.REFUNDED: "good", RowStatus.RELEASED: "good"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a ticket knows of its requests. Empty means not given."""

    at: datetime | None = None
    retries: int | None = None
    client: str = ""
    request_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a row came in."""

    source: str  # what the ledger is called
    import_id: int
    file_name: str
    row_number: int
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTold:
    number: int
    event: Event
    what: str
    status: str
    mood: str  # of the status: "", "good", "warn" or "bad"
    task_id: str
    belongs_to: str  # the task, else the request
    pause: str  # how long after the row that it repeats or belongs to
    origin: Origin | None
    too_much: bool


@dataclass(frozen=True, slots=True)
class StatementTold:
    code: str
    rows: str  # those it rests on, such as "rows 1, 2"
    amounts: str


@dataclass(frozen=True, slots=True)
class Told:
    finding: ChargeFinding
    headline: str
    timeline: Timeline | None
    tracks: list[str]  # each track of the picture in a sentence
    pauses: list[tuple[float, str]]
    key: list[tuple[str, str]]  # (shape, what it means) of every shape in the picture
    remarks: list[str]  # those that no statement gives the rows of
    rows: list[RowTold]
    groups: list[str]
    statements: list[StatementTold]
    arithmetic: list[str]
    requests: list[tuple[str, str]]  # (request id of the ticket, the rows that have it)
    asked: Asked
    reaches: list[Reach]
    coverage: list[str]  # how far each ledger reaches, and where it has gaps
    probes: list[RowTold]
    is_decided: bool  # the rows say enough to call one of them too much

    @property
    def belongs_together(self) -> bool:
        """Whether anything holds rows together; that no row has an id of the ticket does not."""
        return bool(self.groups) or any(rows for _request, rows in self.requests)

    @property
    def is_empty(self) -> bool:
        """Nothing was ever taken in."""
        return Remark.NO_LEDGER in self.finding.remarks


def tell(
    finding: ChargeFinding,
    *,
    asked: Asked = Asked(),
    origins: Mapping[str, Origin],
    reaches: Sequence[Reach] = (),
) -> Told:
    """`origins` by charge id; rows without one are told without the way to their import."""
    customers, probes = apart(finding.story)
    decided = finding.code not in UNDECIDED
    rows = rows_in_order(customers)
    timeline = draw(customers, asked_at=asked.at)
    return Told(
        finding=finding,
        headline=headline(finding) or _out_of_reach(finding, asked),
        timeline=timeline,
        tracks=[_track_in_words(story, rows, at) for at, story in enumerate(customers)],
        pauses=[(pause.x, duration_text(pause.seconds)) for pause in timeline.pauses] if timeline else [],
        key=_key(rows, asked) if timeline else [],
        remarks=_remarks(finding, asked),
        rows=_rows_told(customers, origins, decided=decided),
        groups=_groups(finding, customers, rows),
        statements=_statements(finding, rows),
        arithmetic=arithmetic(finding.wire_count or _count_of(finding, asked)),
        requests=[(request, _rows_of_request(request, rows)) for request in asked.request_ids],
        asked=asked,
        reaches=list(reaches),
        coverage=coverage_in_words(finding, reaches),
        probes=_rows_told(probes, origins),
        is_decided=decided,
    )


def _key(rows: Iterable[Row], asked: Asked) -> list[tuple[str, str]]:
    used = {SHAPES[row.event.kind] for row in rows} | ({"request"} if asked.at else set())
    return [(shape, str(words)) for shape, words in _KEY.items() if shape in used]


_REACHES = (Remark.BEYOND_COVERAGE, Remark.BEFORE_COVERAGE, Remark.LEDGER_GAP)


def _remarks(finding: ChargeFinding, asked: Asked) -> list[str]:
    """Without those that a statement, or the sentence with both times, says more of."""
    said = {statement.code for statement in finding.statements}
    if not headline(finding) and _out_of_reach(finding, asked):
        said |= set(_REACHES)
    return [remark for remark in finding.remarks if remark not in said]


# --- how far the records reach


def _out_of_reach(finding: ChargeFinding, asked: Asked) -> str:
    """Why missing rows prove nothing, in one sentence with both times."""
    if asked.at is None or finding.covered_until is None:
        return ""
    times = {"until": clock_text(finding.covered_until), "at": clock_text(asked.at)}
    if Remark.BEYOND_COVERAGE in finding.remarks:
        return _("Records reach to %(until)s; this request, at %(at)s, is later.") % times
    if Remark.BEFORE_COVERAGE in finding.remarks:
        return _("This request, at %(at)s, is earlier than the records begin.") % times
    if Remark.LEDGER_GAP in finding.remarks:
        return _("This request, at %(at)s, lies where nothing was imported.") % times
    return ""


# --- the rows


def _rows_told(
    stories: Sequence[TaskStory], origins: Mapping[str, Origin], *, decided: bool = True
) -> list[RowTold]:
    rows = rows_in_order(stories)
    status_of = [statuses(story.events) for story in stories]
    at_of = {row.event.charge_id: (row.number, row.event.occurred_at) for row in rows}
    return [
        _row_told(row, stories[row.track], status_of[row.track][row.event.charge_id], at_of, origins, decided)
        for row in rows
    ]


def _row_told(
    row: Row,
    story: TaskStory,
    status: RowStatus,
    at_of: Mapping[str, tuple[int, datetime]],
    origins: Mapping[str, Origin],
    decided: bool,
) -> RowTold:
    event = row.event
    too_much = decided and event.kind is EventKind.EXTRA and status is not RowStatus.REFUNDED
    return RowTold(
        number=row.number,
        event=event,
        what=str(EVENTS[event.kind]),
        status=str(STATUSES[status]),
        mood="bad" if too_much else _MOODS.get(status, ""),
        task_id=story.task_id,
        belongs_to=story.task_id or event.request_id,
        pause=_pause_text(event, at_of),
        origin=origins.get(event.charge_id),
        too_much=too_much,
    )


def _pause_text(event: Event, at_of: Mapping[str, tuple[int, datetime]]) -> str:
    """How long after the row that it belongs to or repeats: what tells a retry from a second wish."""
    if event.of not in at_of or event.of == event.charge_id:
        return ""
    number, at = at_of[event.of]
    seconds = (event.occurred_at - at).total_seconds()
    if seconds < 1:
        return _("together with row %(n)d") % {"n": number}
    return _("%(time)s after row %(n)d") % {"time": duration_text(seconds), "n": number}


_UNITS = ((172_800, 86_400, "day"), (7_200, 3_600, "hour"), (120, 60, "minute"), (0, 1, "second"))


def duration_text(seconds: float) -> str:
    """A pause in the unit that a person would choose: "61 s", "5 min", "3 h", "2 d"."""
    size, unit = next((size, unit) for least, size, unit in _UNITS if seconds >= least)
    return {
        "day": _("%(n)d d"),
        "hour": _("%(n)d h"),
        "minute": _("%(n)d min"),
        "second": _("%(n)d s"),
    }[unit] % {"n": round(seconds / size)}


def _track_in_words(story: TaskStory, rows: Sequence[Row], track: int) -> str:
    """All that a track of the picture shows, for those who do not see it."""
    status_of = statuses(story.events)
    told = [
        _("row %(n)d at %(time)s: %(what)s, %(amount)s, %(status)s")
        % {
            "n": row.number,
            "time": clock_text(row.event.occurred_at),
            "what": EVENTS[row.event.kind],
            "amount": sums_text({row.event.currency: row.event.amount}),
            "status": STATUSES[status_of[row.event.charge_id]],
        }
        for row in rows
        if row.track == track
    ]
    return _("%(task)s: %(rows)s.") % {"task": name_of(story) or _("No ID"), "rows": _("; ").join(told)}


# --- why the rows belong together


def _groups(finding: ChargeFinding, stories: Sequence[TaskStory], rows: Sequence[Row]) -> list[str]:
    by_task = [
        [row.number for row in rows if row.track == track]
        for track, story in enumerate(stories)
        if story.task_id
    ]
    alike = (
        _("Same account, model and amount within the retry window: %(rows)s")
        if Remark.BY_AMOUNT in finding.remarks
        else _("Same account, model and request within the retry window: %(rows)s")
    )
    together = [
        words % {"rows": rows_text(numbers)}
        for words, groups in (
            (_("Same task: %(rows)s"), by_task),
            (_("Same request ID: %(rows)s"), _sharing_a_request(rows)),
            (alike, [_sent_again(rows)]),
        )
        for numbers in groups
        if len(numbers) > 1
    ]
    return together + _by_account(stories, rows)


def _by_account(stories: Sequence[TaskStory], rows: Sequence[Row]) -> list[str]:
    """Whose each row is, where one id stands under several accounts."""
    accounts = dict.fromkeys(story.account for story in stories)
    if len(accounts) < 2:
        return []
    return [
        _("Account %(account)s: %(rows)s")
        % {
            "account": account,
            "rows": rows_text([row.number for row in rows if stories[row.track].account == account]),
        }
        for account in accounts
    ]


def _sent_again(rows: Sequence[Row]) -> list[int]:
    """Repeated submissions and what they repeat."""
    again = [row for row in rows if row.event.kind is EventKind.RESUBMISSION]
    repeated = {row.event.of for row in again}
    return sorted(row.number for row in rows if row in again or row.event.charge_id in repeated)


def _sharing_a_request(rows: Iterable[Row]) -> list[list[int]]:
    by_key: dict[str, list[int]] = {}
    for row in rows:
        if key := id_key(row.event.request_id):
            by_key.setdefault(key, []).append(row.number)
    return [numbers for numbers in by_key.values() if len(numbers) > 1]


def _rows_of_request(request_id: str, rows: Iterable[Row]) -> str:
    key = id_key(request_id)
    return rows_text([row.number for row in rows if key and id_key(row.event.request_id) == key])


def rows_text(numbers: Sequence[int]) -> str:
    """Such as "rows 1, 2"; empty for none."""
    if not numbers:
        return ""
    listed = pgettext("between numbers of rows", ", ").join(_spans(numbers))
    return ngettext("row %(rows)s", "rows %(rows)s", len(numbers)) % {"rows": listed}


def _spans(numbers: Sequence[int]) -> Iterator[str]:
    """Three and more in a row as one span: 1, 2, 4–7."""
    for _distance, members in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        span = [str(number) for _place, number in members]
        yield from span if len(span) < 3 else (f"{span[0]}\N{EN DASH}{span[-1]}",)


def _statements(finding: ChargeFinding, rows: Sequence[Row]) -> list[StatementTold]:
    number_of = {row.event.charge_id: row.number for row in rows}
    return [
        StatementTold(
            statement.code,
            rows_text(sorted(number_of[row] for row in statement.charge_ids if row in number_of)),
            sums_text(statement.amounts, quota_per_unit=finding.quota_per_unit),
        )
        for statement in finding.statements
        if statement.code == finding.code or statement.code not in _NOTHING_WRONG
    ]


_NOTHING_WRONG = (ChargeCode.SINGLE, ChargeCode.HOLD_AND_SETTLE)  # beside a repetition it would contradict it


# --- the arithmetic


def _count_of(finding: ChargeFinding, asked: Asked) -> WireCount | None:
    """A retry may also come back as a second charge of the same task."""
    if finding.code is not ChargeCode.DUPLICATE or asked.retries is None:
        return None
    charged = (EventKind.CHARGE, EventKind.EXTRA)
    rows = sum(event.kind in charged for event in finding.story[0].events) if finding.story else 0
    return count_requests(rows, declared=asked.retries, client=asked.client)
