"""What a verdict suggests to probe next."""

import pytest

from probes.runs.kinds import KINDS
from triage.tickets.wording.steps import REASONS
from triage.verdicts import further
from triage.verdicts.codes import ISSUES
from triage.verdicts.further import suggestions_for


def kinds(code: str) -> list[str]:
    return [suggestion.kind for suggestion in suggestions_for(code)]


@pytest.mark.parametrize(
    ("code", "suggested"),
    [
        ("stream.block_buffered", ["gzip", "long", "route"]),
        ("stream.fully_buffered", ["gzip", "long", "route"]),
        ("stream.cut", ["repeat", "http2", "route"]),
        ("body.reasoning_only", ["long"]),
        ("model.unknown", ["models"]),
        ("balance.empty", ["balance"]),
        ("task.running", ["status"]),
    ],
)
def test_each_verdict_suggests_what_tells_its_neighbours_apart(code, suggested):
    assert kinds(code) == suggested


@pytest.mark.parametrize("code", ["ok.not_reproduced", "intermittent"])
def test_what_comes_and_goes_is_asked_five_times(code):
    assert [(step.kind, step.times) for step in suggestions_for(code)] == [("repeat", 5)]


@pytest.mark.parametrize("family", ["limit.", "charge.", "auth.key_"])
def test_what_asking_again_makes_worse_suggests_no_request(family):
    suggested = {kind for code in ISSUES if code.startswith(family) for kind in kinds(code)}

    assert suggested <= {"status"}


def test_what_became_of_a_task_is_looked_up_first():
    steps = suggestions_for("stream.cut", findings=("charge.undelivered",))

    assert [step.kind for step in steps] == ["status", "repeat", "http2", "route"]
    assert kinds("charge.failed_unrefunded") == ["status"]
    assert kinds("charge.duplicate") == []


def test_a_verdict_that_lacks_a_long_answer_asks_for_one():
    steps = suggestions_for("inconclusive", overturned_by="long_probe")

    assert [step.kind for step in steps] == ["long"]


def test_what_a_class_asks_for_already_is_not_asked_for_twice():
    steps = suggestions_for("body.empty", overturned_by="second_probe")

    assert [step.kind for step in steps] == ["repeat", "model"]


def test_a_code_that_no_rule_gives_any_more_suggests_nothing():
    assert suggestions_for("stream.of_old") == ()


def test_the_table_names_classes_steps_and_reasons_that_exist():
    families = {issue.family for issue in ISSUES.values()}

    assert set(further._BY_CODE) <= set(ISSUES)
    assert set(further._BY_FAMILY) <= families
    told = {step for code in ISSUES for step in suggestions_for(code)}
    assert {step.kind for step in told} <= set(KINDS)
    assert {step.reason for step in told} <= set(REASONS)
