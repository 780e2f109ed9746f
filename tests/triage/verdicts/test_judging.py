"""Lines of a judge file: what they may hold, and what is said of those that hold something else."""

import pytest

from tests.cases.labelled import NOW
from triage.verdicts.judging import BadCase, judge_line

ROW = {
    "task_id": "t1",
    "kind": "charge",
    "amount": "0.9",
    "currency": "USD",
    "account": "a",
    "occurred_at": "2026-11-01T00:00:00Z",
}
TWO_ROWS = [ROW | {"charge_id": "1"}, ROW | {"charge_id": "2", "occurred_at": "2026-11-01T00:00:05Z"}]

WELL = {"status": 200, "content_chars": 9, "finish_reason": "stop", "done_seen": True}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"declared": {"status_code": 402}, "attempts": []}, "balance.empty"),
        ({"attempts": {"control": {"status": 529, "body_kind": "json_error"}}}, "upstream.overloaded"),
        ({"attempts": {"repeat": [{"status": 529}, WELL]}}, "intermittent"),
        ({"attempts": [{"status": 529, "body_kind": "json_error"}]}, "upstream.overloaded"),
        ({"declared": {"charged": "两次", "task_id": "t1"}, "charges": TWO_ROWS}, "charge.duplicate"),
        (
            {"declared": {"charged": "twice"}, "charges": {"finding": "charge.double_submit"}},
            "charge.double_submit",
        ),
        ({"declared": {"charged": "twice"}, "charges": "charge.hold_and_settle"}, "charge.hold_and_settle"),
        ({}, "inconclusive"),
        ({"attempts": [{"step": "control"}, {"step": "stream", "sent": True}]}, "inconclusive"),
        ({"attempts": [{"step": "control", "status": "soon"}]}, "inconclusive"),
        ({"attempts": [{"step": "control"}, {"step": "stream", "status": 529}]}, "upstream.overloaded"),
    ],
)
def test_declared_fields_attempts_and_rows_become_a_verdict(line, code):
    judged = judge_line({"id": "x"} | line, now=NOW)

    assert (judged["id"], judged["verdict"]["code"]) == ("x", code)


def test_a_second_charge_names_its_rows_and_its_excess():
    verdict = judge_line({"declared": {"charged": "两次"}, "charges": TWO_ROWS}, now=NOW)["verdict"]

    assert {item["fact"]: item["value"] for item in verdict["evidence"]} == {
        "finding": "charge.duplicate",
        "charge_ids": ["1", "2"],
        "excess": {"USD": "0.9"},
    }


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ({"declared": "x"}, "declared: expected an object, found str"),
        ({"attempts": 3}, "attempts: expected a list or an object, found int"),
        ({"attempts": [1]}, "attempts[0]: expected an object, found int"),
        ({"charges": 3}, "charges: expected rows or a finding, found int"),
        ({"charges": {"code": "no such code"}}, "charges: not a finding"),
        ({"charges": [3]}, "charges[0]: expected an object, found int"),
        ({"charges": [{"charge_id": "1", "amount": "much"}]}, "charges[0]:"),
    ],
)
def test_what_is_no_case_is_named(line, complaint):
    with pytest.raises(BadCase) as caught:
        judge_line(line, now=NOW)

    assert str(caught.value).startswith(complaint)
