"""What was previewed and confirmed is taken in, as one transaction."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.import_states import locked
from triage.charges.actions.intake import conclude
from triage.charges.actions.ledgers import locked_ledger, remember
from triage.charges.actions.opened import opened
from triage.charges.actions.store_rows import store_blocks
from triage.charges.actions.work import GivenUp, Progress, finish, work_on
from triage.charges.models import ChargeImport, ImportState
from triage.people.audit import record as tell

Clock = Callable[[], datetime]


def commit_import(
    pk: int, *, by: User | None, now: datetime, enqueue: Callable[[int], object]
) -> ChargeImport:
    """PREVIEW becomes COMMITTING, and `enqueue` (tasks.ring_committer) is called with the id.

    Raises WrongState.
    """
    with transaction.atomic():
        record = locked(pk, ImportState.PREVIEW)
        record.state, record.bytes_read, record.heard_at = ImportState.COMMITTING, 0, now
        record.preview.pop("tries", None)
        record.save(update_fields=["state", "bytes_read", "heard_at", "preview"])
        tell("ledger.confirmed", actor=by, subject=str(pk), at=now, detail={"new": record.new})
        enqueue(pk)
    return record


def take_in(pk: int, *, clock: Clock = timezone.now) -> None:
    """COMMITTING becomes DONE in one transaction. Nothing happens when another worker is at it, or was.

    After several tries that ended with their worker it waits for confirmation once more.
    """
    try:
        work_on(pk, ImportState.COMMITTING, partial(_take_in, clock=clock), clock=clock)
    except GivenUp:
        waiting = ChargeImport.objects.filter(pk=pk, state=ImportState.COMMITTING)
        waiting.update(state=ImportState.PREVIEW, heard_at=clock())


def _take_in(record: ChargeImport, progress: Progress, *, clock: Clock) -> None:
    """The file is read once more, under the columns of its preview; its rejected rows are the same again."""
    masker = current_masker()
    record.source, _is_new = locked_ledger(record.source.slug, record.declared.get("zone", ""))
    record.rejections.all().delete()
    with opened(record, masker) as ledger:
        reader = ledger.reader(record.mapping)
        with ledger.intake(reader, tell=progress.tell) as (intake, blocks):
            stored = store_blocks(blocks, batch=record)
    conclude(record, intake, reader, stored, masker, clock())
    record.state, record.bytes_read, record.heard_at = ImportState.DONE, record.bytes_total, clock()
    finish(record, was=ImportState.COMMITTING)
    record.chunks.all().delete()
    remember(record.source, record)
