"""How far a ledger is complete, where a window had nothing in it: no charge is also an answer."""

from datetime import datetime

from triage.charges.actions.cover import cover
from triage.charges.models import Channel, ChargeImport, ImportState, LedgerSource


def reach_to(until: datetime, *, source: LedgerSource, since: datetime, at: datetime) -> None:
    """Complete from `since` to `until`, without a row. Call inside a transaction.

    The newest import that reaches into the span is lengthened, so that a quiet system leaves no trail of
    empty imports.
    """
    ledger = LedgerSource.objects.select_for_update(no_key=True).get(pk=source.pk)
    fetched = ChargeImport.objects.filter(source=ledger, channel=Channel.CONNECTOR, state=ImportState.DONE)
    last = fetched.filter(covered_until__gte=since).order_by("-pk").first()
    if last and last.covered_until:
        last.covered_until = max(last.covered_until, until)
        last.save(update_fields=["covered_until"])
    else:
        _empty_import(ledger, since=since, until=until, at=at)
    cover(ledger)
    ledger.save(update_fields=["covered_from", "covered_until"])


def _empty_import(ledger: LedgerSource, *, since: datetime, until: datetime, at: datetime) -> None:
    ChargeImport.objects.create(
        source=ledger,
        channel=Channel.CONNECTOR,
        at=at,
        file_name=f"{since:%Y-%m-%dT%H:%M:%SZ}/{until:%H:%M:%SZ}",
        covered_from=since,
        covered_until=until,
        finished_at=at,
    )
