"""The texts that the desk has stored, newest first: masked, as everything that it stores."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, NamedTuple

from probes.runs.models import Attempt
from triage.rules.content import FIELDS
from triage.tickets.models import Ticket

ROWS = 2000  # of tickets, and as many of attempts
LONGEST = 20_000  # characters of one text
_FACTS = ("error_message", "body_excerpt", "malformed_sample", "unfinished", "location")


class Stored(NamedTuple):
    """A text, the field it stands in, and whose it is."""

    text: str
    field: str
    of: str


def count_rows() -> int:
    return Ticket.objects.count() + Attempt.objects.count()


def stored_rows(*, rows: int = ROWS) -> Iterator[list[Stored]]:
    """A row's texts at a time, tickets and attempts by turns."""
    tickets = Ticket.objects.order_by("-pk").values("pk", *FIELDS)[:rows].iterator(chunk_size=200)
    facts = Attempt.objects.order_by("-pk").values_list("run_id", "facts")[:rows].iterator(chunk_size=200)
    for ticket, attempt in zip_longest(tickets, facts):
        if ticket:
            yield list(_of_ticket(ticket))
        if attempt:
            yield list(_of_attempt(*attempt))


def _of_ticket(ticket: dict[str, Any]) -> Iterator[Stored]:
    of = f"T-{ticket['pk']:06d}"
    for field in FIELDS:
        value = ticket[field]
        for text in value if isinstance(value, list) else [value]:
            if text:
                yield Stored(str(text)[:LONGEST], field, of)


def _of_attempt(run: int, facts: dict[str, Any]) -> Iterator[Stored]:
    for field in _FACTS:
        if text := facts.get(field):
            yield Stored(str(text)[:LONGEST], field, f"run {run}")
