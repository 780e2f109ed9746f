"""The ledger that an import goes into: locked meanwhile, and what it remembers for the next."""

from typing import Any

from django.db import OperationalError

from triage.charges.actions.cover import cover
from triage.charges.actions.intake import zone_of
from triage.charges.actions.mark_own_probes import mark_own_probes
from triage.charges.models import DEFAULT_ZONE, Channel, ChargeImport, ImportState, LedgerSource

_LOCK_NOT_AVAILABLE = "55P03"


class LedgerBusy(Exception):
    """Something else writes to the ledger, and an import may take minutes."""


def locked_ledger(slug: str, zone: str = "") -> tuple[LedgerSource, bool]:
    """The ledger and whether it is new, locked: two imports into one ledger wait for each other.

    `zone` becomes the ledger's, unsaved, when it is given. Raises FileRefused when it is none.
    """
    zone_of(zone or DEFAULT_ZONE)
    ledger, is_new = LedgerSource.objects.select_for_update(no_key=True).get_or_create(slug=slug)
    if zone:
        ledger.zone = zone
    return ledger, is_new


def locked_at_once(**which: Any) -> LedgerSource:
    """The ledger that is asked for, locked, for those who must not wait until an import has ended.

    Raises LedgerBusy, and LedgerSource.DoesNotExist.
    """
    ledgers = LedgerSource.objects.select_for_update(of=("self",), nowait=True, no_key=True)
    try:
        return ledgers.get(**which)
    except OperationalError as error:
        raise_if_busy(error)
        raise


def raise_if_busy(error: OperationalError) -> None:
    """Raise LedgerBusy for a lock that was not to be had."""
    if getattr(error.__cause__, "sqlstate", "") == _LOCK_NOT_AVAILABLE:
        raise LedgerBusy from None


def remember(ledger: LedgerSource, record: ChargeImport) -> None:
    """What follows from an import that is done and saved: our own rows in it, columns, and coverage."""
    mark_own_probes(record)
    if record.channel in (Channel.UPLOAD, Channel.COMMAND):  # what programs send has our own names
        ledger.mapping = dict(record.mapping)
    cover(ledger)
    ledger.save()


def same_file_as(record: ChargeImport) -> ChargeImport | None:
    """The latest import into the same ledger of the very same bytes, if it was not undone."""
    same = ChargeImport.objects.filter(source=record.source, file_hash=record.file_hash)
    taken_in = same.filter(state=ImportState.DONE).exclude(pk=record.pk)
    return taken_in.order_by("-pk").first() if record.file_hash else None
