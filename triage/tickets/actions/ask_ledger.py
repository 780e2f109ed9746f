"""What the ledger says of a ticket now; its verdict keeps what it said then."""

from triage.charges.actions.find_charges import find_charges
from triage.charges.finding import ChargeFinding
from triage.tickets.models import Ticket

_ABOUT_MONEY = "charged_twice"  # the symptom


def ask_ledger(ticket: Ticket) -> ChargeFinding | None:
    """None where the ticket names nothing to look for.

    An account and a time are enough only for a ticket about money: others have not asked what lies near.
    """
    by_id = ticket.task_id or ticket.request_ids
    by_time = ticket.symptom == _ABOUT_MONEY and ticket.account_ref and ticket.occurred_at
    if not by_id and not by_time:
        return None
    return find_charges(
        task_id=ticket.task_id,
        request_ids=tuple(ticket.request_ids),
        account=ticket.account_ref,
        around=ticket.occurred_at,
    )
