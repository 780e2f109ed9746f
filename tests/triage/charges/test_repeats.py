"""Which rows are one request sent again."""

import pytest

from tests.triage.charges.lines import line
from triage.charges.finding import ChargeCode, ChargeFinding, Line, Remark
from triage.charges.repeats import likeness_of, repeated_submissions


def found(*lines: Line) -> list[ChargeFinding]:
    return list(repeated_submissions(sorted(lines, key=lambda row: (likeness_of(row), row.occurred_at))))


def test_a_retry_after_each_timeout_is_one_group() -> None:
    rows = [line("charge", "1", at, task_id=f"t{at}", fingerprint="f") for at in (0, 61, 122, 187)]
    (finding,) = found(*rows)
    assert finding.code is ChargeCode.DOUBLE_SUBMIT
    assert finding.task_ids == ("t0", "t61", "t122", "t187")
    assert finding.charge_ids == tuple(row.charge_id for row in rows)


@pytest.mark.parametrize(
    "other",
    [{"account": "v"}, {"model": "image"}, {"fingerprint": "g"}, {"task_id": "t"}],
)
def test_another_account_model_or_request_is_no_repeat(other: dict[str, str]) -> None:
    assert not found(
        line(fingerprint="f"), line("charge", "1", 5, **{"task_id": "t2", "fingerprint": "f"} | other)
    )


def test_minutes_later_it_is_a_new_request() -> None:
    assert not found(line(fingerprint="f"), line("charge", "1", 300, task_id="t2", fingerprint="f"))


def test_without_fingerprints_the_amount_must_be_equal_and_the_pause_short() -> None:
    (finding,) = found(line(), line("charge", "1", 3, task_id="t2"))
    assert finding.remarks == (Remark.BY_AMOUNT,)
    assert not found(line(), line("charge", "1.01", 3, task_id="t2"))
    assert not found(line(), line("charge", "1", 61, task_id="t2"))


def test_calls_without_task_ids_are_hidden_retries() -> None:
    calls = [line("charge", "1", at, task_id="", fingerprint="f", request_key=f"r{at}") for at in (0, 1, 3)]
    assert [finding.code for finding in found(*calls)] == [ChargeCode.HIDDEN_RETRY]


def test_a_duplicate_is_no_repeat() -> None:
    assert not found(line(fingerprint="f"), line("charge", "1", 2, fingerprint="f"))
