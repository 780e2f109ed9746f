"""The ledger that an import goes into: locked meanwhile, and what it remembers for the next."""

from triage.charges.actions.cover import cover
from triage.charges.actions.intake import zone_of
from triage.charges.actions.mark_own_probes import mark_own_probes
from triage.charges.models import DEFAULT_ZONE, Channel, ChargeImport, ImportState, LedgerSource


def locked_ledger(slug: str, zone: str = "") -> tuple[LedgerSource, bool]:
    """The ledger and whether it is new, locked: two imports into one ledger wait for each other.

    `zone` becomes the ledger's, unsaved, when it is given. Raises FileRefused when it is none.
    """
    zone_of(zone or DEFAULT_ZONE)
    ledger, is_new = LedgerSource.objects.select_for_update(no_key=True).get_or_create(slug=slug)
    if zone:
        ledger.zone = zone
    return ledger, is_new


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
