"""What has become of each row: held, settled, released, charged, refunded."""

import pytest

from tests.triage.charges.stories import event
from triage.charges.status import statuses


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([event("h", "hold", "2")], "pending"),
        ([event("h", "hold", "2"), event("s", "settlement", "-1", 9, of="h")], "settled"),
        ([event("h", "hold", "2"), event("s", "settlement", "-1", 9)], "settled"),
        ([event("h", "hold", "2"), event("r", "release", "-2", 9, of="h")], "released"),
        ([event("h", "hold", "2"), event("s", "settlement", "-1", 9, of="another")], "pending"),
        ([event("h", "hold", "2"), event("r", "refund", "-2", 9, of="h")], "refunded"),
        ([event("c")], "charged"),
        ([event("c"), event("r", "refund", "-1", 9, of="c")], "refunded"),
        ([event("c"), event("r", "refund", "-0.4", 9, of="c")], "partly_refunded"),
        ([event("c"), event("r", "refund", "-1", 9, of="c", currency="CNY")], "charged"),
        ([event("w", "withdrawn"), event("c", "charge", "1", 9)], "refunded"),
        ([event("a", "adjustment")], "adjusted"),
    ],
)
def test_the_first_row_is(rows, status):
    assert statuses(rows)[rows[0].charge_id] == status


def test_money_back_is_told_as_such():
    rows = [event("c"), event("r", "reversal", "-1", 9, of="c")]

    assert statuses(rows)["r"] == "refunded"
