"""An uploaded file is sealed piece by piece, and a worker is called to read it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from probes.redaction import meter
from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.intake import zone_of
from triage.charges.actions.sealed_file import seal_file
from triage.charges.models import DEFAULT_ZONE, Channel, ChargeImport, ImportState, LedgerSource
from triage.charges.refusals import FileRefusal, FileRefused
from triage.people.audit import record as tell


def begin_upload(
    *,
    source: str,
    file_name: str,
    pieces: Iterable[bytes],
    declared: Mapping[str, Any],
    by: User | None,
    now: datetime,
    enqueue: Callable[[int], object],
) -> ChargeImport:
    """Keep the pieces sealed, in state READING, and `enqueue` the import's id (tasks.ring_reader).

    `source` is the slug of the ledger, made when it is new. `declared` holds what the uploader chose, each
    of it optional: {"mapping": {field: header}, "zone": "", "covered_from": ISO, "covered_until": ISO}.
    Raises FileRefused for an empty file and an unknown zone.
    """
    zone_of(declared.get("zone") or DEFAULT_ZONE)
    masker = current_masker()
    with transaction.atomic():
        ledger, _is_new = LedgerSource.objects.get_or_create(slug=source)
        record = ChargeImport.objects.create(
            state=ImportState.READING,
            channel=Channel.UPLOAD,
            source=ledger,
            at=now,
            by=by,
            file_name=masker.text(file_name, field="file_name")[:200],
            declared=dict(declared),
        )
        seal_file(record, pieces)
        if not record.bytes_total:
            raise FileRefused(FileRefusal.EMPTY, record.file_name)
        tell("ledger.uploaded", actor=by, subject=str(record.pk), at=now, detail={"source": source})
        meter.count_all(masker.caught.elements(), channel="import")
        enqueue(record.pk)
    return record
