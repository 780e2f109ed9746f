"""An upload is read once more: other columns, another zone."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from triage.charges.actions.import_states import WrongState, locked
from triage.charges.models import COUNTS, ChargeImport, ImportState
from triage.people.audit import record as tell


def read_again(
    pk: int,
    *,
    mapping: Mapping[str, str],
    zone: str,
    by: User | None,
    now: datetime,
    enqueue: Callable[[int], object],
) -> ChargeImport:
    """PREVIEW or REFUSED becomes READING again, and `enqueue` (tasks.ring_reader) is called with the id.

    `mapping` goes from our fields to headers, empty for a field that the file does not have. Raises
    WrongState, also when the sealed pieces are gone.
    """
    with transaction.atomic():
        record = locked(pk, ImportState.PREVIEW, ImportState.REFUSED)
        if not record.chunks.exists():
            raise WrongState(record)
        record.rejections.all().delete()
        _begin_anew(record, mapping, zone)
        tell("ledger.reread", actor=by, subject=str(pk), at=now, detail={"fields": sorted(mapping)})
        enqueue(pk)
    return record


def _begin_anew(record: ChargeImport, mapping: Mapping[str, str], zone: str) -> None:
    for count in COUNTS:
        setattr(record, count, 0)
    record.declared = record.declared | {"mapping": dict(mapping), "zone": zone}
    record.state, record.bytes_read, record.heard_at = ImportState.READING, 0, None
    record.preview, record.refusal, record.refusal_detail = {}, "", ""
    record.save()
