"""Where on a ticket's page a fact stands, so that evidence can link to it and its request can be told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from probes.runs.models import Attempt
from triage.charges.telling import Told
from triage.tickets.models import Ticket
from triage.tickets.steps import Request, StepName
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.facts import DECLARED, FACTS, fact_label
from triage.tickets.wording.steps import STEPS
from triage.tickets.wording.values import fact_text
from triage.verdicts.case import Evidence, Verdict
from triage.verdicts.texts import plain

_OF_THE_LEDGER = {"agreement": "charge-agreement", "covered_until": "charge-coverage"}
_WITH_WORDS = ("error_text", "notes", "charged_text", "control_text", "via_proxy_text", "client", "base_url")
_FIGURES_OF = {
    "own_limit": ("client_timeout_s", "elapsed_s"),
    "client_limit": ("elapsed_s", "client"),
    "client_waits": ("client",),
    "hop_limit": ("elapsed_s", "via_proxy_text"),
    "round_limit": ("elapsed_s",),
    "requests_multiplied": ("elapsed_s", "retry_count", "client_timeout_s"),
    "wire_requests": ("retry_count", "client"),
    "id_of_another_time": ("request_ids",),
    "id_of_another_zone": ("request_ids",),
}
"""The fields of the ticket that a sum is made of, the most telling first."""

_ALWAYS_SHOWN = ("failure", "skipped", "status", "error_code", "error_message", "end_mode", "total_ms")
_BULKY = frozenset(
    {"route", "header_names", "headers_missing", "bursts", "gap_histogram", "id_chain", "body_sha256"}
)
_COUNTS = ("attempts", "passed", "failed_as")
SURROUNDINGS = ("health", "similar", "incident", "usual")


@dataclass(frozen=True, slots=True)
class Proof:
    """One line of evidence in words; `place` is the id of the fact on the page, empty where it has none."""

    id: str
    where: str
    fact: str
    value: str
    place: str


@dataclass(frozen=True, slots=True)
class SeenFact:
    """A row of a request's facts; `cited_by` is the id of the evidence that rests on it."""

    id: str
    label: str
    value: str
    cited_by: str = ""


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One request with the facts that the verdict cites or a reader looks for, and all the others."""

    id: str
    name: StepName
    facts: list[SeenFact]
    others: list[SeenFact]


@dataclass(frozen=True, slots=True)
class Cited:
    """A piece of evidence, numbered, with the request that showed it where one did."""

    id: str
    item: Evidence
    request: Request | None

    @property
    def row(self) -> str:
        return _row_id(self.request, self.item.fact) if self.request else ""


def cited_in(verdict: Verdict, requests: Sequence[Request]) -> tuple[list[Cited], list[Cited]]:
    """Evidence and counter-evidence, each with the request it was seen in."""
    return (
        _numbered("because", verdict.evidence, requests),
        _numbered("against", verdict.counter_evidence, requests),
    )


def _numbered(side: str, items: Sequence[Evidence], requests: Sequence[Request]) -> list[Cited]:
    return [Cited(f"{side}-{n}", item, _seen_in(item, requests)) for n, item in enumerate(items, start=1)]


def proofs_of(cited: Iterable[Cited], *, ticket: Ticket, told: Told | None) -> list[Proof]:
    return [
        Proof(
            id=one.id,
            where=_where(one),
            fact=fact_label(one.item.fact, step=one.item.where),
            value=fact_text(one.item.fact, one.item.value, step=one.item.where),
            place=one.row or _place_of(one.item, ticket, told),
        )
        for one in cited
    ]


def seen_requests(requests: Sequence[Request], cited: Iterable[Cited]) -> list[SeenRequest]:
    """Every request that was begun, the cited facts of each first."""
    by_request: dict[str, dict[str, Cited]] = {}
    for one in cited:
        if one.request:
            by_request.setdefault(_id(one.request), {}).setdefault(one.item.fact, one)
    return [_seen(request, by_request.get(_id(request), {})) for request in requests]


def _seen(request: Request, cited: dict[str, Cited]) -> SeenRequest:
    shown = request.facts.as_dict()
    names = [name for name in FACTS if name in shown and name not in _BULKY and name not in cited]
    rows = [_cited_row(one) for one in cited.values()]
    rows += [_row(request, name) for name in names if name in _ALWAYS_SHOWN]
    return SeenRequest(
        id=_id(request),
        name=request.name,
        facts=rows,
        others=[_row(request, name) for name in names if name not in _ALWAYS_SHOWN],
    )


def _cited_row(one: Cited) -> SeenFact:
    item = one.item
    return SeenFact(
        one.row,
        fact_label(item.fact, step=item.where),
        fact_text(item.fact, item.value, step=item.where),
        cited_by=one.id,
    )


def _row(request: Request, name: str) -> SeenFact:
    facts = request.facts
    return SeenFact(
        _row_id(request, name),
        fact_label(name, step=facts.step),
        fact_text(name, getattr(facts, name), step=facts.step),
    )


def _where(one: Cited) -> str:
    """The request by its own name, since there may be several of a kind; what counts them names the kind."""
    if one.request is None or one.item.fact in _COUNTS:
        return in_words(STEPS, one.item.where)
    return one.request.name.title


def _seen_in(item: Evidence, requests: Sequence[Request]) -> Request | None:
    """The request of that kind that shows this very value, else the first that was made."""
    made = [request for request in requests if request.facts.step == item.where and not request.facts.skipped]
    same = (request for request in made if _shows(request, item))
    return next(same, made[0] if made else None)


def _shows(request: Request, item: Evidence) -> bool:
    facts = request.facts
    value = getattr(facts, item.fact, facts.headers.get(item.fact))
    return fact_text(item.fact, value) == fact_text(item.fact, item.value)


def _place_of(item: Evidence, ticket: Ticket, told: Told | None) -> str:
    """The id of what is no request's fact; empty where the page does not show it apart."""
    match item.where:
        case "declared":
            return f"declared-{_field_of(item, ticket)}"
        case "ledger":
            return _row_of_ledger(item, told)
        case "desk":
            return "stages"
        case "arithmetic":
            return _figures_of(item, ticket)
        case where if where in SURROUNDINGS:
            return where
        case _:
            return ""


def _figures_of(item: Evidence, ticket: Ticket) -> str:
    """The field that the sum is about; figures of an attempt stand in the evidence beside it."""
    given = (name for name in _FIGURES_OF.get(item.fact, ()) if getattr(ticket, name) not in (None, "", []))
    return next((f"declared-{name}" for name in given), "")


def _field_of(item: Evidence, ticket: Ticket) -> str:
    """The field itself, or the one that holds the quoted words."""
    if item.fact in DECLARED:
        return item.fact
    words = plain(str(item.value))
    if words == ticket.symptom:
        return "symptom"
    return next((name for name in _WITH_WORDS if words in plain(getattr(ticket, name))), "title")


def _row_of_ledger(item: Evidence, told: Told | None) -> str:
    if told is None:
        return ""
    named = {str(name) for name in item.value} if isinstance(item.value, list | tuple) else set()
    wanted = (
        row.number
        for row in told.rows
        if row.event.charge_id in named or (item.fact == "excess" and row.too_much)
    )
    number = next(wanted, None)
    if number is not None:
        return f"charge-row-{number}"
    if item.fact == "agreement":
        return _OF_THE_LEDGER["agreement"]
    return _OF_THE_LEDGER.get(item.fact, "charge-finding")


def _id(request: Request) -> str:
    return f"request-{request.run_id}-{request.attempt.position}"


def _row_id(request: Request, fact: str) -> str:
    return f"fact-{request.run_id}-{request.attempt.position}-{fact}"


def begun(requests: Iterable[Request]) -> list[Request]:
    return [request for request in requests if request.attempt.state != Attempt.State.PLANNED]
