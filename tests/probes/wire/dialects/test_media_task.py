import pytest

from probes.wire.dialects.base import StepNotOffered
from probes.wire.dialects.media_task import MediaTask, TaskFields, neutral_status
from tests.probes.wire.attempts import read_json

SUBMITTED = "2023-11-14T22:13:20+00:00"
LINK = "https://files.example/v.mp4"


def look_up(document, dialect=MediaTask()):  # noqa: B008
    return dialect.read_body(document).task


WORDS = {
    "queued": ["queued", "SUBMITTED", "NOT_START", "QUEUED", "PENDING", "排队中"],
    "running": ["in_progress", "IN_PROGRESS", "processing", "In Progress", "RUNNING"],
    "succeeded": ["completed", "SUCCESS", "succeed", "succeeded", "done", "成功"],
    "failed": ["failed", "FAILURE", "Fail", "cancelled", "TASK_STATUS_FAILED"],
    "unknown": ["pondering", ""],
}


@pytest.mark.parametrize(("status", "word"), [(status, word) for status in WORDS for word in WORDS[status]])
def test_every_word_for_a_status_has_a_neutral_one(status, word):
    assert neutral_status(word) == status


def test_openais_video_object_is_read():
    task = look_up(
        {
            "id": "video_1",
            "object": "video",
            "status": "failed",
            "created_at": 1700000000,
            "expires_at": 1700086400,
            "error": {"code": "moderation", "message": "rejected"},
        }
    )

    assert (task.status, task.status_raw, task.error) == ("failed", "failed", "rejected")
    assert (task.submitted_at, task.expires_at) == (SUBMITTED, "2023-11-15T22:13:20+00:00")


def test_an_envelope_is_read_with_the_upstreams_own_object_inside():
    task = look_up(
        {
            "code": "success",
            "message": "",
            "data": {
                "task_id": "t",
                "status": "FAILURE",
                "fail_reason": "polling timed out",
                "submit_time": 1700000000,
                "data": {"status": "processing"},
            },
        }
    )

    assert (task.status, task.inner_status, task.inner_status_raw) == ("failed", "running", "processing")
    assert (task.error, task.submitted_at) == ("polling timed out", SUBMITTED)


def test_a_plain_status_is_read():
    task = look_up({"task_id": "t", "status": "SUCCESS", "submitTime": 1700000000000, "imageUrl": LINK})

    assert (task.status, task.submitted_at, task.result_url_seen) == ("succeeded", SUBMITTED, True)


@pytest.mark.parametrize(
    ("document", "status", "has_result"),
    [
        (
            {"code": 0, "data": {"task_status": "succeed", "task_result": {"videos": [{"url": LINK}]}}},
            "succeeded",
            True,
        ),
        ({"output": {"task_status": "SUCCEEDED", "video_url": LINK}, "request_id": "r"}, "succeeded", True),
        ({"task_status": "SUCCESS", "video_result": [{"url": LINK}]}, "succeeded", True),
        ({"id": "cgt-1", "status": "succeeded", "content": {"video_url": LINK}}, "succeeded", True),
        ({"id": "p", "status": "succeeded", "output": [LINK]}, "succeeded", True),
        ({"code": "success", "data": {"status": "SUCCESS", "fail_reason": LINK}}, "succeeded", True),
        ({"status": "ok", "data": {"status": "running"}}, "running", False),
        ({"code": 200, "data": [{"status": "queued"}]}, "queued", False),
    ],
)
def test_other_vendors_shapes_are_read(document, status, has_result):
    task = look_up(document)

    assert (task.status, task.result_url_seen, task.inner_status, task.error) == (status, has_result, "", "")


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"id": "t", "status": "FAILED", "failure": "bad output", "failureCode": "INTERNAL"}, "bad output"),
        ({"status": "Fail", "base_resp": {"status_code": 1027, "status_msg": "sensitive"}}, "sensitive"),
        ({"status": "Fail", "base_resp": {"status_code": 0, "status_msg": "success"}}, ""),
    ],
)
def test_vendors_say_in_their_own_places_why_it_failed(document, reason):
    task = look_up(document)

    assert (task.status, task.error) == ("failed", reason)


@pytest.mark.parametrize(
    "document",
    [
        {"code": "task_not_exist", "message": "no such task", "data": None},
        {"error": {"message": "no such task", "type": "invalid_request_error"}},
    ],
)
def test_a_look_up_that_is_refused_has_no_task(document):
    seen = MediaTask().read_body(document)

    assert seen.task is None
    assert seen.error.message == "no such task"


def test_an_endpoint_may_keep_things_elsewhere():
    fields = TaskFields(
        status=("job.phase",), error=("job.why",), submitted=("job.times.0",), result=("job.files.0.href",)
    )
    dialect = MediaTask(path="/jobs/{task_id}/state", fields=fields)
    document = {
        "job": {"phase": "FAILED", "why": "no credit", "times": [1700000000], "files": [{"href": "x"}]}
    }

    task = look_up(document, dialect)
    request = dialect.request_for("status", model="", prompt="", max_tokens=0, task_id="a/b")

    assert (task.status, task.error, task.submitted_at, task.result_url_seen) == (
        "failed",
        "no credit",
        SUBMITTED,
        True,
    )
    assert request.path == "/jobs/a%2Fb/state"


@pytest.mark.parametrize(("step", "task_id"), [("control", "t"), ("stream", "t"), ("status", "")])
def test_a_media_task_is_never_submitted(step, task_id):
    with pytest.raises(StepNotOffered):
        MediaTask().request_for(step, model="m", prompt="p", max_tokens=1, task_id=task_id)


def test_a_look_up_asks_and_sends_nothing():
    request = MediaTask().request_for("status", model="m", prompt="p", max_tokens=1, task_id="t1")

    assert (request.method, request.path, request.body) == ("GET", "/videos/t1", b"")


def test_the_facts_keep_a_contradiction():
    facts = read_json(
        {"data": {"task_id": "t", "status": "FAILURE", "data": {"status": "processing"}}},
        step="status",
        dialect="media_task",
    )

    assert (facts.task_status, facts.task_inner_status, facts.task_contradicts) == ("failed", "running", True)
    assert facts.error_message == ""
