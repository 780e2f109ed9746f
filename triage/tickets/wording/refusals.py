"""What was not planned, not sent or not stored, and why."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

PLAN_PROBLEMS: Mapping[str, Any] = {
    "no_endpoint": _("The ticket names no endpoint, so there is nothing to probe."),
    "no_steps": _("Pick at least one step."),
    "too_many_steps": _("That is more than 20 requests at once. Pick fewer."),
    "media_model": _("This model makes images or videos; the desk never submits such tasks."),
    "repeats_out_of_bounds": _("A request is repeated 2 to 10 times."),
    "no_model_named": _("Name the other model."),
    "no_such_route": _("This route is not registered any more."),
    "no_balance_path": _("No balance path is set for this endpoint."),
    "no_websocket_path": _("No WebSocket path is set for this endpoint."),
    "media_without_task_id": _("The ticket names no task ID."),
    "only_look_ups": _(
        "This run only looked something up. That can be looked up again; there is no request to change."
    ),
    "protocol_gone": _("The endpoint does not offer the protocol of this run any more."),
    "plan_unreadable": _(
        "The plan of this run was stored by another version of the desk and cannot be read."
    ),
}
"""Why there is no plan."""

FURTHER_REFUSALS: Mapping[str, Any] = {
    "still_running": _(
        "Not started: other steps of this ticket are still running. Wait for their verdict first."
    ),
    "newer_verdict": _(
        "Not started: there is a newer verdict by now. Read it first; the plan below builds on it."
    ),
    "costs_more": _("Not started: the plan costs more now than it did when it was shown. Look at it again."),
    "not_shown": _("Not started: look at the plan below first, then run it."),
}
"""Why a plan was not started."""

REPLAY_REFUSALS: Mapping[str, Any] = {
    "still_running": _("Not started: the run itself is not over yet. Wait for its end first."),
    "costs_more": _("Not started: the plan costs more now than it did when it was shown. Look at it again."),
    "not_shown": _("Not started: look at the plan below first, then run it."),
}
"""Why a replay was not started, beside what would refuse any run."""

CORRECTION_REFUSALS: Mapping[str, Any] = {
    "corrected_meanwhile": _(
        "Not stored yet: somebody else said something about this verdict meanwhile. Read it below; what you "
        "typed is still there, and sending it again puts it above the other's."
    ),
    "newer_verdict": _(
        "Not stored yet: further steps brought a newer verdict meanwhile. Read it first; what you typed is "
        "still there, and sending it again corrects the newer one."
    ),
    "no_verdict": _("Not stored: steps of this ticket are running. Wait for their verdict first."),
}
"""Why a correction was not stored."""

BUDGETS: Mapping[str, Any] = {
    "over_endpoint_budget": _("this endpoint"),
    "over_user_budget": _("you"),
    "over_daily_budget": _("the whole desk"),
    "over_run_budget": _("any single probe"),
    "over_baseline_budget": _("all baselines"),
}
"""Who pays, by the code of the refusal when it is not enough."""

SKIPS: Mapping[str, Any] = {
    "kill_switch": _("not sent: all probes of this desk were stopped"),
    "endpoint_paused": _("not sent: the endpoint had been paused by an admin"),
    "breaker_open": _("not sent: this model had failed five times within five minutes"),
    "breaker_open_reach": _("not sent: the endpoint could not be reached five times within five minutes"),
    "paced": _("not sent: the endpoint had been asked as often as it may be"),
    "pacing_unavailable": _("not sent: Redis was away, so nobody knew what other workers send"),
    "control_failed": _("not sent: the control request already explains it"),
    "same_answer_certain": _("not sent: an earlier request was refused for a reason that holds here too"),
    "unreachable": _("not sent: the endpoint cannot be reached at all"),
    "rate_limited": _("not sent: the endpoint had just asked to slow down"),
    "route_gone": _("not sent: the route is no longer registered"),
    "place_changed": _("not sent: the endpoint or route was changed while the probe was under way"),
    "not_reached": _("not sent: the worker was lost before its turn"),
    "worker_lost": _(
        "unknown: the worker was lost after sending began, so it may have been billed; it is not sent again"
    ),
    "desk_stopped": _(
        "unknown: the desk was stopped after sending began and hung up, so it may have been billed; "
        "it is not sent again"
    ),
}
NOT_PROBED: Mapping[str, Any] = {
    "no_endpoint": _("No endpoint was chosen, so nothing was sent. The verdict rests on the ticket's words."),
    "media_without_task_id": _(
        "An image or video task can only be looked up by its task ID, and there is none. Nothing was sent."
    ),
    "media_model": _(
        "The model makes images or videos. The desk looks such tasks up and never submits one. "
        "Nothing was sent."
    ),
    "no_such_route": _("The endpoint has no such second route, so nothing was sent."),
    "no_balance_path": _("No balance path is set for this endpoint, so nothing was sent."),
    "no_websocket_path": _("No WebSocket path is set for this endpoint, so nothing was sent."),
    "no_model_named": _("No other model was named, so nothing was sent."),
    "repeats_out_of_bounds": _("A request is repeated 2 to 10 times. Nothing was sent."),
    "too_many_steps": _("These are more than 20 requests at once, so nothing was sent."),
    "no_steps": _("No step was chosen, so nothing was sent."),
    "endpoint_paused": _("The endpoint is paused by an admin, so nothing was sent."),
    "kill_switch": _("All probes of this desk are stopped, so nothing was sent."),
    "probe_key_unreadable": _(
        "The probe key cannot be opened; an admin has to enter it again. Nothing was sent."
    ),
    "over_endpoint_budget": _("The endpoint's budget for today is used up, so nothing was sent."),
    "over_daily_budget": _("The desk's budget for today is used up, so nothing was sent."),
    "over_user_budget": _("Your budget for probes of today is used up, so nothing was sent."),
    "over_baseline_budget": _("The budget of all baselines for today is used up, so nothing was sent."),
    "over_run_budget": _(
        "This probe could cost more than one probe may, so nothing was sent. An admin can plan fewer steps, "
        "correct the endpoint's prices or raise PROBE_BUDGET_PER_RUN."
    ),
    "breaker_open": _(
        "The breaker of this model is open after five failures within five minutes, so nothing was sent. "
        "When its pause is over it lets a single probe through, which closes or opens it."
    ),
    "breaker_open_reach": _(
        "The endpoint could not be reached five times within five minutes, so its breaker is open and "
        "nothing was sent. When its pause is over it lets a single probe through, which closes or opens it."
    ),
    "paced": _(
        "The endpoint had been asked as often a minute as it may be, and this probe's turn did not come in "
        "time, so nothing was sent."
    ),
    "pacing_unavailable": _(
        "Redis is away. Without it nobody knows what other workers send, so nothing was sent."
    ),
    "incident": _(
        "An open incident explains the ticket, so nothing was sent. An engineer can still probe it by hand."
    ),
    "no_attempt": _("Nothing was sent. The verdict rests on the ticket's words."),
    "worker_lost": _(
        "The worker was lost. What had begun to be sent may have run and may have been billed; "
        "it is not sent again."
    ),
    "desk_stopped": _(
        "The desk was stopped while it probed. What had begun to be sent may have run and may have been "
        "billed; it is not sent again."
    ),
    "desk_failed": _(
        "The desk itself failed to judge this ticket, several times. What it collected is stored; "
        "an engineer of the desk has to look into the log."
    ),
}
