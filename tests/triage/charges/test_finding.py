"""What the rows of one task prove, and what they do not."""

from decimal import Decimal

import pytest

from tests.triage.charges.lines import line
from triage.charges.finding import ChargeCode, Line, Remark
from triage.charges.judgement import judge_task


def test_no_rows_say_nothing() -> None:
    assert judge_task([]).code is ChargeCode.NO_ROWS


def test_one_charge() -> None:
    finding = judge_task([line(charge_id="c")])
    assert (finding.code, finding.charge_ids, finding.net) == (
        ChargeCode.SINGLE,
        ("c",),
        {"USD": Decimal("1.00")},
    )


def test_every_charge_but_the_first_is_excess_to_the_last_decimal() -> None:
    rows = [line("charge", "0.1234567891", 7), line("charge", "0.2", 0), line("charge", "0.3", 3600)]
    finding = judge_task(rows)
    assert finding.code is ChargeCode.DUPLICATE
    assert finding.excess == {"USD": Decimal("0.4234567891")}
    assert Remark.AMOUNTS_DIFFER in finding.remarks


def test_excess_is_in_the_currency_of_the_extra_charge() -> None:
    finding = judge_task([line("charge", "7", 0, currency="CNY"), line("charge", "1", 60)])
    assert finding.excess == {"USD": Decimal(1)}
    assert Remark.SEVERAL_CURRENCIES in finding.remarks


@pytest.mark.parametrize(
    "rows",
    [
        [line("hold", "4"), line("settlement", "2.5", 60), line("release", "-4", 60)],
        [line("hold", "4"), line("settlement", "-1.5", 60)],
        [line("charge", "4"), line("settlement", "-1.5", 60)],
    ],
)
def test_hold_and_settlement_are_one_charge(rows: list[Line]) -> None:
    finding = judge_task(rows)
    assert (finding.code, finding.net) == (ChargeCode.HOLD_AND_SETTLE, {"USD": Decimal("2.5")})


def test_a_hold_that_is_still_open() -> None:
    assert Remark.HOLD_OPEN in judge_task([line("hold", "4")]).remarks


def test_parts_of_one_charge_are_no_duplicate() -> None:
    assert judge_task([line(component="input"), line(component="output")]).code is ChargeCode.SINGLE


def test_parts_that_come_twice_are() -> None:
    rows = [line("charge", "1", at, component=part) for at in (0, 60) for part in ("input", "output")]
    assert judge_task(rows).excess == {"USD": Decimal(2)}


@pytest.mark.parametrize("kind", ["reversal", "refund"])
@pytest.mark.parametrize("names_the_charge", [True, False])
def test_taken_back_and_charged_again_is_one_charge(kind: str, names_the_charge: bool) -> None:
    ref = "first" if names_the_charge else ""
    rows = [line(charge_id="first"), line(kind, "-1.00", 60, ref_charge_id=ref), line("charge", "1.00", 61)]
    finding = judge_task(rows)
    assert (finding.code, finding.net) == (ChargeCode.SINGLE, {"USD": Decimal("1.00")})
    assert Remark.REVERSED_AND_CHARGED_AGAIN in finding.remarks


def test_times_cut_to_seconds_do_not_make_a_duplicate_of_a_reversal() -> None:
    rows = [
        line(charge_id="first"),
        line("reversal", "-1.00", 60.9, ref_charge_id="first"),
        line("charge", "1.00", 60),
    ]
    assert judge_task(rows).code is ChargeCode.SINGLE


def test_a_reversal_after_the_second_charge_does_not_undo_the_duplicate() -> None:
    rows = [
        line(charge_id="a"),
        line("charge", "1.00", 60),
        line("reversal", "-1.00", 600, ref_charge_id="a"),
    ]
    finding = judge_task(rows)
    assert (finding.code, finding.excess) == (ChargeCode.DUPLICATE, {"USD": Decimal(0)})
    assert Remark.EXCESS_RETURNED in finding.remarks


def test_a_part_of_the_excess_came_back() -> None:
    rows = [line(), line("charge", "1.00", 60, charge_id="b"), line("refund", "-0.40", 90, ref_charge_id="b")]
    finding = judge_task(rows)
    assert finding.excess == {"USD": Decimal("0.60")}
    assert finding.return_ids == (rows[2].charge_id,)


def test_a_refund_of_something_else_does_not_lessen_the_excess() -> None:
    rows = [line(), line("charge", "1.00", 60), line("refund", "-1.00", 90, ref_charge_id="elsewhere")]
    assert judge_task(rows).excess == {"USD": Decimal("1.00")}


def test_a_partial_refund_of_the_first_charge_does_not_explain_the_second() -> None:
    rows = [line(charge_id="a"), line("refund", "-0.50", 30, ref_charge_id="a"), line("charge", "1.00", 60)]
    assert judge_task(rows).excess == {"USD": Decimal("1.00")}


def test_a_negative_charge_is_a_way_to_take_one_back() -> None:
    assert judge_task([line(), line("charge", "-1.00", 60)]).code is ChargeCode.REFUNDED


def test_refunds() -> None:
    assert (
        judge_task([line(charge_id="a"), line("refund", "-0.4", 9, ref_charge_id="a")]).code
        is ChargeCode.REFUNDED
    )
    assert judge_task([line("hold", "4"), line("refund", "-4", 9)]).code is ChargeCode.REFUNDED
    orphan = judge_task([line("refund", "-0.4", ref_charge_id="outside")])
    assert (orphan.code, orphan.remarks) == (ChargeCode.REFUNDED, (Remark.RETURN_WITHOUT_CHARGE,))


def test_more_came_back_than_was_charged() -> None:
    rows = [line(charge_id="a"), *(line("refund", "-1.00", at, ref_charge_id="a") for at in (60, 61))]
    assert judge_task(rows).code is ChargeCode.OVER_REFUNDED


def test_rows_that_contradict_each_other_prove_no_duplicate() -> None:
    assert judge_task([line(conflicts=("amount",)), line()]).code is ChargeCode.CONFLICT


def test_a_contradiction_about_a_detail_is_a_remark() -> None:
    finding = judge_task([line(conflicts=("model",)), line("charge", "1", 60)])
    assert finding.code is ChargeCode.DUPLICATE
    assert Remark.DETAILS_CONFLICT in finding.remarks
