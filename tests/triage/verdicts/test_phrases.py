"""The signs that are sought all at once are the ones that stand there."""

import re
import tomllib
from pathlib import Path

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
