"""An upload that nobody wants: its sealed pieces go, and that it was there is remembered."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from triage.charges.actions.import_states import locked
from triage.charges.models import ChargeImport, ImportState
from triage.people.audit import record as tell


def discard_import(pk: int, *, by: User | None, now: datetime) -> ChargeImport:
    """READING or PREVIEW becomes DISCARDED; whoever is reading it stops. Raises WrongState."""
    with transaction.atomic():
        record = locked(pk, ImportState.READING, ImportState.PREVIEW)
        record.state, record.finished_at = ImportState.DISCARDED, now
        record.save(update_fields=["state", "finished_at"])
        forget_upload(record)
        tell("ledger.discarded", actor=by, subject=str(pk), at=now)
    return record


def forget_upload(record: ChargeImport) -> None:
    """Delete the sealed pieces, and the rows of the file that were kept for its preview."""
    record.chunks.all().delete()
    record.rejections.all().delete()
