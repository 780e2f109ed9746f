"""What the ticket says, field by field, as the page shows it."""

from dataclasses import dataclass

from triage.tickets.models import Ticket
from triage.tickets.relevance import SYMPTOM_WORDS
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.facts import DECLARED
from triage.tickets.wording.values import fact_text

_LONG = frozenset({"error_text", "notes"})


@dataclass(frozen=True, slots=True)
class Declared:
    name: str
    label: str
    value: str
    is_long: bool


def declared_of(ticket: Ticket) -> list[Declared]:
    """Every field that says something."""
    return [
        Declared(name, str(label), _declared_text(ticket, name), name in _LONG)
        for name, label in DECLARED.items()
        if getattr(ticket, name) not in (None, "", [], "unknown")
    ]


def _declared_text(ticket: Ticket, name: str) -> str:
    if name == "symptom":
        return in_words(SYMPTOM_WORDS, ticket.symptom)
    display = getattr(ticket, f"get_{name}_display", None)
    return str(display()) if display else fact_text(name, getattr(ticket, name))
