"""How far a ledger is complete: counted anew from its imports whenever one comes or goes."""

from triage.charges.actions.read_coverage import read_coverages
from triage.charges.models import LedgerSource


def cover(ledger: LedgerSource) -> None:
    """Set `covered_from` and `covered_until`, without saving."""
    ledger.covered_from = ledger.covered_until = None
    coverage = read_coverages([ledger])[ledger.pk]
    ledger.covered_from = coverage.spans[0][0] if coverage.spans else None
    ledger.covered_until = coverage.until
