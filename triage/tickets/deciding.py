"""The facts that would decide between two verdicts: who has them, and the one click that gets them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from triage.tickets.further_form import PICKED
from triage.tickets.models import Ticket
from triage.tickets.offer import Option
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.facts import DECLARED
from triage.tickets.wording.refusals import PLAN_PROBLEMS
from triage.tickets.wording.steps import HINDRANCES
from triage.verdicts.case import Verdict
from triage.verdicts.codes import FACT_SUPPLIERS
from triage.verdicts.playbooks import is_held_back
from triage.verdicts.questions import (
    STEP_THAT_TELLS,
    fact_name,
    may_ask_customer,
    missing_fields,
    question_for,
    questions,
)

_MOST_ASKED = 8  # more questions at once nobody answers


# --- questions that stand in the reply


@dataclass(frozen=True, slots=True)
class Asking:
    """A question to the customer: in the reply already, or one click away from it."""

    name: str
    label: str
    question: str
    is_asked: bool
    address: str  # of the page with it added, or taken out again


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reply asks: its address says so, and works without scripts."""

    names: tuple[str, ...] = ()
    reply_language: str = ""

    def in_language(self, language: str) -> "Asked":
        return replace(self, reply_language=language)

    def query(self, names: Sequence[str] | None = None) -> str:
        pairs = [("reply", self.reply_language)] if self.reply_language else []
        return urlencode([*pairs, *(("ask", name) for name in (self.names if names is None else names))])

    def toggled(self, name: str) -> str:
        """The query in which this question is added, or taken out."""
        others = [asked for asked in self.names if asked != name]
        return self.query(others if name in self.names else [*others, name])


NOTHING_ASKED = Asked()


def read_asked(names: Sequence[str], *, reply_language: str) -> Asked:
    """Names that nobody can be asked for are left out, and so is what is too much at once."""
    known = [name for name in dict.fromkeys(names) if may_ask_customer(name)]
    return Asked(tuple(known[:_MOST_ASKED]), reply_language)


def asking(name: str, asked: Asked, ticket: Ticket, *, language: str) -> Asking:
    """The question under this name, with the way to add it or to take it out."""
    return Asking(
        name=name,
        label=_label(name, language),
        question=question_for(name, language),
        is_asked=name in asked.names,
        address=f"{ticket.get_absolute_url()}?{asked.toggled(name)}#reply",
    )


def askings(names: Sequence[str], asked: Asked, ticket: Ticket, *, language: str) -> list[Asking]:
    """What may be asked: the facts and fields named here, and whatever is asked already."""
    return [asking(name, asked, ticket, language=language) for name in dict.fromkeys([*asked.names, *names])]


def _label(name: str, language: str) -> str:
    return fact_name(name, language) if name in FACT_SUPPLIERS else in_words(_FIELD_NAMES, name)


_FIELD_NAMES: Mapping[str, object] = {**DECLARED, "endpoint": _("Endpoint"), "zone": _("Time zone")}


# --- facts that would decide


@dataclass(frozen=True, slots=True)
class Deciding:
    """A fact in words, who has it, and what is one click away; empty where that way is not open."""

    fact: str  # of FACT_SUPPLIERS, or a field of the ticket
    name: str
    supplier: str  # customer, engineer, billing or desk
    question: str  # to whoever has it
    asking: Asking | None  # where the customer is the one to ask
    given: str  # the id of the field in which the ticket tells it already
    step: str  # the kind of the desk's step that supplies it
    step_address: str  # of the further page with that step picked
    hindrance: str  # why the step cannot be had, in words

    @property
    def is_ours(self) -> bool:
        """Somebody of ours has to look it up, so it goes into the note that is handed on."""
        return self.supplier in ("engineer", "billing")


def fact_wanted(verdict: Verdict, ticket: Ticket) -> str:
    """The fact that the verdict names, where it is missing indeed.

    While the desk's own probe is held back it comes first; and where nothing could be concluded although the
    ticket holds that fact, the next field that it leaves open.
    """
    if is_held_back(verdict):
        return "second_probe"
    fact = verdict.overturned_by
    if verdict.code != "inconclusive" or not _says(ticket, fact):
        return fact
    return next(iter(missing_fields(ticket.intake())), fact)


def _says(ticket: Ticket, fact: str) -> bool:
    """Whether the fact is a field that the ticket fills in."""
    return getattr(ticket, fact, None) not in (None, "", [], "unknown")


def deciding(
    fact: str, ticket: Ticket, options: Sequence[Option], asked: Asked, *, language: str
) -> Deciding | None:
    """`fact` may also be a field of the ticket. None for one that nobody knows any more."""
    if fact not in questions():
        return None
    by_kind = {option.kind: option for option in options}
    option = by_kind.get(STEP_THAT_TELLS.get(fact, ""))
    offered = option is not None and not option.hindrance
    asks = may_ask_customer(fact)
    return Deciding(
        fact=fact,
        name=_label(fact, language),
        supplier=FACT_SUPPLIERS.get(fact, "customer"),
        question=question_for(fact, language),
        asking=asking(fact, asked, ticket, language=language) if asks else None,
        given=f"declared-{fact}" if asks and _says(ticket, fact) else "",
        step=option.kind if option and offered else "",
        step_address=_further(ticket, option, by_kind) if option and offered else "",
        hindrance=_hindrance(fact, ticket, option),
    )


def _hindrance(fact: str, ticket: Ticket, option: Option | None) -> str:
    """Why nobody can click for it, where a step of the desk would supply it."""
    if fact not in STEP_THAT_TELLS or (option and not option.hindrance):
        return ""
    if ticket.endpoint is None:
        return in_words(PLAN_PROBLEMS, "no_endpoint")
    return in_words(HINDRANCES, option.hindrance) if option else ""


def _further(ticket: Ticket, option: Option, by_kind: Mapping[str, Option]) -> str:
    """With the step picked. Nothing can be repeated before the plain requests, which the page picks."""
    address = reverse("tickets:further", args=[ticket.pk])
    if option.kind == "repeat" and "control" in by_kind:
        return address
    picked = {PICKED: "1", "steps": option.kind, "times": option.times, "route": "", "model": ""}
    return f"{address}?{urlencode(picked)}"
