"""The gravest story of the rows that may be meant, with every statement's rows."""

from decimal import Decimal

import pytest

from tests.triage.charges.lines import line
from triage.charges.answer import Question, answer
from triage.charges.finding import ChargeCode, Line, Remark


def task(name: str, at: float, *, amount: str = "1.00", **fields: object) -> Line:
    return line("charge", amount, at, task_id=name, charge_id=f"of-{name}", fingerprint="f", **fields)


def test_without_rows_nothing_is_said():
    finding = answer([], question=Question(account="u"))

    assert (finding.code, finding.account, finding.story) == (ChargeCode.NO_ROWS, "u", ())


def test_three_requests_on_the_wire_three_rows():
    rows = [task("a", 0), task("b", 61), task("c", 123)]

    finding = answer(
        rows[:1],
        around=rows,
        question=Question(task_key="a", declared_retries=0, client="openai-python 3.52"),
    )

    assert finding.code is ChargeCode.DOUBLE_SUBMIT
    count = finding.wire_count
    assert (count.rows, count.at_least, count.at_most) == (3, 1, 3)
    assert Remark.RETRIES_EXPLAIN_ROWS in finding.remarks
    assert [story.task_id for story in finding.story] == ["a", "b", "c"]
    assert [story.events[0].kind for story in finding.story] == ["charge", "resubmission", "resubmission"]


def test_a_duplicate_says_its_repetition_too():
    rows = [task("a", 0), task("b", 61), line("charge", "1.00", 900, task_id="a", charge_id="again")]

    finding = answer([rows[0], rows[2]], around=rows, question=Question(task_key="a"))

    assert finding.code is ChargeCode.DUPLICATE
    assert set(finding.repeated_task_ids) == {"a", "b"}
    said = {each.code: set(each.charge_ids) for each in finding.statements}
    assert said[ChargeCode.DUPLICATE] == {"of-a", "again"}
    assert said[ChargeCode.DOUBLE_SUBMIT] == {"of-a", "of-b"}


def test_an_id_of_two_accounts_decides_nothing_when_their_answers_differ():
    rows = [line(account="u"), line(account="v"), line("charge", "1.00", 60, account="v")]

    unnamed = answer(rows, question=Question(task_key="t"))
    named = answer(rows[1:], question=Question(task_key="t", account="v"))

    assert (unnamed.code, unnamed.excess) == (ChargeCode.CANNOT_TELL, {})
    assert Remark.ACCOUNT_UNKNOWN in unnamed.remarks
    assert {story.account for story in unnamed.story} == {"u", "v"}
    assert (named.code, named.excess) == (ChargeCode.DUPLICATE, {"USD": Decimal("1.00")})


@pytest.mark.parametrize("code", [ChargeCode.FAILED_UNREFUNDED, ChargeCode.UNDELIVERED])
def test_the_desks_own_look_up_says_what_became_of_the_task(code):
    outcome = {ChargeCode.FAILED_UNREFUNDED: "failed", ChargeCode.UNDELIVERED: "undelivered"}[code]

    finding = answer([line(charge_id="c")], question=Question(task_key="t", outcome=outcome))

    assert finding.code is code
    assert finding.statements[0].charge_ids == ("c",)
    assert Remark.OUTCOME_FROM_LOOKUP in finding.remarks


def test_what_our_probes_paid_is_told_last_and_counted_in_nothing():
    rows = [line(charge_id="c"), line("charge", "1.00", 60, charge_id="ours", own_probe=True)]

    finding = answer(rows, question=Question(task_key="t"))

    assert (finding.code, finding.net) == (ChargeCode.SINGLE, {"USD": Decimal("1.00")})
    assert finding.story[-1].events[0].charge_id == "ours"
