"""What the ledger says of a ticket: when its verdict was drawn, and now that more may be imported."""

from dataclasses import dataclass

from triage.charges.actions.tell_charges import told_charges
from triage.charges.codec import finding_from_dict
from triage.charges.finding import ChargeFinding
from triage.charges.telling import Asked, Told
from triage.tickets.actions.ask_ledger import ask_ledger, client_of
from triage.tickets.models import Investigation
from triage.tickets.probed import runs_of
from triage.tickets.steps import requests_of
from triage.verdicts.agreement import agreement
from triage.verdicts.case import Tri


@dataclass(frozen=True, slots=True)
class Charged:
    then: ChargeFinding | None
    today: ChargeFinding | None
    told: Told | None  # of today
    agreement: str  # of the ticket's "charged" with the rows of today, as a code

    @property
    def outdated(self) -> ChargeFinding | None:
        """What the verdict rests on, where the ledger says something else by now."""
        return self.then if self.then and self.today and self.then.code != self.today.code else None


def charged_of(investigation: Investigation) -> Charged:
    then = finding_from_dict(investigation.charges) if investigation.charges else None
    today = (ask_ledger(investigation) if investigation.is_concluded else None) or then
    if today is None:
        return Charged(then, None, None, "")
    agrees = agreement(Tri(investigation.ticket.charged), today)
    return Charged(then, today, tell(investigation, today), agrees or "")


def tell(investigation: Investigation, finding: ChargeFinding) -> Told:
    """The finding beside what the ticket knows of its requests, and what the desk's own probes of it cost."""
    ticket = investigation.ticket
    asked = Asked(
        at=ticket.occurred_at,
        retries=ticket.retry_count,
        client=client_of(ticket),
        request_ids=tuple(ticket.request_ids),
    )
    attempts = (request.facts for request in requests_of(runs_of(investigation)))
    sent_by_us = [request_id for facts in attempts for request_id in facts.request_ids]
    return told_charges(finding, asked=asked, sent_by_us=sent_by_us)
