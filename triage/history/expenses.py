"""What each request of a run could cost and what it did cost, as far as it said so."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from probes.runs.actions.create_run import terms_of
from probes.runs.models import Attempt, Run
from probes.runs.plan import Terms, settled_cost, worst_case_of
from triage.tickets.steps import Request


@dataclass(frozen=True, slots=True)
class Expense:
    """`at_most` and `spent` in the currency of the plan; `spent` is None while that is not known."""

    request: Request
    at_most: Decimal
    spent: Decimal | None


def expenses_of(run: Run, requests: Sequence[Request]) -> list[Expense]:
    """At today's prices of the endpoint; what the run as a whole reserved and spent stands in its row."""
    terms = terms_of(run.endpoint)
    return [_expense(terms, request) for request in requests]


def _expense(terms: Terms, request: Request) -> Expense:
    at_most = worst_case_of(terms, request.step)
    match request.attempt.state:
        case Attempt.State.DONE:
            spent = settled_cost(terms, request.step, request.facts)
        case Attempt.State.UNKNOWN:
            spent = at_most  # possibly billed, so it counts as billed
        case Attempt.State.SKIPPED:
            spent = Decimal(0)
        case _:
            return Expense(request, at_most, None)
    return Expense(request, at_most, spent)
