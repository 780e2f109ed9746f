"""The charges of a ticket as a statement that may leave the house: rows and reasons, nothing internal.

Ledgers, files, endpoints and people are not named in it; imports and rows are, by their numbers, so that
billing finds them again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from triage.charges.finding import Remark
from triage.charges.reach import coverage_in_words
from triage.charges.spreadsheets import csv_lines, inert
from triage.charges.telling import RowTold, Told
from triage.tickets.actions.ask_ledger import ask_ledger
from triage.tickets.charged import tell
from triage.tickets.models import Investigation, Ticket
from triage.tickets.wording.charges import AGREEMENTS, CHARGES, REMARKS
from triage.tickets.wording.codes import in_words
from triage.verdicts.agreement import agreement
from triage.verdicts.case import Tri
from triage.verdicts.codes import RULES_VERSION


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as the statement prints it: all text, amounts and times exact."""

    number: int
    at: str  # ISO 8601 with its zone
    what: str
    status: str
    amount: str
    currency: str
    charge_id: str
    task_id: str
    request_id: str
    model: str
    found_in: str
    note: str

    @property
    def day(self) -> str:
        return self.at.partition("T")[0]

    @property
    def clock(self) -> str:
        return self.at.partition("T")[2]


@dataclass(frozen=True, slots=True)
class ChargeStatement:
    ticket: Ticket
    made_at: datetime
    told: Told
    answer: str
    headline: str
    sentences: list[str]
    entries: list[Entry]
    coverage: list[str]
    rules: str = RULES_VERSION


def statement_of(investigation: Investigation, *, now: datetime) -> ChargeStatement | None:
    """What the ledger says now, in the language in force; None where the ticket names nothing to look for."""
    finding = ask_ledger(investigation)
    if finding is None:
        return None
    ticket, told = investigation.ticket, tell(investigation, finding)
    return ChargeStatement(
        ticket=ticket,
        made_at=now,
        told=told,
        answer=in_words(CHARGES, finding.code),
        headline=told.headline,
        sentences=_sentences(ticket, told),
        entries=[] if _of_several_accounts(told) else [_entry(row) for row in told.rows],
        coverage=coverage_in_words(finding, told.reaches, named=False),
    )


def _of_several_accounts(told: Told) -> bool:
    """Then nobody knows whose rows these are, and a statement must not show one customer another's."""
    return Remark.ACCOUNT_UNKNOWN in told.finding.remarks


def _sentences(ticket: Ticket, told: Told) -> list[str]:
    """What is said beside the answer, each with the rows it rests on."""
    stated = [
        _with_rows(in_words({**CHARGES, **REMARKS}, said.code), said.amounts, said.rows)
        for said in told.statements
        if said.code != told.finding.code
    ]
    agrees = agreement(Tri(ticket.charged), told.finding)
    return [
        *(in_words(REMARKS, remark) for remark in told.remarks),
        *stated,
        *told.groups,
        *([in_words(AGREEMENTS, agrees)] if agrees else []),
    ]


def _with_rows(words: str, amounts: str, rows: str) -> str:
    if amounts:
        words = _("%(words)s %(amounts)s") % {"words": words, "amounts": amounts}
    return _("%(words)s (%(rows)s)") % {"words": words, "rows": rows} if rows else words


def _entry(row: RowTold) -> Entry:
    event, origin = row.event, row.origin
    return Entry(
        number=row.number,
        at=timezone.localtime(event.occurred_at).isoformat(),
        what=row.what,
        status=row.status,
        amount=f"{event.amount.normalize():f}",
        currency=event.currency,
        charge_id=event.charge_id,
        task_id=row.task_id,
        request_id=event.request_id,
        model=origin.model if origin else "",
        found_in=_("import %(id)d, row %(row)d") % {"id": origin.import_id, "row": origin.row_number}
        if origin
        else "",
        note=row.pause,
    )


# --- as a table


def as_csv(statement: ChargeStatement) -> Iterator[str]:
    """Lines for a spreadsheet: each row names its statement, and no cell runs as a formula."""
    return csv_lines(_cells(statement))


def _cells(statement: ChargeStatement) -> Iterator[list[str]]:
    told = statement.told
    about = (
        statement.ticket.ref,
        told.finding.code,
        statement.headline or statement.answer,
        timezone.localtime(statement.made_at).isoformat(timespec="seconds"),
        statement.rules,
        _until(told),
    )
    yield _columns()
    for entry in statement.entries:
        ids = (entry.charge_id, entry.task_id, entry.request_id)
        yield [
            *(str(entry.number), entry.at, inert(entry.what), inert(entry.status)),
            entry.amount,  # a number, which a minus sign begins rightly
            *map(inert, (entry.currency, *ids, entry.model, entry.found_in, entry.note, *about)),
        ]


def _columns() -> list[str]:
    return [
        _("Row"),
        _("Time"),
        _("What"),
        _("Status"),
        _("Amount"),
        _("Currency"),
        _("Charge ID"),
        _("Task ID"),
        _("Request ID"),
        _("Model"),
        _("Found in"),
        _("Note"),
        _("Ticket"),
        _("Finding"),
        _("Statement"),
        _("Statement made at"),
        _("Rules"),
        _("Records reach to"),
    ]


def _until(told: Told) -> str:
    until = told.finding.covered_until
    return timezone.localtime(until).isoformat() if until else ""
