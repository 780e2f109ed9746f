"""Ids that may be the same, and may be not."""

import pytest

from triage.charges.spelling import differs_in_case, is_rounded, may_be_rounded, other_cases


def test_an_id_has_other_cases():
    assert set(other_cases("task_aB")) == {"task_ab", "TASK_AB"}
    assert other_cases("123") == ()
    assert differs_in_case("aB", "Ab") and not differs_in_case("aB", "aB")


@pytest.mark.parametrize("text", ["5.61126E+17", " 5.61126e+17 ", "6E+17"])
def test_a_number_of_a_spreadsheet_is_rounded(text):
    assert is_rounded(text)


@pytest.mark.parametrize(
    ("rounded", "full", "may_be"),
    [
        ("5.61126E+17", "561126123456789012", True),
        ("5.61126E+17", "561127000000000000", False),
        ("5.61126E+17", "task_1", False),
        ("561126123456789000", "561126123456789012", True),
        ("561126123456789000", "561126123456789000", False),  # itself
        ("561126123456788000", "561126123456789012", False),
        ("task_1", "561126123456789012", False),
    ],
)
def test_a_spreadsheet_may_have_rounded(rounded, full, may_be):
    assert may_be_rounded(rounded, full) is may_be
