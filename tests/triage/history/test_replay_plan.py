"""The plan of a run once more: the same, or with exactly one change."""

from dataclasses import replace
from decimal import Decimal

import pytest

from probes.runs.kinds import Wish
from probes.runs.plan import NothingToProbe, Terms, plan_chat, plan_status, plan_steps
from triage.history.replay_plan import Change, differences, plan_again

TERMS = Terms(
    protocol="openai_chat",
    probe_model="gpt-4o-mini",
    prompt="Count to ten.",
    output_tokens=400,
    price_in_per_1k=Decimal("0.002"),
    price_out_per_1k=Decimal("0.008"),
    currency="USD",
    routes=("inner",),
)
THEN = plan_chat(TERMS, model="glm-4")


def again(what: str, **needed):
    return plan_again(TERMS, THEN, Change(what=what, **needed))


def kinds(plan) -> list[str]:
    return [step.kind for step in plan.steps]


@pytest.mark.parametrize(
    "then",
    [
        THEN,
        plan_status(TERMS, task_id="task-7"),
        plan_chat(TERMS, model="deepseek-reasoner"),
        plan_steps(
            TERMS,
            [
                Wish(kind="repeat", times=3),
                Wish(kind="long"),
                Wish(kind="route", route="inner"),
                Wish(kind="model", model="glm-4-air"),
                Wish(kind="models"),
            ],
            model="glm-4",
        ),
    ],
)
def test_the_same_plan_is_the_same_to_the_last_token(then):
    assert plan_again(TERMS, then, Change()) == then


def test_what_an_admin_changed_since_changes_the_price_and_nothing_else():
    dearer = replace(TERMS, prompt="Another one", output_tokens=9, price_out_per_1k=Decimal("0.016"))

    plan = plan_again(dearer, THEN, Change())

    assert plan.steps == THEN.steps
    assert plan.worst_case > THEN.worst_case


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"what": "stream_only"}, ["stream"]),
        ({"what": "both"}, ["control", "stream"]),
        ({"what": "gzip"}, ["control", "gzip"]),
        ({"what": "http2"}, ["control", "http2"]),
        ({"what": "route", "route": "inner"}, ["control", "route"]),
    ],
)
def test_one_request_is_another_and_the_rest_stays(change, expected):
    plan = again(**change)

    assert kinds(plan) == expected
    assert {step.model for step in plan.steps} == {"glm-4"}


def test_another_model_is_asked_by_every_request():
    plan = again("model", model="glm-4-air")

    assert kinds(plan) == ["control", "stream"]
    assert {step.model for step in plan.steps} == {"glm-4-air"}


def test_another_length_is_kept_by_the_replay_of_the_replay():
    short = again("length", tokens=32)

    assert {step.max_tokens for step in short.steps} == {32}
    assert plan_again(TERMS, short, Change()) == short


@pytest.mark.parametrize(
    ("then", "change", "code"),
    [
        (THEN, {"what": "model", "model": "sora-2"}, "media_model"),
        (THEN, {"what": "model"}, "no_model_named"),
        (THEN, {"what": "route", "route": "gone"}, "no_such_route"),
        (plan_status(TERMS, task_id="task-7"), {"what": "both"}, "only_look_ups"),
        (plan_status(TERMS, task_id="task-7"), {"what": "gzip"}, "only_look_ups"),
    ],
)
def test_what_cannot_be_had_says_why(then, change, code):
    with pytest.raises(NothingToProbe, match=code):
        plan_again(TERMS, then, Change(**change))


def test_a_protocol_that_the_endpoint_gave_up_is_not_replaced_by_another():
    with pytest.raises(NothingToProbe, match="protocol_gone"):
        plan_again(replace(TERMS, protocol="anthropic"), THEN, Change())


def test_what_differs_is_told():
    [length] = differences(THEN, again("length", tokens=32))

    assert (length.what, length.was, length.now) == ("length", ("400",), ("32",))
    assert differences(THEN, THEN) == []
