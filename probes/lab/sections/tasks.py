"""Media tasks, which are looked up and never submitted."""

from probes.lab.behaviour import FINE, TASK, Behaviour
from probes.lab.promises import Containing, by, looked_up

BEHAVIOURS = (
    Behaviour(
        "task_ok",
        "The task is done and its result can be fetched.",
        "任务已完成，结果可下载。",
        FINE,
        protocols=TASK,
        shows=looked_up("succeeded", task_result_url_seen=by(False, tasks=True, plain=True)),
    ),
    Behaviour(
        "task_queued",
        "The task waits in the queue.",
        "任务排队中。",
        ("task.running",),
        protocols=TASK,
        shows=looked_up("queued"),
    ),
    Behaviour(
        "task_slow",
        "The task is making progress.",
        "任务仍在推进。",
        ("task.running",),
        protocols=TASK,
        shows=looked_up("running"),
    ),
    Behaviour(
        "task_stuck",
        "The task has not moved for a day.",
        "任务一天没有进展。",
        ("task.lost_track", "task.running"),
        protocols=TASK,
        shows=looked_up("running", task_submitted_at=Containing("T")),
    ),
    Behaviour(
        "task_fail",
        "The task failed.",
        "任务失败。",
        ("task.failed_refunded", "task.failed_not_refunded"),
        protocols=TASK,
        shows=looked_up("failed", task_error=Containing("rejected by moderation")),
    ),
    Behaviour(
        "task_fail_charged",
        "The task failed, and its charge stands.",
        "任务失败，扣费未退。",
        ("task.failed_not_refunded", "charge.undelivered"),
        protocols=TASK,
        shows=looked_up("failed", task_error=Containing("rejected by moderation")),
    ),
    Behaviour(
        "task_lost",
        "Failed on the outside, still in progress inside.",
        "外层标为失败，内层仍在进行。",
        ("task.lost_track",),
        protocols=TASK,
        shows=looked_up("failed", task_inner_status="running", task_error="task polling timed out"),
    ),
    Behaviour(
        "task_synonym",
        "Done, in a word that many clients do not know.",
        "已完成，但状态用词少见。",
        (*FINE, "task.lost_track"),
        protocols=TASK,
        shows=looked_up("succeeded", task_status_raw=by("succeed", tasks="succeeded")),
    ),
    Behaviour(
        "task_expired",
        "Done, but the result can no longer be fetched.",
        "已完成，但结果已过期。",
        ("task.result_expired",),
        protocols=TASK,
        shows=looked_up("succeeded", task_expires_at=Containing("T")),
    ),
    Behaviour(
        "task_unknown",
        "404: no such task.",
        "404，没有此任务。",
        ("task.unknown",),
        protocols=TASK,
        shows={
            "status": {"status": 404, "body_kind": "json_error", "error_message": Containing("not found")}
        },
    ),
)
