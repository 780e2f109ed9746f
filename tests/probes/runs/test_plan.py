"""What is sent, in which order, and what it may cost."""

from dataclasses import replace
from decimal import Decimal

import pytest

from probes.runs.plan import (
    NothingToProbe,
    Plan,
    Terms,
    plan_chat,
    plan_for,
    plan_status,
    settled_cost,
    worst_case_of,
)
from probes.runs.skipping import why_skip
from probes.wire.facts import BodyKind, Facts

TERMS = Terms(
    protocol="openai_chat",
    probe_model="gpt-4o-mini",
    prompt="x" * 50,
    output_tokens=400,
    price_in_per_1k=Decimal(1),
    price_out_per_1k=Decimal(10),
    currency="USD",
)


def test_control_comes_before_stream_with_the_same_model_and_limit():
    control, stream = plan_chat(TERMS).steps

    assert (control.kind, stream.kind) == ("control", "stream")
    assert replace(control, kind="stream") == stream


def test_the_tickets_model_is_probed_when_it_is_given():
    assert {step.model for step in plan_chat(TERMS, model="glm-4").steps} == {"glm-4"}


def test_the_worst_case_covers_every_step():
    assert plan_chat(TERMS).worst_case == 2 * (Decimal("0.1") + Decimal(4))


def test_the_worst_case_counts_bytes_since_some_characters_are_several_tokens():
    chinese = replace(TERMS, prompt="数" * 50)

    assert plan_chat(chinese).worst_case == 2 * (Decimal("0.2") + Decimal(4))


def test_the_worst_case_covers_what_a_dialect_asks_for_at_least():
    assert plan_chat(replace(TERMS, output_tokens=1)).worst_case == 2 * (Decimal("0.1") + Decimal("0.16"))


def test_a_media_ticket_is_looked_up_and_never_submitted():
    plan = plan_for(TERMS, workload="video", model="sora-2", task_id="task_1")

    assert [(step.kind, step.task_id) for step in plan.steps] == [("status", "task_1")]
    assert plan.worst_case == 0


@pytest.mark.parametrize("workload", ["chat", "batch", "shared_key"])
def test_a_model_that_makes_media_is_not_asked_whatever_the_workload(workload):
    with pytest.raises(NothingToProbe):
        plan_for(TERMS, workload=workload, model="sora-2")
    with pytest.raises(NothingToProbe):
        plan_for(replace(TERMS, probe_model="gpt-image-1"), workload=workload)

    assert plan_for(TERMS, workload=workload, model="sora-2", task_id="task_1").steps[0].kind == "status"


def test_a_media_ticket_without_a_task_id_sends_nothing():
    with pytest.raises(NothingToProbe) as refusal:
        plan_status(TERMS, task_id="")

    assert refusal.value.code == "media_without_task_id"


def test_a_plan_survives_its_way_through_the_database():
    plan = plan_chat(TERMS)

    assert Plan.from_dict(plan.as_dict()) == plan


@pytest.mark.parametrize(
    ("control", "reason"),
    [
        (Facts(step="control", status=200, body_kind=BodyKind.JSON_OK), ""),
        (Facts(step="control", status=200, body_kind=BodyKind.HTML), "control_failed"),
        (Facts(step="control", status=401), "control_failed"),
        (Facts(step="control", status=429), "control_failed"),
        (Facts(step="control", status=400, error_message="Stream mode is required"), ""),
        (Facts(step="control", status=400, error_message="unknown field"), "control_failed"),
    ],
)
def test_a_failing_control_spares_the_stream(control, reason):
    stream = plan_chat(TERMS).steps[1]

    assert why_skip(stream, (control,)) == reason


def test_the_control_itself_is_never_skipped():
    assert why_skip(plan_chat(TERMS).steps[0], ()) == ""


def test_a_stream_that_fails_before_another_is_no_control():
    stream = plan_chat(TERMS, kinds=("stream",)).steps[0]

    assert why_skip(stream, (Facts(step="stream", status=401),)) == ""


@pytest.mark.parametrize(
    ("facts", "cost"),
    [
        (Facts(step="stream", sent=False), Decimal(0)),
        (Facts(step="stream", sent=True, status=401), Decimal(0)),
        (
            Facts(step="stream", sent=True, status=200, prompt_tokens=10, completion_tokens=100),
            Decimal("1.01"),
        ),
        (Facts(step="stream", sent=True, status=200), Decimal("4.1")),
        (Facts(step="stream", sent=True, status=200, prompt_tokens=-1, completion_tokens=5), Decimal("4.1")),
        (
            Facts(step="stream", sent=True, status=200, prompt_tokens=1, completion_tokens=10**9),
            Decimal("4.1"),
        ),
    ],
    ids=["not sent", "refused", "reported", "no report", "negative report", "absurd report"],
)
def test_what_was_not_believably_reported_counts_as_the_worst_case(facts, cost):
    stream = plan_chat(TERMS).steps[1]

    assert settled_cost(TERMS, stream, facts) == cost
    assert cost <= worst_case_of(TERMS, stream)
