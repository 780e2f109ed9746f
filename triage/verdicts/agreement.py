"""What the ticket says of a charge against what the rows say."""

from enum import StrEnum

from triage.charges.finding import ChargeCode, ChargeFinding, Remark
from triage.verdicts.case import Tri


class Agreement(StrEnum):
    CONFIRMED = "confirmed"  # told to be charged, and it was
    CAME_BACK = "came_back"  # told to be charged, and all of it came back
    NOT_FOUND = "not_found"  # told to be charged, and the records of that time have no row
    NOT_COVERED = "not_covered"  # told to be charged, and the records do not reach there
    DENIED_BY_ROWS = "denied_by_rows"  # told to be free, and it was not
    FREE_SO_FAR = "free_so_far"  # told to be free, and no row says otherwise
    ROWS_TELL = "rows_tell"  # the ticket does not say, the rows do


_BEYOND = {Remark.BEYOND_COVERAGE, Remark.BEFORE_COVERAGE, Remark.LEDGER_GAP, Remark.NO_LEDGER}


def agreement(charged: Tri, finding: ChargeFinding) -> Agreement | None:
    """None where neither the ticket nor the rows say anything."""
    if finding.code is ChargeCode.NO_ROWS:
        return _without_rows(charged, finding)
    cost = any(amount > 0 for amount in finding.net.values())
    if charged is Tri.UNKNOWN:
        return Agreement.ROWS_TELL
    if charged is Tri.YES:
        return Agreement.CONFIRMED if cost or not finding.net else Agreement.CAME_BACK
    return Agreement.DENIED_BY_ROWS if cost else Agreement.FREE_SO_FAR


def _without_rows(charged: Tri, finding: ChargeFinding) -> Agreement | None:
    if charged is Tri.YES:
        reached = finding.covered_until is not None and not _BEYOND.intersection(finding.remarks)
        return Agreement.NOT_FOUND if reached else Agreement.NOT_COVERED
    return Agreement.FREE_SO_FAR if charged is Tri.NO else None
