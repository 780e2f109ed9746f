"""Control and stream compared in sentences."""

import pytest
from django.utils import translation

from probes.runs.models import Attempt
from probes.runs.plan import Step
from probes.wire.comparison import Difference, Shortfall
from probes.wire.facts import Facts
from tests.triage.tickets.test_waterfall import make_facts
from triage.tickets.compared import comparisons
from triage.tickets.steps import Request, names_of
from triage.tickets.wording.outcomes import COMPARED, SHORTFALLS


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def requests_of(*facts: Facts) -> list[Request]:
    steps = [
        Step(kind=one.step, protocol="openai_chat", model="m", route="edge" if one.step == "route" else "")
        for one in facts
    ]
    named = zip(steps, facts, names_of(steps), strict=True)
    return [Request(Attempt(step=step.kind), step, one, name) for step, one, name in named]


def said_of(*facts: Facts) -> str:
    return " ".join(line for compared in comparisons(requests_of(*facts)) for line in compared.lines)


def control(**seen) -> Facts:
    return make_facts(**{"step": "control", "content_chars": 900} | seen)


def test_answers_of_one_length_are_said_to_agree():
    compared = comparisons(requests_of(control(), make_facts(content_chars=910)))

    assert compared[0].agrees
    assert compared[0].lines == ["The text is about equally long: 900 and 910 characters."]


def test_an_error_that_the_stream_hides_is_named():
    failed = control(status=500, error_type="upstream_error")

    assert said_of(failed, make_facts()) == (
        "Control request shows an error that Stream request hides behind a status 200."
    )


def test_a_shorter_stream_is_told_with_how_it_ended():
    told = said_of(control(), make_facts(content_chars=100, finish_reason="stop"))

    assert "The text of Stream request is shorter: 100 characters against 900." in told
    assert "mend what broke upstream" in told


def test_a_second_route_is_compared_with_the_stream_by_the_headers_on_the_way():
    told = said_of(make_facts(), make_facts(step="route", headers={"via": "1.1 edge"}))

    assert "On the way, via differs: missing and 1.1 edge." in told


def test_without_an_answer_there_is_nothing_to_compare():
    assert comparisons(requests_of(control(), Facts(step="stream", skipped="control_failed"))) == []


def test_every_difference_has_its_sentence():
    assert set(COMPARED) == set(Difference)
    assert set(SHORTFALLS) == set(Shortfall)


def test_a_request_that_the_desk_itself_broke_off_is_compared_with_nothing():
    broken_off = make_facts(skipped="worker_lost", content_chars=52)

    assert not comparisons(requests_of(make_facts(step="control"), broken_off))
