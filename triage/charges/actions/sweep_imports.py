"""Imports that lost their worker are rung for again; uploads that nobody confirmed are discarded."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from triage.charges.actions.discard_import import discard_import
from triage.charges.actions.import_states import WrongState
from triage.charges.actions.work import claimed
from triage.charges.models import ChargeImport, ImportState, SealedChunk

UNWANTED_AFTER = timedelta(hours=24)


def sweep_imports(
    now: datetime, *, enqueue_read: Callable[[int], object], enqueue_commit: Callable[[int], object]
) -> None:
    """Ring for imports whose worker is gone, and discard uploads that nobody confirmed within 24 hours."""
    silent = now - timedelta(seconds=settings.LEDGER_SILENCE_S)
    for state, enqueue in ((ImportState.READING, enqueue_read), (ImportState.COMMITTING, enqueue_commit)):
        for pk in _untouched_since(silent, state):
            _ring_again(pk, state, now, enqueue)
    for pk in _untouched_since(now - UNWANTED_AFTER, ImportState.PREVIEW):
        with suppress(WrongState):  # confirmed meanwhile
            discard_import(pk, by=None, now=now)
    refused = _untouched_since(now - UNWANTED_AFTER, ImportState.REFUSED)
    SealedChunk.objects.filter(batch__in=refused).delete()


def _untouched_since(then: datetime, state: ImportState) -> list[int]:
    """Imports that still have their file, of which nothing was heard."""
    waiting = ChargeImport.objects.annotate(touched_at=Coalesce("heard_at", "at"))
    has_file = Exists(SealedChunk.objects.filter(batch=OuterRef("pk")))
    return list(waiting.filter(has_file, state=state, touched_at__lt=then).values_list("pk", flat=True))


def _ring_again(pk: int, state: ImportState, now: datetime, enqueue: Callable[[int], object]) -> None:
    """A worker that is only slow to tell still holds its claim."""
    with transaction.atomic():
        if claimed(pk) and ChargeImport.objects.filter(pk=pk, state=state).update(heard_at=now):
            enqueue(pk)
