"""What the rows of one task prove, and what they do not."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.triage.charges.lines import START, line
from triage.charges.coverage import Coverage
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
@pytest.mark.parametrize("ref", ["first", "", "t"], ids=["its charge", "nothing", "its task"])
def test_taken_back_and_charged_again_is_one_charge(kind: str, ref: str) -> None:
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


# --- what came back of a duplicate


def test_nothing_came_back_of_charges_of_nothing() -> None:
    finding = judge_task([line("charge", "0"), line("charge", "0", 60)])
    assert (finding.code, finding.remarks) == (ChargeCode.DUPLICATE, ())


def twice(*returns: tuple[str, float]) -> list[Line]:
    """A task charged 1.00 twice, and refunds of the second charge."""
    charges = [line("charge", "1.00", 0, charge_id="a"), line("charge", "1.00", 60, charge_id="b")]
    return [*charges, *(line("refund", amount, at, ref_charge_id="b") for amount, at in returns)]


@pytest.mark.parametrize(
    ("returns", "left", "over", "remark"),
    [
        ([("-1.00", 600)], "0.00", {}, Remark.EXCESS_RETURNED),
        ([("-0.30", 600)], "0.70", {}, Remark.EXCESS_PARTLY_RETURNED),
        ([("-0.30", 600), ("-0.7", 700)], "0.00", {}, Remark.EXCESS_RETURNED),
        ([("-1.00", 600), ("-1", 700)], "0", {"USD": Decimal("1.00")}, Remark.EXCESS_RETURNED_TWICE),
    ],
)
def test_a_duplicate_says_what_is_left_and_what_is_too_much(returns, left, over, remark) -> None:
    finding = judge_task(twice(*returns))

    assert (finding.code, finding.excess) == (ChargeCode.DUPLICATE, {"USD": Decimal(left)})
    assert finding.over_returned == over
    assert remark in finding.remarks
    said = {statement.code: statement for statement in finding.statements}
    assert set(said[remark].charge_ids) == set(finding.return_ids)


def test_a_refund_in_another_currency_is_never_too_much() -> None:
    finding = judge_task([line(), line("refund", "-7.00", 60, currency="CNY")])

    assert finding.code is ChargeCode.REFUNDED
    assert Remark.SEVERAL_CURRENCIES in finding.remarks


def test_a_refund_dated_before_its_charge_is_that_charges() -> None:
    finding = judge_task([line("refund", "-1.00", 0), line("charge", "1.00", 120)])

    assert (finding.code, finding.remarks) == (ChargeCode.REFUNDED, ())


# --- what is missing proves nothing

COVERED = Coverage(((START - timedelta(days=1), START + timedelta(days=1)),))
GAPPED = Coverage(
    (
        (START - timedelta(days=1), START + timedelta(minutes=10)),
        (START + timedelta(minutes=50), START + timedelta(days=1)),
    )
)


def test_a_second_charge_behind_a_gap_is_no_duplicate() -> None:
    rows = [line(), line("charge", "1.00", 3600)]

    assert judge_task(rows, coverage=COVERED).code is ChargeCode.DUPLICATE
    unsure = judge_task(rows, coverage=GAPPED)
    assert (unsure.code, unsure.excess) == (ChargeCode.CANNOT_TELL, {})
    assert Remark.LEDGER_GAP in unsure.remarks
    assert unsure.gaps == GAPPED.gaps


def test_charges_on_one_side_of_a_gap_are_a_duplicate() -> None:
    assert judge_task([line(), line("charge", "1.00", 300)], coverage=GAPPED).code is ChargeCode.DUPLICATE


def test_two_charges_under_a_rounded_id_may_be_two_tasks() -> None:
    task = "561126123456789000"
    rows = [line(task_id=task), line("charge", "1.00", 60, task_id=task)]

    finding = judge_task(rows)

    assert finding.code is ChargeCode.CANNOT_TELL
    assert Remark.ID_ROUNDED in finding.remarks


@pytest.mark.parametrize("shared", ["fingerprint", "request_key"])
def test_the_same_request_proves_it_even_so(shared: str) -> None:
    task = "561126123456789000"
    rows = [line("charge", "1.00", at, task_id=task, **{shared: "same"}) for at in (0, 60)]

    assert judge_task(rows).code is ChargeCode.DUPLICATE


def test_calls_of_one_trace_are_not_one_charge() -> None:
    calls = [
        line("charge", amount, at, task_id="", request_key="trace", fingerprint=print_)
        for amount, at, print_ in (("0.10", 0, "f"), ("0.20", 1, "f"), ("0.10", 2, "g"))
    ]

    assert judge_task(calls).code is ChargeCode.SINGLE
    again = line("charge", "0.10", 9, task_id="", request_key="trace", fingerprint="f")
    assert judge_task([*calls, again]).excess == {"USD": Decimal("0.10")}


# --- what became of the task


def test_a_failed_task_whose_charge_stands() -> None:
    finding = judge_task([line(charge_id="c", outcome="failed")], coverage=COVERED)

    assert (finding.code, finding.net) == (ChargeCode.FAILED_UNREFUNDED, {"USD": Decimal("1.00")})
    assert Remark.OUTCOME_FROM_LEDGER in finding.remarks
    assert finding.statements[0].charge_ids == ("c",)


@pytest.mark.parametrize("coverage", [Coverage(((START, START + timedelta(minutes=30)),)), GAPPED])
def test_a_refund_that_may_be_on_its_way_is_not_missing(coverage: Coverage) -> None:
    finding = judge_task([line(outcome="failed")], coverage=coverage)

    assert finding.code is ChargeCode.SINGLE
    assert {Remark.REFUND_MAY_FOLLOW, Remark.LEDGER_GAP} & set(finding.remarks)


def test_a_failed_task_that_was_given_back_is_in_order() -> None:
    rows = [line(outcome="failed"), line("refund", "-1.00", 300)]

    assert judge_task(rows, coverage=COVERED).code is ChargeCode.REFUNDED


def test_a_part_that_came_back_leaves_the_rest() -> None:
    rows = [line("hold", "3.00", outcome="failed"), line("release", "-1.75", 300)]

    finding = judge_task(rows, coverage=COVERED)

    assert (finding.code, finding.net) == (ChargeCode.FAILED_UNREFUNDED, {"USD": Decimal("1.25")})


def test_the_last_word_about_a_task_counts() -> None:
    rows = [line("hold", "1.00", 0, outcome="failed"), line("settlement", "0", 60, outcome="succeeded")]

    assert judge_task(rows, coverage=COVERED).code is ChargeCode.HOLD_AND_SETTLE


def test_the_desks_own_look_up_comes_before_the_ledgers_word() -> None:
    rows = [line(outcome="failed")]

    assert judge_task(rows, outcome="succeeded", coverage=COVERED).code is ChargeCode.SINGLE
    assert judge_task(rows, outcome="undelivered", coverage=COVERED).code is ChargeCode.UNDELIVERED


def test_a_duplicate_that_failed_is_said_to_have_failed_too() -> None:
    rows = [line(), line("charge", "1.00", 60, outcome="failed")]

    finding = judge_task(rows, coverage=COVERED)

    assert finding.code is ChargeCode.DUPLICATE
    assert [each.code for each in finding.statements][:2] == [
        ChargeCode.DUPLICATE,
        ChargeCode.FAILED_UNREFUNDED,
    ]


# --- one call in two logs, and our own probes


def test_one_call_in_two_logs_is_no_second_call() -> None:
    logs = [
        line("charge", "0.50", at, request_key="r", component=kind)
        for kind, at in (("acompletion", 0), ("aresponses", 1))
    ]

    finding = judge_task(logs)

    assert (finding.code, finding.excess) == (ChargeCode.DOUBLE_LOGGED, {"USD": Decimal("0.50")})


def test_rows_of_our_own_probes_are_nobodys() -> None:
    rows = [line(own_probe=True), line("charge", "1.00", 60, own_probe=True)]

    finding = judge_task(rows)

    assert (finding.code, finding.excess) == (ChargeCode.PROBE_COST, {})
    assert finding.probe_ids == finding.charge_ids


def test_every_statement_lists_its_rows() -> None:
    rows = [*twice(("-0.30", 600)), line("refund", "-1.00", 700, ref_charge_id="elsewhere")]
    known = {row.charge_id for row in rows}

    for statement in judge_task(rows, coverage=COVERED).statements:
        assert statement.charge_ids
        assert set(statement.charge_ids) <= known
