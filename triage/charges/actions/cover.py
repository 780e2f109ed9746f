"""How far a ledger is complete: counted anew from its imports whenever one comes or goes."""

from django.db.models import Sum

from triage.charges.coverage import coverage_of
from triage.charges.models import ChargeImport, ImportState, LedgerSource


def cover(ledger: LedgerSource) -> None:
    """Set `covered_from` and `covered_until`, without saving."""
    taken_in = ChargeImport.objects.filter(source=ledger, state=ImportState.DONE)
    rows = taken_in.aggregate(rows=Sum("new"))["rows"] or 0
    edges = taken_in.values_list("covered_from", "covered_until")
    coverage = coverage_of(((start, end) for start, end in edges if start and end), rows=rows)
    ledger.covered_from = coverage.spans[0][0] if coverage.spans else None
    ledger.covered_until = coverage.until
