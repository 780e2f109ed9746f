"""The doorbells of connectors: on beat for all that are due, on demand for one."""

import uuid

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from triage.charges.connectors.actions.fetch_ledger import fetch_ledger
from triage.charges.connectors.actions.take_push import forget_receipts
from triage.charges.connectors.models import LedgerConnector


@shared_task(name="triage.fetch_ledgers", ignore_result=True)
def fetch_ledgers() -> None:
    """On beat: ring for each connector whose time has come."""
    now = timezone.now()
    forget_receipts(now)
    for connector in LedgerConnector.objects.fetching_by_itself():
        if connector.is_due(now):
            fetch_due_ledger.apply_async((str(connector.pk),), retry=False)


@shared_task(name="triage.fetch_due_ledger", ignore_result=True)
def fetch_due_ledger(pk: str) -> None:
    """A second ring for the same turn finds that it is no longer due."""
    connector = LedgerConnector.objects.fetching_by_itself().filter(pk=uuid.UUID(pk)).first()
    if connector and connector.is_due(timezone.now()):
        fetch_ledger(connector.pk, clock=timezone.now)


@shared_task(name="triage.fetch_ledger", ignore_result=True)
def fetch_one_ledger(pk: str) -> None:
    """Somebody asked for it, so neither a pause nor the time of the last fetch matters."""
    fetch_ledger(uuid.UUID(pk), clock=timezone.now)


def ring(pk: uuid.UUID) -> None:
    """Call a worker once what was changed is committed."""

    def call() -> None:  # no partial: Django names what failed, and a partial has no name
        fetch_one_ledger.apply_async((str(pk),), retry=False)

    transaction.on_commit(call, robust=True)
