"""A run against each behaviour shows the facts that docs/lab.md promises, and is diagnosed as it says."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime

import pytest

from probes.lab.behaviours import BEHAVIOURS
from probes.lab.promises import broken
from probes.lab.server import Lab
from probes.runs.kinds import KINDS
from probes.runs.plan import Step
from probes.runs.skipping import why_skip
from probes.wire.facts import Facts
from tests.probes.lab.runs import Asked, ask_everything, everything
from triage.verdicts.case import Case, Intake
from triage.verdicts.classify import classify

ASKED = pytest.mark.parametrize("asked", everything(), ids=lambda asked: asked.name)

Everything = Mapping[str, Mapping[str, Facts]]


@pytest.fixture(scope="module")
def seen() -> Everything:
    """Everything is asked once, at a lab of its own, so that nobody else's requests count."""
    with Lab() as lab:
        return ask_everything(lab)


@ASKED
def test_it_shows_what_was_promised(seen: Everything, asked: Asked):
    complaints = [
        f"{kind}: {line}"
        for kind, promise in asked.behaviour.shows.items()
        for line in broken(promise, seen[asked.name][kind], way=asked.way, arg=asked.arg)
    ]

    assert complaints == []


@ASKED
def test_it_is_diagnosed_as_the_table_says(seen: Everything, asked: Asked):
    case = Case(intake=Intake(), attempts=_sent(asked, seen[asked.name]), now=datetime.now(UTC))

    assert classify(case).code in asked.behaviour.expect


@pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=lambda row: row.name)
def test_promises_speak_of_facts_and_steps_that_there_are(behaviour):
    names = {fact.name for fact in fields(Facts)}

    assert set(behaviour.shows) <= set(KINDS)
    assert all(promise and set(promise) <= names for promise in behaviour.shows.values())


def _sent(asked: Asked, facts: Mapping[str, Facts]) -> tuple[Facts, ...]:
    """What a run would have sent of it: a stream is spared when the control explains the fault."""
    sent: tuple[Facts, ...] = ()
    for kind, seen in facts.items():
        reason = why_skip(Step(kind=kind, protocol=asked.way, model=asked.model), sent)
        sent = (*sent, Facts(step=kind, skipped=reason) if reason else seen)
    return sent
