"""What is kept of a long text never ends or begins inside a token."""

import pytest

from probes.wire.clipping import LONGEST_TEXT, bounded, clipped, cut_before_token

KEY = "sk-" + "a1B2" * 12


@pytest.mark.parametrize("most", range(10, 10 + len(KEY)))
def test_a_key_is_kept_whole_or_not_at_all(most):
    kept = clipped(f"your key {KEY}, is wrong", most)

    assert KEY in kept or "sk-" not in kept


def test_a_text_that_fits_is_kept_as_it_is():
    assert clipped("one two", 7) == "one two"


def test_a_tail_begins_with_a_token():
    assert cut_before_token(f"{KEY[20:]} is wrong") == " is wrong"


def test_texts_are_clipped_at_every_depth():
    long = "word " * LONGEST_TEXT

    kept = bounded({"one": long, "many": ((long, 3),), "none": None})

    assert kept["many"] == ((kept["one"], 3),)
    assert len(kept["one"]) <= LONGEST_TEXT + len(" […]")
    assert kept["none"] is None
