"""Which runs an address asks to see side by side."""

import pytest

from triage.history.choice import read_choice


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        (["12", "13"], (12, 13)),
        (["12, 13"], (12, 13)),
        (["12、13；14"], (12, 13, 14)),
        (["12", "12", " 13 "], (12, 13)),
        (["", " "], ()),
        ([], ()),
    ],
)
def test_runs_are_named_one_by_one_or_as_people_list_them(typed, numbers):
    assert read_choice(typed).numbers == numbers


def test_more_than_four_are_told_apart_from_those_that_are_shown():
    choice = read_choice(["1", "2", "3", "4", "5", "6"])

    assert (choice.numbers, choice.too_many) == ((1, 2, 3, 4), (5, 6))


@pytest.mark.parametrize("word", ["abc", "-1", "1.5", "9" * 19, "٣", "\0"])
def test_what_is_no_number_of_a_run_is_kept_to_be_said(word):
    choice = read_choice(["7", word])

    assert (choice.numbers, choice.unreadable) == ((7,), (word,))
