"""The doorbells of the ledger's queue: only ids travel."""

from celery import Task, shared_task
from django.db import transaction
from django.utils import timezone

from triage.charges.actions.commit_import import take_in
from triage.charges.actions.count_findings import count_findings
from triage.charges.actions.mark_own_probes import remark_own_probes
from triage.charges.actions.marked_payers import note_marked, sweep_payers
from triage.charges.actions.read_upload import read_upload
from triage.charges.actions.sweep_imports import sweep_imports
from triage.charges.models import LedgerSource


@shared_task(name="triage.read_ledger", ignore_result=True)
def read_ledger(pk: int) -> None:
    read_upload(pk)


@shared_task(name="triage.take_in_ledger", ignore_result=True)
def take_in_ledger(pk: int) -> None:
    take_in(pk)


@shared_task(name="triage.sweep_ledgers", ignore_result=True)
def sweep_ledgers() -> None:
    """On beat: what lost its worker, or its call, is rung for again."""
    sweep_imports(timezone.now(), enqueue_read=ring_reader, enqueue_commit=ring_committer)
    sweep_payers(ring_remarker)


@shared_task(name="triage.count_findings", ignore_result=True)
def count_ledger(pk: int) -> None:
    """Judge a ledger anew, for the page of findings."""
    count_findings(pk, now=timezone.now())


@shared_task(name="triage.remark_probes", ignore_result=True)
def remark_probes(pk: int) -> None:
    """Mark the rows of a ledger's new payers, and judge it anew: it may have been counted meanwhile."""
    source = LedgerSource.objects.get(pk=pk)
    remark_own_probes(source)
    note_marked(source)
    count_findings(pk, now=timezone.now())


def ring_remarker(pk: int) -> None:
    _ring(remark_probes, pk)


def ring_counter(pk: int) -> None:
    _ring(count_ledger, pk)


def ring_reader(pk: int) -> None:
    _ring(read_ledger, pk)


def ring_committer(pk: int) -> None:
    _ring(take_in_ledger, pk)


def _ring(task: "Task[[int], None]", pk: int) -> None:
    """Call a worker once the import is committed. When the broker is away, the sweep rings again."""

    def call() -> None:  # no partial: Django names what failed, and a partial has no name
        task.apply_async((pk,), retry=False)

    transaction.on_commit(call, robust=True)
