"""Log lines of a task carry its id, and that of the request which rang for it."""

from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun

from probes.redaction.log_ids import begin_with, present_ids

_HEADER = "desk_request"  # of a message: the id that the web process gave to the request


@before_task_publish.connect
def pass_on(headers: dict[str, Any], **told: Any) -> None:
    if request := present_ids().get("request"):
        headers[_HEADER] = request


@task_prerun.connect
def take_up(task_id: str, task: Any, **told: Any) -> None:
    request = (task.request.headers or {}).get(_HEADER)
    begin_with({"task": task_id} | ({"request": request} if request else {}))


@task_postrun.connect
def lay_down(**told: Any) -> None:
    begin_with({})
