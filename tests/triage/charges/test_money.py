"""Money is told to the last digit, each currency by itself."""

from decimal import Decimal

import pytest

from triage.charges.money import amount_text, sums_text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.1200000000", "0.12"),
        ("0.9000000000", "0.90"),
        ("0.0004200000", "0.00042"),
        ("1200.0000000000", "1200.00"),
        ("-0.35", "-0.35"),
        ("0E-10", "0.00"),
    ],
)
def test_money_keeps_every_digit_that_counts(amount, text):
    assert amount_text(Decimal(amount)) == text


def test_currencies_are_never_added_up():
    sums = {"CNY": Decimal("0.2400000000"), "USD": Decimal("0.1")}

    assert sums_text(sums) == "0.24 CNY + 0.10 USD"


def test_quota_units_are_told_with_what_they_are_worth():
    assert (
        sums_text({"quota": Decimal("450000.0000000000")}, quota_per_unit=500_000)
        == "450000 quota (0.90 USD)"
    )
    assert sums_text({"quota": Decimal(3)}) == "3 quota"
