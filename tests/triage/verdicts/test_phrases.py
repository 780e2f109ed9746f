"""The signs that are sought all at once are the ones that stand there."""

import re
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cases.labelled import intake_of, labelled_cases
from triage.verdicts import texts
from triage.verdicts.phrases import number_of, pattern_number_of, patterns_in, phrases_in
from triage.verdicts.texts import plain

LEADS = Path(texts.__file__).parent / "leads"


def _written_down() -> list[str]:
    tables = [tomllib.loads(file.read_text("utf-8")) for file in LEADS.glob("*.toml")]
    return [pattern for table in tables for lead in table.values() for pattern in lead.get("patterns", ())]


def test_patterns_are_found_where_each_by_itself_is_found():
    patterns = {pattern: re.compile(pattern) for pattern in _written_down()}
    numbers = {pattern: pattern_number_of(pattern) for pattern in patterns}
    tickets = [intake_of(row) for row in labelled_cases()][::5]

    for text in (plain(f"{ticket.error_text} {ticket.notes} {ticket.charged_text}") for ticket in tickets):
        found = {pattern for pattern in patterns if numbers[pattern] in patterns_in(text)}
        assert found == {pattern for pattern, compiled in patterns.items() if compiled.search(text)}


def test_what_is_added_later_is_found_as_well():
    assert pattern_number_of("qu+x") not in patterns_in("a word of its own")

    assert pattern_number_of("wo?rd") in patterns_in("a word of its own")
    assert number_of("of its own") in phrases_in("a word of its own")
    assert number_of("of their own") not in phrases_in("a word of its own")


def test_no_text_is_too_odd_to_be_read():
    assert patterns_in("") == frozenset()
    assert number_of("断流") in phrases_in("断流 \ud800 \x00")


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns as often as the interpreter lets them."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_threads_that_seek_at_once_share_no_number_and_miss_nothing(restless: None):
    def seek(worker: int) -> list[tuple[int, bool]]:
        sought = [f"worker {worker} saw sign {sign}." for sign in range(40)]
        return [(number_of(phrase), number_of(phrase) in phrases_in(phrase)) for phrase in sought]

    with ThreadPoolExecutor(8) as pool:
        found = [pair for pairs in pool.map(seek, range(8)) for pair in pairs]

    assert len({number for number, _ in found}) == len(found)
    assert all(is_there for _, is_there in found)
