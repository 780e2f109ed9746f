"""The columns of the history: which there are, which are shown, and what stands in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from probes.runs.models import Run
from triage.history.models import Entry
from triage.tickets.models import Ticket
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.outcomes import ENDS, FAILURES
from triage.tickets.wording.values import seconds_text
from triage.tickets.wording.verdicts import OWNERS_SHORT

_EXCERPT = 160  # characters of an error
_PURPOSES = dict(Run.Purpose.choices)


@dataclass(frozen=True, slots=True)
class Column:
    """`text` of an entry; `kind` is how it is drawn: text, code, number, or a fragment of its own."""

    name: str
    label: str | Promise
    text: Callable[[Entry], str]
    kind: str = "text"


def _outcome(entry: Entry) -> str:
    """What a request came to, in the fewest words."""
    if entry.status is not None:
        return str(entry.status)
    if entry.failure:
        return in_words(FAILURES, entry.failure)
    return str(entry.attempt.get_state_display()) if entry.attempt else ""


def _ms(name: str) -> Callable[[Entry], str]:
    return lambda entry: seconds_text(getattr(entry, f"{name}_ms"))


def _ticket_ref(entry: Entry) -> str:
    """By its number alone: the ticket itself is not read."""
    return Ticket(pk=entry.ticket_id).ref if entry.ticket_id else ""


def _as_is(name: str) -> Callable[[Entry], str]:
    return lambda entry: str(getattr(entry, name))


COLUMNS: Sequence[Column] = (
    Column("at", _("When"), _as_is("at"), "at"),
    Column("endpoint", _("Endpoint"), _as_is("endpoint")),
    Column("model", _("Model"), _as_is("model"), "code"),
    Column("status", _("Outcome"), _outcome),
    Column("total", _("Total"), _ms("total"), "number"),
    Column("verdict", _("Verdict"), _as_is("verdict"), "verdict"),
    Column("owner", _("Owner"), lambda entry: in_words(OWNERS_SHORT, entry.owner)),
    Column("ticket", _("Ticket"), _ticket_ref, "ticket"),
    Column("first_token", _("First token"), _ms("first_token"), "number"),
    Column("first_byte", _("First byte"), _ms("first_byte"), "number"),
    Column("connect", _("Connected"), _ms("connect"), "number"),
    Column("max_gap", _("Longest gap"), _ms("max_gap"), "number"),
    Column("end_mode", _("How it ended"), lambda entry: in_words(ENDS, entry.end_mode)),
    Column("http_version", _("HTTP version"), _as_is("http_version")),
    Column("protocol", _("Protocol"), _as_is("protocol"), "code"),
    Column("client", _("Client"), _as_is("client")),
    Column("error", _("Error text"), lambda entry: entry.error_text[:_EXCERPT]),
    Column("request_ids", _("Request IDs"), lambda entry: ", ".join(entry.request_ids), "code"),
    Column("key_prints", _("Key fingerprint"), lambda entry: ", ".join(entry.key_prints), "code"),
    Column("purpose", _("Purpose"), lambda entry: in_words(_PURPOSES, entry.purpose)),
    Column("by", _("Asked by"), lambda entry: str(entry.requested_by or "")),
    Column("rules_version", _("Rule version"), _as_is("rules_version"), "code"),
)
BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
USUAL = ("at", "endpoint", "model", "status", "total", "verdict", "ticket")


@dataclass(frozen=True, slots=True)
class Cell:
    column: Column
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    entry: Entry
    cells: list[Cell]


def chosen(named: str) -> list[Column]:
    """The columns named, in the desk's order; the usual ones where none of the names is one."""
    names = set(named.split(","))
    return [column for column in COLUMNS if column.name in names] or [BY_NAME[name] for name in USUAL]


def rows_of(entries: Sequence[Entry], columns: Sequence[Column]) -> list[Row]:
    return [Row(entry, [Cell(column, column.text(entry)) for column in columns]) for entry in entries]
