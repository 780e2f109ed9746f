"""An import is taken back: its rows go, what it completed is empty again, and coverage is counted anew."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import QuerySet

from triage.charges.actions.cover import cover
from triage.charges.actions.import_states import locked
from triage.charges.actions.ledgers import locked_at_once
from triage.charges.actions.merging import RESTORED
from triage.charges.models import ChargeImport, ImportState
from triage.people.audit import record as tell

# What an import changed of older charges first, then what it brought; a charge takes its conflicts along.
_RESTORE = f"""
UPDATE triage_charge AS charge SET {", ".join(f"{name} = was.{name}" for name in RESTORED)}
FROM triage_chargechange AS change
CROSS JOIN LATERAL jsonb_populate_record(NULL::triage_charge, change.before) AS was
WHERE change.batch_id = %(batch)s AND charge.id = change.charge_id
"""  # noqa: S608
_FORGET = (
    "DELETE FROM triage_chargechange WHERE batch_id = %(batch)s",
    "DELETE FROM triage_chargeconflict WHERE batch_id = %(batch)s",
    "DELETE FROM triage_charge WHERE batch_id = %(batch)s",
)


class CannotUndo(Exception):
    """Later imports had rows of this one; `later` are these imports, and they must be undone first."""

    code = "import.overlapped"

    def __init__(self, later: Sequence[ChargeImport]) -> None:
        self.later = tuple(later)
        super().__init__(", ".join(str(record.pk) for record in later))


def undo_import(pk: int, *, by: User | None, now: datetime) -> ChargeImport:
    """DONE becomes UNDONE in one transaction.

    Raises WrongState, CannotUndo while later ones overlap, and LedgerBusy at once while another import runs.
    """
    with transaction.atomic():
        ledger = locked_at_once(imports=pk)
        record = locked(pk, ImportState.DONE)
        if later := list(later_overlaps(record)):
            raise CannotUndo(later)
        _take_back(record)
        record.state, record.undone_at, record.undone_by = ImportState.UNDONE, now, by
        record.save(update_fields=["state", "undone_at", "undone_by"])
        cover(ledger)
        ledger.save(update_fields=["covered_from", "covered_until"])
        tell("ledger.undone", actor=by, subject=str(pk), at=now, detail={"new": record.new})
    return record


def later_overlaps(record: ChargeImport) -> QuerySet[ChargeImport]:
    """The imports that must be undone before this one, newest first."""
    return ChargeImport.objects.filter(earlier_overlaps__earlier=record, state=ImportState.DONE).order_by(
        "-pk"
    )


def _take_back(record: ChargeImport) -> None:
    with connection.cursor() as cursor:
        for statement in (_RESTORE, *_FORGET):
            cursor.execute(statement, {"batch": record.pk})
