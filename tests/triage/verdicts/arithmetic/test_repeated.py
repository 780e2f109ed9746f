"""(retries + 1) x timeout, with the pauses of the client."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.verdicts.arithmetic.repeated import multiplied, pauses_s, requests_on_the_wire
from triage.verdicts.clients.known import client_named

SDK = client_named("openai-python")


@pytest.mark.parametrize(
    ("elapsed", "timeout", "retries", "client", "requests"),
    [
        (91.4, 30, None, SDK, 3),
        (181.2, 60, 2, None, 3),
        (1801.5, None, None, SDK, 3),  # 3 x 600 s and half a second and a second between
        (60.0, 20, None, None, 3),  # the SDKs' two retries, where nobody knows the client
        (120.9, 60, 1, SDK, 2),
        (240.8, None, None, client_named("LlamaIndex"), 4),
        (211.0, 30, 6, client_named("langchain js"), 7),
    ],
)
def test_retries_are_found_in_the_time(elapsed, timeout, retries, client, requests):
    assert multiplied(elapsed, timeout_s=timeout, retries=retries, client=client).requests == requests


@pytest.mark.parametrize(
    ("elapsed", "timeout", "retries", "client"),
    [
        (30.1, 30, None, SDK),  # one request, and its timeout
        (61.0, 30, None, SDK),  # two requests: this client would have sent a third
        (96.0, 30, None, SDK),  # longer than its pauses explain
        (88.5, 30, None, SDK),
        (90.0, 30, 0, SDK),  # the ticket says that nothing was repeated
        (90.0, 30, None, client_named("requests")),  # sends once
        (1803.7, None, None, SDK),
        (180.0, None, None, client_named("curl")),  # waits for ever
        (180.0, None, 2, None),  # nothing to multiply
        (float("nan"), 30, 2, SDK),
        (-90.0, -30, 2, SDK),
    ],
)
def test_near_misses_are_not_multiplied(elapsed, timeout, retries, client):
    assert multiplied(elapsed, timeout_s=timeout, retries=retries, client=client) is None


def test_a_default_in_the_sum_is_said_to_be_one():
    assert multiplied(90, timeout_s=30, retries=2, client=SDK).by_default is False
    assert multiplied(90, timeout_s=30, retries=None, client=SDK).by_default is True


@pytest.mark.parametrize(
    ("client", "retries", "pauses"),
    [
        ("openai-python", 2, 1.5),  # 0.5 + 1
        ("openai-python", 6, 0.5 + 1 + 2 + 4 + 8 + 8),
        ("spring-ai", 9, 2 + 10 + 50 + 180 * 6),  # five times longer each, at most three minutes
        ("gemini-cli", 2, 15),
        ("requests", 3, 0),
    ],
)
def test_pauses_grow_as_the_client_lets_them(client, retries, pauses):
    assert pauses_s(client_named(client), retries) == pytest.approx(pauses)


@given(st.floats(1, 900), st.integers(1, 9), st.floats(0, 1))
def test_any_run_of_timeouts_with_the_sdks_pauses_is_found(timeout, retries, share):
    elapsed = (retries + 1) * timeout + share * pauses_s(SDK, retries)

    assert multiplied(elapsed, timeout_s=timeout, retries=retries, client=SDK).requests == retries + 1


@pytest.mark.parametrize(
    ("calls", "retries", "client", "wire"),
    [
        (1, None, SDK, (1, 3)),
        (1, 2, SDK, (3, 9)),  # their own loop around the SDK's
        (4, None, SDK, (4, 12)),
        (1, 2, None, (3, None)),
        (1, 0, client_named("curl"), (1, 1)),
    ],
)
def test_requests_on_the_wire(calls, retries, client, wire):
    assert requests_on_the_wire(calls, retries=retries, client=client) == wire
