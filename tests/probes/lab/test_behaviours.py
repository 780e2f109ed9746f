"""The table of behaviours is whole: everything in it is performed, and everything performed is in it."""

import re

import pytest

from probes.lab.behaviours import BEHAVIOURS, SECTIONS, parse_model
from probes.lab.reception import PERFORMERS
from probes.lab.tasks import SCRIPTS
from triage.verdicts.codes import ISSUES


def test_every_behaviour_is_performed_and_every_performance_is_listed():
    assert set(BEHAVIOURS) == set(PERFORMERS) | set(SCRIPTS) | {"task_unknown"}


def test_no_name_is_listed_twice():
    rows = [row.name for rows in SECTIONS.values() for row in rows]

    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=lambda row: row.name)
def test_every_row_says_what_it_does_in_both_languages_and_what_it_proves(behaviour):
    assert behaviour.english.endswith(".")
    assert re.search(r"[\u4e00-\u9fff].*。$", behaviour.chinese)
    assert behaviour.expect
    assert set(behaviour.expect) <= set(ISSUES)
    assert bool(behaviour.unit) == bool(behaviour.default)


def test_a_model_name_carries_its_argument():
    assert parse_model("stall_mid:7.5") == (BEHAVIOURS["stall_mid"], 7.5)


def test_a_model_name_without_argument_gets_the_default():
    assert parse_model("buffered") == (BEHAVIOURS["buffered"], 4)


@pytest.mark.parametrize("model", ["", "gpt-9", "ok:soon", ":3"])
def test_other_model_names_are_not_the_labs(model):
    assert parse_model(model) is None
