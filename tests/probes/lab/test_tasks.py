"""Media tasks: looked up by id in three shapes, and counted when submitted."""

import httpx
import pytest

from tests.probes.lab.asking import KEY

_HEADERS = {"authorization": f"Bearer {KEY}"}


def _get(lab, path):
    return httpx.get(lab.base_url + path, headers=_HEADERS)


@pytest.mark.parametrize(
    ("task_id", "openai", "gateway"),
    [
        ("task_ok", "completed", "SUCCESS"),
        ("task_queued_9", "queued", "QUEUED"),
        ("task_slow_7f3a", "in_progress", "IN_PROGRESS"),
        ("task_stuck", "in_progress", "IN_PROGRESS"),
        ("task_fail", "failed", "FAILURE"),
        ("task_fail_charged-1", "failed", "FAILURE"),
        ("task_synonym", "succeed", "succeeded"),
        ("task_expired", "completed", "SUCCESS"),
    ],
)
def test_an_id_that_begins_with_a_behaviour_follows_it_in_every_shape(lab, task_id, openai, gateway):
    video = _get(lab, f"/v1/videos/{task_id}").json()
    envelope = _get(lab, f"/v1/tasks/{task_id}").json()
    plain = _get(lab, f"/plain/tasks/{task_id}").json()

    assert (video["object"], video["id"], video["status"]) == ("video", task_id, openai)
    assert (envelope["code"], envelope["data"]["task_id"], envelope["data"]["status"]) == (
        "success",
        task_id,
        gateway,
    )
    assert (plain["task_id"], plain["status"]) == (task_id, openai)


def test_a_failed_task_names_its_reason_in_every_shape(lab):
    assert "moderation" in _get(lab, "/v1/videos/task_fail").json()["error"]["message"]
    assert "moderation" in _get(lab, "/v1/tasks/task_fail").json()["data"]["fail_reason"]
    assert "moderation" in _get(lab, "/plain/tasks/task_fail").json()["error"]


def test_a_lost_task_has_failed_outside_and_runs_inside(lab):
    data = _get(lab, "/v1/tasks/task_lost").json()["data"]

    assert (data["status"], data["data"]["status"]) == ("FAILURE", "in_progress")


def test_an_expired_result_says_since_when(lab):
    video = _get(lab, "/v1/videos/task_expired").json()

    assert video["created_at"] < video["expires_at"] < video["created_at"] + 2 * 86400


@pytest.mark.parametrize("path", ["/v1/videos/", "/v1/tasks/", "/plain/tasks/"])
def test_an_unknown_task_is_a_404(lab, path):
    reply = _get(lab, f"{path}task_unknown")

    assert reply.status_code == 404
    assert "task_unknown" in reply.json()["error"]["message"]


def test_a_submission_is_counted_and_its_task_follows_the_model(lab):
    lab.counters.reset()

    task = httpx.post(f"{lab.base_url}/v1/videos", json={"model": "task_slow"}, headers=_HEADERS).json()

    assert task["status"] == "queued"
    assert _get(lab, f"/v1/videos/{task['id']}").json()["status"] == "in_progress"
    assert lab.counters.posts(path="/v1/videos", model="task_slow") == 1


def test_a_look_up_is_no_post(lab):
    lab.counters.reset()

    _get(lab, "/v1/videos/task_ok")

    assert lab.counters.posts() == 0


def test_a_look_up_needs_a_key(lab):
    assert httpx.get(f"{lab.base_url}/v1/videos/task_ok").status_code == 401
