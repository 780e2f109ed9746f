"""Media tasks: a submission that is counted, and look-ups in the three shapes that gateways use.

A task's id begins with the behaviour it follows: `task_slow_7f3a` is as slow as `task_slow`.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

_KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskScript:
    """One task's state. `age` is since submission; `inner` is the upstream's own status where it differs."""

    status: str  # in OpenAI's words
    envelope_status: str  # in the words of Chinese gateways
    progress: int
    age: timedelta
    reason: str = ""
    inner: str = ""

    @property
    def done(self) -> bool:
        return self.progress == 100


_MODERATED = "content policy: the generated video was rejected by moderation"

SCRIPTS: Mapping[str, TaskScript] = {
    "task_ok": TaskScript(
        status="completed", envelope_status="SUCCESS", progress=100, age=timedelta(minutes=6)
    ),
    "task_queued": TaskScript(
        status="queued", envelope_status="QUEUED", progress=0, age=timedelta(seconds=40)
    ),
    "task_slow": TaskScript(
        status="in_progress", envelope_status="IN_PROGRESS", progress=35, age=timedelta(minutes=4)
    ),
    "task_stuck": TaskScript(
        status="in_progress", envelope_status="IN_PROGRESS", progress=10, age=timedelta(hours=26)
    ),
    "task_fail": TaskScript(
        status="failed", envelope_status="FAILURE", progress=40, age=timedelta(hours=1), reason=_MODERATED
    ),
    "task_fail_charged": TaskScript(
        status="failed", envelope_status="FAILURE", progress=40, age=timedelta(hours=30), reason=_MODERATED
    ),
    "task_lost": TaskScript(
        status="failed",
        envelope_status="FAILURE",
        progress=60,
        age=timedelta(minutes=40),
        reason="task polling timed out",
        inner="in_progress",
    ),
    "task_synonym": TaskScript(
        status="succeed", envelope_status="succeeded", progress=100, age=timedelta(minutes=9)
    ),
    "task_expired": TaskScript(
        status="completed", envelope_status="SUCCESS", progress=100, age=timedelta(days=9)
    ),
}


def script_for(task_id: str) -> TaskScript | None:
    """The script that an id follows, the longest name first; None for a task that the lab does not know."""
    names = sorted((name for name in SCRIPTS if task_id.startswith(name)), key=len, reverse=True)
    return SCRIPTS[names[0]] if names else None


def new_task_id(model: str) -> str:
    """An id for a submission: it follows the model's behaviour where that is a task's, else it is done."""
    return f"{model if model in SCRIPTS else 'task_ok'}_{secrets.token_hex(4)}"


Shape = Callable[[str, TaskScript, datetime], dict[str, Any]]


def openai_video(task_id: str, script: TaskScript, now: datetime) -> dict[str, Any]:
    """OpenAI's video object."""
    created = int((now - script.age).timestamp())
    return {
        "id": task_id,
        "object": "video",
        "model": "lab-video",
        "status": script.status,
        "progress": script.progress,
        "created_at": created,
        "completed_at": created + 240 if script.done else None,
        "expires_at": created + 86400 if script.done else None,
        "seconds": "4",
        "size": "720x1280",
        "error": {"code": "video_generation_failed", "message": script.reason} if script.reason else None,
    } | ({"metadata": {"status": script.inner}} if script.inner else {})


def envelope(task_id: str, script: TaskScript, now: datetime) -> dict[str, Any]:
    """The code/data envelope of one-api's descendants, the upstream's own record inside."""
    submitted = int((now - script.age).timestamp())
    data = {
        "task_id": task_id,
        "action": "generate",
        "status": script.envelope_status,
        "fail_reason": script.reason,
        "submit_time": submitted,
        "start_time": submitted + 5,
        "finish_time": submitted + 240 if script.done or script.reason else 0,
        "progress": f"{script.progress}%",
        "data": {"status": script.inner or script.status} | _result(task_id, script, now),
    }
    return {"code": "success", "message": "", "data": data}


def plain(task_id: str, script: TaskScript, now: datetime) -> dict[str, Any]:
    """A flat object, as small gateways write it."""
    return {
        "task_id": task_id,
        "status": script.status,
        "progress": script.progress,
        "created_at": (now - script.age).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "error": script.reason or None,
        **({"output": {"status": script.inner}} if script.inner else {}),
    } | _result(task_id, script, now)


def _result(task_id: str, script: TaskScript, now: datetime) -> dict[str, Any]:
    """Results are kept for a day after submission."""
    if not script.done:
        return {}
    expires = int((now - script.age + _KEPT_FOR).timestamp())
    return {"video_url": f"https://files.lab.example/videos/{task_id}.mp4", "expires_at": expires}


SHAPES: Mapping[str, Shape] = {
    "/v1/videos/": openai_video,
    "/v1/tasks/": envelope,
    "/v1/video/generations/": envelope,
    "/v1/images/generations/": envelope,
    "/plain/tasks/": plain,
}

SUBMISSIONS = frozenset({"/v1/videos", "/v1/video/generations", "/v1/images/generations"})
