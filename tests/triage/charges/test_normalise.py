"""Ids, kinds and currencies that are the same are equal, and what is no id is none."""

import pytest

from triage.charges.finding import ChargeKind
from triage.charges.normalise import currency_of, id_key, kind_of

UUID = "3aa837c1-4587-434c-a204-a5322d296cd9"


@pytest.mark.parametrize(
    "text",
    [
        UUID.upper(),
        f" {UUID}",
        f"{UUID}\t",
        f"{{{UUID}}}",
        UUID.replace("-", ""),
        f"'{UUID}",
        f'="{UUID}"',
        f"{UUID}\u200b",
    ],
)
def test_a_uuid_in_any_dress_is_one_id(text: str) -> None:
    assert id_key(text) == UUID


def test_other_ids_keep_their_case() -> None:
    assert id_key("task_AbC") == "task_AbC" != id_key("task_abc")


@pytest.mark.parametrize(
    "text", ["", " ", "-", "null", "NULL", "None", "0", "N/A", "#N/A", "无", "\\N", "nan"]
)
def test_placeholders_are_no_ids(text: str) -> None:
    assert id_key(text) == ""


def test_an_id_that_a_spreadsheet_rounded_is_none() -> None:
    assert id_key("5.61126E+17") == ""
    assert id_key("561125958147329259") == "561125958147329259"


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("charge", ChargeKind.CHARGE),
        ("Pre-Charge", ChargeKind.HOLD),
        ("pre_consume", ChargeKind.HOLD),
        ("capture", ChargeKind.SETTLEMENT),
        ("结算差额", ChargeKind.SETTLEMENT),
        ("预扣费", ChargeKind.HOLD),
        ("解冻", ChargeKind.RELEASE),
        ("退款", ChargeKind.REFUND),
        ("冲正", ChargeKind.REVERSAL),
        ("调整", ChargeKind.ADJUSTMENT),
        ("6", ChargeKind.REFUND),
        ("gift", None),
    ],
)
def test_kinds_in_the_words_of_ledgers(word: str, kind: ChargeKind | None) -> None:
    assert kind_of(word) is kind


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("usd", "USD"),
        ("RMB", "CNY"),
        ("人民币", "CNY"),
        ("￥", "CNY"),
        ("美元", "USD"),
        ("额度", "quota"),
        ("XYZ1", ""),
    ],
)
def test_currencies(word: str, code: str) -> None:
    assert currency_of(word) == code
