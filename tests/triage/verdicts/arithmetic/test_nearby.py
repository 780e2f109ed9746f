import re

from triage.verdicts.arithmetic.nearby import near

WORD, FIGURE = re.compile("retry"), re.compile(r"(?<!\d)\d+")


def found(text):
    return [match.group() for match in near(FIGURE, text, WORD)]


def test_only_figures_beside_a_word_are_found():
    assert "30" in found("a" * 5000 + " retry 30 " + "b" * 5000)
    assert found("30 " + "x" * 500 + " retry") == []
    assert found("no word, 30") == []


def test_stretches_that_meet_are_read_once():
    assert found("retry 1 retry 2 retry 3") == ["1", "2", "3"]
