"""Where a pattern does not compile."""

import time

import pytest

from triage.rules.patterns import problem_of


@pytest.mark.parametrize(
    ("pattern", "at", "wrong"),
    [
        ("a(?=b)", 2, "(?="),
        ("(?<!x)y", 1, "(?<!"),
        ("中文(?=好)", 3, "(?="),
        ("a**", 2, "**"),
        ("ok(abc", 3, "("),
        ("a(b)c)(d)", 6, ")"),
        (r"(a[)]\)", 1, "("),
        ("x[abc", 2, "[abc"),
        ("x{5}ab{2000}", 7, "{2000}"),
        ("(a{1000}){1000}", 10, "{1000}"),
        (r"(x)\1", 4, r"\1"),
        ("a\\", 2, "\\"),
        ("\ud800b", 1, "\ufffd"),
    ],
)
def test_the_place_is_named(pattern, at, wrong):
    problem = problem_of(pattern)

    assert problem is not None
    assert (problem.at, problem.wrong) == (at, wrong)


@pytest.mark.parametrize("pattern", [r"\bACME-\w+", "a\0b", "", r"(?P<secret>x)", "(a+)+$"])
def test_what_compiles_has_no_problem(pattern):
    assert problem_of(pattern) is None


def test_the_longest_wrong_pattern_takes_no_time():
    began = time.monotonic()

    problem_of("(a|b)[cd]{3}" * 80 + "(?=x)")

    assert time.monotonic() - began < 2
