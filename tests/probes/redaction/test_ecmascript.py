"""Patterns say the same in JavaScript: what is translated, what is refused, which words a match must hold."""

import re

import pytest
from playwright.sync_api import Page

from probes.redaction.ecmascript import Dialect, Untranslatable, translate
from probes.redaction.search import compile_pattern

TEXTS = [
    "sk-abc SK-ABC sK-1",
    "a\nb\r\nc",
    "one  two\tthree\x0bfour\u00a0five",
    "密钥是abc，Key_1 key-2",
    "x.y.z []{}()|^$\\/-",
    "emoji \U0001f511 and é, ſ, \u2028 end",
    "-----BEGIN X-----\nAAAA\n-----END X-----",
    "aaa123bbb456",
    "",
]
SAME = [
    r"(?i)sk-[a-z0-9]+",
    r"(?i:SK)-(?P<secret>[A-Z]+)",
    r"(?i)[^a-k]+",
    r"a.b",
    r"(?s)a.b",
    r"(?s:a.*?)c",
    r"(?m)^[a-z]\r?$",
    r"^[a-z]",
    r"\Aone|end\z",
    r"\w+\s\w+",
    r"[\s]+\S",
    r"[^\s\d]+",
    r"[\W]+",
    r"[\S\n]{3}",
    r"\D+\d{2,3}?",
    r"\b\w",
    r"\Bb",
    r"[[:alpha:]]+[[:digit:][:punct:]]",
    r"\pL+|\p{Nd}",
    r"\p{Han}+",
    r"\P{L}{2}",
    r"\x61|\x{5bc6}",
    r"\Q[]{}\E",
    r"[]a-]+",
    r"[-./\\]+",
    r"(?:aa|a)(?P<x>a|1)?",
    r"a{2}|b{3,}|c{0,1}",
    r"(a|b)+?\d",
    r"(?:)x|",
    "[é\U0001f511]",
    r"\t|\n|\r|\f|\v",
]


MATCHES = """([source, texts]) => texts.map((text) =>
    [...text.matchAll(new RegExp(source, "gu"))].map((found) => found[0]))"""


@pytest.fixture(scope="module")
def sheet(browser) -> Page:
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("pattern", SAME)
def test_a_pattern_matches_the_same_pieces_as_in_re2(sheet: Page, pattern: str) -> None:
    expected = [[found[0] for found in compile_pattern(pattern).finditer(text)] for text in TEXTS]

    found = sheet.evaluate(
        MATCHES,
        [translate(pattern).source, TEXTS],
    )

    assert [without_empty(pieces) for pieces in found] == [without_empty(pieces) for pieces in expected]


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        (r"(?<=[:是])\s*(\w+)\b(?!\.)", 0),
        (r"[\w\-]+(?P<q>[.,])?$", 0),
        (r"\s\S", 0),
        (r"\w+\b", re.ASCII),
        (r"(?P<a>a+)(?P=a)", re.ASCII),
        (r"[a-z]+\Z", re.ASCII),
    ],
)
def test_a_pattern_of_python_matches_the_same_pieces(sheet: Page, pattern: str, flags: int) -> None:
    expected = [[found[0] for found in re.finditer(pattern, text, flags)] for text in TEXTS]
    dialect = Dialect.PYTHON_ASCII if flags & re.ASCII else Dialect.PYTHON

    found = sheet.evaluate(
        MATCHES,
        [translate(pattern, dialect).source, TEXTS],
    )

    assert found == expected


@pytest.mark.parametrize("pattern", [r"\C", "(?U)a+", "a**", "(a", "a)", "(?P<x>", "[[:nope:]]", r"\y", "*a"])
def test_what_javascript_cannot_say_is_refused(pattern: str) -> None:
    with pytest.raises(Untranslatable):
        translate(pattern)


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bgsk_[A-Za-z0-9]{20,}", ("gsk_",)),
        (r"(?i:API)[_-]?key", ("api",)),
        (r"(?:foo|barbar)\d+", ("barbar", "foo")),
        (r"(?:foo)?\d+", ()),
        (r"[sp]k-lf-x+", ("k-lf-",)),
        (r"(?:ab){2}c", ("ababc",)),
        (r"foo|\d", ()),
    ],
)
def test_a_text_without_the_needed_words_cannot_match(pattern: str, needed: tuple[str, ...]) -> None:
    assert translate(pattern).needed == needed


def without_empty(pieces: list[str]) -> list[str]:
    """Where two engines find nothing at all, they need not agree how often."""
    return [piece for piece in pieces if piece]
