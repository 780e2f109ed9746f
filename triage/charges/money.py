"""Money as people read it: no digit lost, no zeros that the column added."""

from collections.abc import Mapping
from decimal import Decimal


def amount_text(amount: Decimal) -> str:
    """Without trailing zeros, but with two decimals: "0.90", "0.00042"."""
    digits = -int(amount.normalize().as_tuple().exponent)
    return f"{amount:.{max(digits, 2)}f}"


def sums_text(amounts: Mapping[str, Decimal], *, quota_per_unit: int | None = None) -> str:
    """Each currency by itself, since nothing converts them: "0.24 CNY + 0.10 USD".

    Quota units, whole numbers, are told with their worth in US dollars where the ledger says what one is.
    """
    return " + ".join(_sum_text(amount, currency, quota_per_unit) for currency, amount in amounts.items())


def _sum_text(amount: Decimal, currency: str, quota_per_unit: int | None) -> str:
    if currency != "quota":
        return f"{amount_text(amount)} {currency}"
    units = f"{amount.normalize():f} quota"
    return f"{units} ({amount_text(amount / quota_per_unit)} USD)" if quota_per_unit else units
