"""What pages tell of a client, as codes."""

import pytest

from triage.verdicts.clients.habits import known_habits


def codes(client, version=""):
    return [habit.code for habit in known_habits(client, version)]


def test_one_call_may_be_three_requests_of_ten_minutes():
    habit = known_habits("openai-python")[0]

    assert (habit.code, dict(habit.params)) == (
        "repeats_waits",
        {"client": "openai-python", "requests": 3, "seconds": 600},
    )


@pytest.mark.parametrize(
    ("client", "code"),
    [
        ("curl", "sends_once_waits_for_ever"),
        ("httpx", "sends_once_waits"),
        ("gemini-cli", "repeats"),
        ("Cherry Studio", "waits"),
        ("Open WebUI", "waits_for_ever"),
        ("openai/openai-go", "repeats_waits_for_ever"),
    ],
)
def test_what_is_not_known_is_not_said(client, code):
    assert codes(client)[0] == code


def test_an_undescribed_client_has_no_habits():
    assert codes("自研") == codes("Cursor") == []


def test_a_mended_fault_is_told_of_older_versions_only():
    assert "misreads_heartbeats" in codes("Open WebUI", "0.1.121")
    assert "misreads_heartbeats" not in codes("Open WebUI", "0.1.122")
    assert "misreads_heartbeats" not in codes("Open WebUI")


def test_a_fault_without_a_cure_is_told_since_it_began():
    assert "misreads_heartbeat_after_id" in codes("openai-python")
    assert "misreads_heartbeat_after_id" not in codes("openai-python", "0.28.1")
