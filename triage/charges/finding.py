"""What the ledger says about one task: a pure function from rows to a finding."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class ChargeCode(StrEnum):
    """Permanent codes, shared by database, rules, pages and tests."""

    NO_ROWS = "charge.no_rows"  # cannot tell: see covered_until
    SINGLE = "charge.single"
    DUPLICATE = "charge.duplicate"
    HOLD_AND_SETTLE = "charge.hold_and_settle"
    REFUNDED = "charge.refunded"
    DOUBLE_SUBMIT = "charge.double_submit"
    CONFLICT = "charge.conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeFinding:
    """The answer to "was this task charged twice?", with the rows that say so."""

    code: ChargeCode
    task_ids: tuple[str, ...] = ()
    account: str = ""
    charge_ids: tuple[str, ...] = ()
    net: Mapping[str, Decimal] = field(default_factory=dict)  # by currency
    excess: Mapping[str, Decimal] = field(default_factory=dict)  # by currency; only for duplicates
    covered_until: datetime | None = None  # how far the ledger reaches
