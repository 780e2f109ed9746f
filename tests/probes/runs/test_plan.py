"""What is sent, in which order, and what it may cost."""

from dataclasses import replace
from decimal import Decimal

import pytest

from probes.runs.kinds import KINDS, Wish
from probes.runs.plan import (
    LONG_TOKENS,
    MOST_STEPS,
    NothingToProbe,
    Plan,
    Terms,
    offered_kinds,
    plan_chat,
    plan_for,
    plan_status,
    plan_steps,
    settled_cost,
    worst_case_of,
)
from probes.wire.facts import Facts
from probes.wire.reasoning_models import ROOM_TO_THINK

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


FULL = replace(
    TERMS,
    routes=("inner", "outer"),
    balance_path="/user/balance",
    websocket_path="/realtime",
    task_path="/t/{task_id}",
)


def wish(*kinds, **wanted):
    return [Wish(kind=kind, **wanted) for kind in kinds]


def test_every_kind_can_be_planned_and_says_why_it_is_there():
    wishes = [Wish(kind=kind, times=2, model="glm-4", route="inner", reason=f"for_{kind}") for kind in KINDS]

    plan = plan_steps(FULL, wishes, task_id="task_1")

    assert {step.kind for step in plan.steps} == set(KINDS)
    assert all(step.reason == f"for_{step.kind}" for step in plan.steps)
    assert plan.worst_case == sum(worst_case_of(FULL, step) for step in plan.steps)
    assert Plan.from_dict(plan.as_dict()) == plan


def test_variants_compare_with_the_stream():
    stream, *variants = plan_steps(FULL, wish("stream", "gzip", "http2", "repeat", "route", times=2)).steps

    assert len(variants) == 2 + 2 + 2
    assert {replace(step, kind="stream", route="") for step in variants} == {stream}


def test_a_route_is_named_or_all_are_taken():
    assert [step.route for step in plan_steps(FULL, wish("route", route="outer")).steps] == ["outer"]
    assert [step.route for step in plan_steps(FULL, wish("route")).steps] == ["inner", "outer"]


def test_a_long_answer_is_asked_for_by_its_own_prompt_and_paid_for():
    (step,) = plan_steps(TERMS, wish("long")).steps

    assert step.max_tokens == LONG_TOKENS
    assert step.prompt != TERMS.prompt
    assert worst_case_of(TERMS, step) > Decimal(16)


def test_an_endpoint_that_allows_more_gets_a_longer_answer():
    (step,) = plan_steps(replace(TERMS, output_tokens=3000), wish("long")).steps

    assert step.max_tokens == 3000


def test_a_tool_costs_more_than_its_prompt():
    (step,) = plan_steps(TERMS, wish("tool")).steps

    assert worst_case_of(TERMS, step) > TERMS.prices.worst_case(step.prompt, step.max_tokens)


def test_a_model_that_thinks_gets_room_that_is_reserved():
    chat, thinker = plan_chat(TERMS), plan_chat(TERMS, model="o3-mini")

    assert {step.max_tokens for step in thinker.steps} == {400 + ROOM_TO_THINK}
    assert thinker.worst_case - chat.worst_case == 2 * Decimal(10) * ROOM_TO_THINK / 1000


def test_look_ups_are_free():
    plan = plan_steps(FULL, wish("models", "balance", "websocket", "status"), task_id="t")

    assert plan.worst_case == 0
    assert {step.kind: step.path for step in plan.steps} == {
        "models": "",
        "balance": "/user/balance",
        "websocket": "/realtime",
        "status": "/t/{task_id}",
    }


def test_a_gateway_that_tells_limit_and_usage_apart_is_asked_twice():
    terms = replace(TERMS, balance_path="/dashboard/billing/subscription")

    assert [step.path for step in plan_steps(terms, wish("balance")).steps] == [
        "/dashboard/billing/subscription",
        "/dashboard/billing/usage",
    ]


def test_a_balance_is_asked_for_with_a_bearer_token_in_any_protocol():
    anthropic = replace(FULL, protocol="anthropic")

    steps = plan_steps(anthropic, wish("models", "balance", "websocket")).steps

    assert [step.protocol for step in steps] == ["anthropic", "openai_chat", "openai_chat"]


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ([], "no_steps"),
        (wish("route", route="nowhere"), "no_such_route"),
        (wish("balance"), "no_balance_path"),
        (wish("websocket"), "no_websocket_path"),
        (wish("status"), "media_without_task_id"),
        (wish("model"), "no_model_named"),
        (wish("model", model="sora-2"), "media_model"),
        (wish("repeat"), "repeats_out_of_bounds"),
        (wish("repeat", times=11), "repeats_out_of_bounds"),
        (wish("repeat", "repeat", "stream", times=10), "too_many_steps"),
    ],
)
def test_a_wish_that_cannot_be_met_says_why(wishes, code):
    with pytest.raises(NothingToProbe) as refusal:
        plan_steps(TERMS, wishes)

    assert refusal.value.code == code


@pytest.mark.parametrize("kind", ["control", "stream", "repeat", "gzip", "long", "http2", "route", "tool"])
def test_a_model_that_makes_media_is_never_asked_in_any_way(kind):
    with pytest.raises(NothingToProbe) as refusal:
        plan_steps(FULL, wish(kind, times=2), model="gpt-image-1")

    assert refusal.value.code == "media_model"


def test_a_kind_that_does_not_exist_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="submit"):
        plan_steps(TERMS, wish("submit"))


def test_a_plan_has_a_bound():
    assert len(plan_steps(TERMS, wish("repeat", "repeat", times=MOST_STEPS // 2)).steps) == MOST_STEPS


def test_only_what_the_endpoint_has_is_offered():
    assert offered_kinds(FULL) == KINDS
    assert set(KINDS) - set(offered_kinds(TERMS)) == {"route", "balance", "websocket"}
    assert set(offered_kinds(FULL, model="sora-2")) == {"status", "model", "models", "balance", "websocket"}


def test_plans_of_before_are_still_read():
    old = plan_chat(TERMS).as_dict()
    for step in old["steps"]:
        del step["path"]

    assert Plan.from_dict(old) == plan_chat(TERMS)
