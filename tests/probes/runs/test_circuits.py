"""Which steps share a breaker, and what counts as a failure of what."""

import pytest

from probes.net.pacing import Outcome
from probes.runs.circuits import answered, circuits_of, reached
from probes.runs.plan import Step
from probes.wire.facts import Facts, Failure

PASSED, FAILED, NOTHING = Outcome.PASSED, Outcome.FAILED, Outcome.NOTHING
URL = "https://api.example/v1"


def step(**given) -> Step:
    return Step(**{"kind": "control", "protocol": "openai_chat", "model": "a"} | given)


def circuits(base_url: str = URL, **given) -> tuple[str, str]:
    return circuits_of(1, base_url, step(**given))


def test_control_and_stream_of_a_model_share_both():
    assert circuits() == circuits(kind="stream")


@pytest.mark.parametrize("other", [{"model": "b"}, {"protocol": "anthropic"}, {"kind": "models"}])
def test_what_is_answered_elsewhere_shares_the_way_alone(other):
    assert circuits(**other)[0] == circuits()[0]
    assert circuits(**other)[1] != circuits()[1]


@pytest.mark.parametrize(
    "other", [{"route": "inner"}, {"kind": "http2"}, {"base_url": "https://new.example/v1"}]
)
def test_another_way_shares_nothing(other):
    assert not {*circuits(**other)} & {*circuits()}


def test_every_task_is_looked_up_on_its_own():
    first, second = (circuits(kind="status", protocol="media_task", task_id=name) for name in "xy")

    assert first[0] == second[0]
    assert first[1] != second[1]


@pytest.mark.parametrize(
    ("seen", "way", "answer"),
    [
        ({"failure": Failure.DNS}, FAILED, NOTHING),
        ({"failure": Failure.CONNECT_TIMEOUT}, FAILED, NOTHING),
        ({"failure": Failure.TLS_EXPIRED}, FAILED, NOTHING),
        ({"failure": Failure.ADDRESS_REFUSED}, NOTHING, NOTHING),
        ({"sent": True, "failure": Failure.NO_RESPONSE}, PASSED, FAILED),
        ({"sent": True, "failure": Failure.FIRST_BYTE_TIMEOUT}, PASSED, FAILED),
        ({"sent": True, "failure": Failure.RESET}, PASSED, FAILED),
        ({"sent": True, "status": 200, "failure": Failure.RESET}, PASSED, PASSED),
        ({"sent": True, "status": 200, "failure": Failure.INCOMPLETE_BODY}, PASSED, PASSED),
        ({"sent": True, "status": 200, "failure": Failure.IDLE_TIMEOUT}, PASSED, FAILED),
        ({"sent": True, "failure": Failure.BAD_PROTOCOL}, PASSED, PASSED),
        ({"sent": True, "status": 503}, PASSED, FAILED),
        ({"sent": True, "status": 529}, PASSED, FAILED),
        ({"sent": True, "status": 429}, PASSED, FAILED),
        ({"sent": True, "status": 401}, PASSED, PASSED),
        ({"sent": True, "status": 402}, PASSED, PASSED),
        ({"sent": True, "status": 200, "in_stream_error": True}, PASSED, PASSED),
        ({"sent": True, "status": 200}, PASSED, PASSED),
    ],
)
def test_what_an_attempt_says(seen, way, answer):
    facts = Facts(step="control", **seen)

    assert (reached(facts), answered(facts)) == (way, answer)
