"""What the ledger says of a ticket now; its verdict keeps what it said then."""

from triage.charges.actions.find_charges import find_charges
from triage.charges.finding import ChargeFinding, Outcome
from triage.tickets.models import Investigation, Ticket

_ABOUT_MONEY = "charged_twice"  # the symptom
_OUTCOMES = {"succeeded": Outcome.SUCCEEDED, "failed": Outcome.FAILED}


def ask_ledger(investigation: Investigation) -> ChargeFinding | None:
    """None where the ticket names nothing to look for.

    An account and a time are enough only for a ticket about money: others have not asked what lies near.
    """
    ticket = investigation.ticket
    by_id = ticket.task_id or ticket.request_ids
    by_time = ticket.symptom == _ABOUT_MONEY and ticket.account_ref and ticket.occurred_at
    if not by_id and not by_time:
        return None
    return find_charges(
        task_id=ticket.task_id,
        request_ids=tuple(ticket.request_ids),
        account=ticket.account_ref,
        around=ticket.occurred_at,
        outcome=_outcome_seen(investigation),
        declared_retries=ticket.retry_count,
        client=client_of(ticket),
    )


def client_of(ticket: Ticket) -> str:
    """The library and its version, as the ticket names them."""
    return " ".join(filter(None, (ticket.client, ticket.client_version)))


def _outcome_seen(investigation: Investigation) -> str:
    """What the desk's latest look-up said of the task; empty while it runs or was not looked up."""
    runs = [part.run for part in investigation.story() if part.run]
    look_ups = [
        attempt.read_facts() for run in runs for attempt in run.attempts.all() if attempt.step == "status"
    ]
    told = [facts.task_status for facts in look_ups if facts.task_status and not facts.task_contradicts]
    return _OUTCOMES.get(told[-1], "") if told else ""
