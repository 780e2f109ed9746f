"""Amounts are read exactly, or refused with a reason."""

from decimal import Decimal

import pytest

from triage.charges.amounts import currency_in, read_amount
from triage.charges.refusals import Refusal, Refused


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0.1", "0.1"),
        ("-3.4000000000", "-3.4"),
        ("1,000.5", "1000.5"),
        ("12,345,678", "12345678"),
        ("1,00,000.50", "100000.5"),
        ("1.234,56", "1234.56"),
        ("0,5", "0.5"),
        ("1 000.5", "1000.5"),
        ("(3.67)", "-3.67"),
        ("￥(3.67)", "-3.67"),
        ("3.67-", "-3.67"),
        ("−3.67", "-3.67"),
        ("+1", "1"),
        ("０．０００７９５", "0.000795"),
        ("4.532E-2", "0.04532"),
        ("1e3", "1000"),
        ("$1.20", "1.2"),
        ("US$ 1.20", "1.2"),
        ("USD 1.20", "1.2"),
        ("1.20 CNY", "1.2"),
        ("3元", "3"),
        ("  0.05 ", "0.05"),
        ("0", "0"),
        (".5", "0.5"),
        ("0.12345678900000", "0.123456789"),
        ("1.3500000000000001e-05", "0.0000135"),
        ("0.30000000000000004", "0.3"),
        ("-0.30000000000000004", "-0.3"),
        ("12.340000000000002", "12.34"),
    ],
)
def test_every_way_to_write_an_amount(text: str, amount: str) -> None:
    assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", Refusal.EMPTY),
        ("   ", Refusal.EMPTY),
        ("0,123", Refusal.AMBIGUOUS_AMOUNT),
        ("1,2,3", Refusal.AMBIGUOUS_AMOUNT),
        ("0.12345678901", Refusal.AMOUNT_TOO_PRECISE),
        ("1e-11", Refusal.AMOUNT_TOO_PRECISE),
        ("1e-999", Refusal.AMOUNT_TOO_PRECISE),
        ("0.1234567890123456", Refusal.AMOUNT_TOO_PRECISE),
        ("123456789012345", Refusal.AMOUNT_TOO_LARGE),
        ("1e999", Refusal.AMOUNT_TOO_LARGE),
        ("NaN", Refusal.NO_AMOUNT),
        ("Infinity", Refusal.NO_AMOUNT),
        ("1_000", Refusal.NO_AMOUNT),
        ("12abc", Refusal.NO_AMOUNT),
        ("free", Refusal.NO_AMOUNT),
        ("--1", Refusal.NO_AMOUNT),
    ],
)
def test_what_is_no_exact_amount_is_refused(text: str, refusal: Refusal) -> None:
    with pytest.raises(Refused) as refused:
        read_amount(text)
    assert refused.value.refusal is refusal


@pytest.mark.parametrize(("text", "currency"), [("$1", "USD"), ("1元", "CNY"), ("€3", "EUR"), ("1.5", "")])
def test_an_amount_may_carry_its_currency(text: str, currency: str) -> None:
    assert currency_in(text) == currency
