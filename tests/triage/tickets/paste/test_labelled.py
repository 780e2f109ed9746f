"""The reader finds what a person would read in labelled pastes."""

from collections import Counter

import pytest

from tests.triage.tickets.paste.labelled import cases, mistakes_of, overall, rates

CASES = {case.name: case for case in cases()}
OFTEN = 10  # of a field that comes less often, one mistake would decide


@pytest.fixture(scope="module")
def readings() -> dict:
    return {name: case.read() for name, case in CASES.items()}


@pytest.fixture(scope="module")
def counts(readings) -> Counter:
    return sum((mistakes_of(CASES[name], paste)[0] for name, paste in readings.items()), Counter())


def test_nearly_all_fields_are_found_and_nearly_none_invented(counts):
    precision, recall = overall(counts)

    assert (precision >= 0.98, recall >= 0.98) == (True, True), (precision, recall)


def test_no_field_is_much_worse_than_the_others(counts):
    often = {
        name for name, _kind in counts if sum(counts[name, kind] for kind in ("right", "missed")) >= OFTEN
    }

    assert {name: rates(counts, name) for name in often if min(rates(counts, name)) < 0.93} == {}


def test_every_suggestion_names_a_line_and_quotes_it(readings):
    for name, paste in readings.items():
        lines = CASES[name].paste.splitlines()
        for suggestion in paste.suggestions:
            assert 1 <= suggestion.line <= len(lines), (name, suggestion)
            assert suggestion.quote or not lines[suggestion.line - 1].strip(), (name, suggestion)


def test_no_key_of_a_paste_is_suggested(readings):
    for name, paste in readings.items():
        told = " ".join(
            [*(one.value + one.quote for one in paste.suggestions), *(hop.value for hop in paste.chain)]
        )
        assert "a1B2a1B2" not in told, name
        assert "0f1e2d3c4b5a69780f1e" not in told, name


def test_disagreeing_values_are_both_offered(readings):
    wanted = {(name, field): value for name, case in CASES.items() for field, value in case.second.items()}

    assert wanted
    for (name, field), value in wanted.items():
        assert [one.value for one in readings[name].of(field)][1:2] == [value], name


def test_an_id_made_at_another_time_is_told(readings):
    wanted = {name: case.chain_remark for name, case in CASES.items() if case.chain_remark}

    assert wanted
    for name, remark in wanted.items():
        assert remark in [hop.remark for hop in readings[name].chain], name
