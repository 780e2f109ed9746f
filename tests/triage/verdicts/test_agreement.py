"""What the ticket says of a charge against the rows."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from triage.charges.finding import ChargeCode, ChargeFinding, Remark
from triage.verdicts.agreement import Agreement, agreement
from triage.verdicts.case import Tri

REACH = datetime(2026, 3, 1, tzinfo=UTC)


def rows(net: str) -> ChargeFinding:
    return ChargeFinding(code=ChargeCode.SINGLE, charge_ids=("c",), net={"USD": Decimal(net)})


def no_rows(*remarks: Remark, reach: datetime | None = REACH) -> ChargeFinding:
    return ChargeFinding(code=ChargeCode.NO_ROWS, covered_until=reach, remarks=remarks)


@pytest.mark.parametrize(
    ("charged", "finding", "says"),
    [
        (Tri.YES, rows("1"), Agreement.CONFIRMED),
        (Tri.YES, rows("0"), Agreement.CAME_BACK),
        (Tri.YES, no_rows(), Agreement.NOT_FOUND),
        (Tri.YES, no_rows(Remark.BEYOND_COVERAGE), Agreement.NOT_COVERED),
        (Tri.YES, no_rows(Remark.LEDGER_GAP), Agreement.NOT_COVERED),
        (Tri.YES, no_rows(reach=None), Agreement.NOT_COVERED),
        (Tri.NO, rows("1"), Agreement.DENIED_BY_ROWS),
        (Tri.NO, rows("0"), Agreement.FREE_SO_FAR),
        (Tri.NO, no_rows(), Agreement.FREE_SO_FAR),
        (Tri.UNKNOWN, rows("1"), Agreement.ROWS_TELL),
        (Tri.UNKNOWN, no_rows(), None),
    ],
)
def test_the_ticket_against_the_rows(charged, finding, says):
    assert agreement(charged, finding) is says
