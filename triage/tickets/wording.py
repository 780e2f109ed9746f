"""Codes of facts, steps, stages and people in the reader's language; verdicts have their own playbooks."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from probes.wire.comparison import Difference, Shortfall
from probes.wire.dialects.base import STREAMED
from probes.wire.facts import BodyKind, EndMode, Failure
from triage.charges.finding import ChargeCode, Remark
from triage.charges.money import sums_text
from triage.incidents.wording import AROUND
from triage.people.clock import clock_text
from triage.tickets.habits import fault_text
from triage.tickets.relevance import SYMPTOM_WORDS
from triage.tickets.sums import SUMS, sum_text
from triage.verdicts.agreement import Agreement
from triage.verdicts.case import Confidence, Owner, Resend
from triage.verdicts.resend import LookFirst

STEPS: Mapping[str, Any] = {
    "control": _("Control request"),
    "stream": _("Stream request"),
    "status": _("Task look-up"),
    "repeat": _("Repeated request"),
    "gzip": _("Stream with compression"),
    "long": _("Long stream"),
    "http2": _("Stream over HTTP/2"),
    "route": _("Stream on the second route"),
    "tool": _("Tool call"),
    "model": _("Other model"),
    "models": _("Model list"),
    "balance": _("Balance look-up"),
    "websocket": _("WebSocket"),
    "declared": _("The ticket says"),
    "desk": _("The desk itself"),
    "ledger": _("Ledger"),
    "arithmetic": _("Worked out"),
    "health": _("The endpoint of late"),
    "similar": _("Other tickets"),
    "incident": _("Incident"),
}
STEP_NOTES: Mapping[str, Any] = {
    "control": "stream=false",
    "stream": "stream=true",
    "status": _("by task ID"),
    "repeat": "stream=true",
    "gzip": "accept-encoding: gzip",
    "long": _("at least 16 KB"),
    "http2": "HTTP/2",
    "route": "stream=true",
    "tool": "tools",
    "model": "stream=true",
    "models": _("costs nothing"),
    "balance": _("costs nothing"),
    "websocket": _("handshake only"),
}
REASONS: Mapping[str, Any] = {
    "comes_and_goes": _("A fault that comes and goes shows only when one request is asked several times."),
    "breaks_again": _("Does it break again, and at the same place? That tells a timer from chance."),
    "compression_holds_back": _("Compression makes some proxies hold a stream back until a block is full."),
    "too_short_to_tell": _("Below 4 KB nobody can tell buffering from a short answer; 16 KB settle it."),
    "room_to_answer": _("A larger output budget shows whether only the limit cut the text short."),
    "how_long_it_lasts": _("A long answer shows after how many seconds the connection is cut."),
    "other_http_version": _("Some hops treat HTTP/2 differently from HTTP/1.1."),
    "which_hop": _("The same request on the other side of the edge names the hop that spoils the answer."),
    "tool_fragments": _("Tool calls arrive in fragments, on which many clients stumble."),
    "this_model_only": _("If another model answers well, the fault belongs to this model or its channel."),
    "which_models": _("The list says which model names this key may use. It costs nothing."),
    "what_is_left": _("The account itself says what is left. It costs nothing."),
    "task_now": _("A task moves on: what is its state now? Looking it up costs nothing."),
    "nothing_seen_yet": _("Nothing has been sent for this ticket yet."),
    "asked": _("Asked for by an engineer."),
}
"""Why a step is in a plan."""

PICKS: Mapping[str, Any] = {
    "control": _("The short request in one piece: the measure for everything else."),
    "stream": _("The same request with streaming, byte by byte."),
    "repeat": _("The same stream several times: for faults that come and go."),
    "gzip": _("The same stream with compression allowed: for bursts where a stream should flow."),
    "long": _("A longer answer: to judge buffering, time limits and output limits."),
    "http2": _("The same stream over HTTP/2: for resets and cuts that only some clients see."),
    "route": _("The same stream past the edge or through it: names the hop at fault."),
    "tool": _("One tool call in fragments: for clients that stumble over tool calls."),
    "model": _("The same stream with another model: is it this model, or all of them?"),
    "models": _("The list of models that the key may use."),
    "balance": _("What the account has left."),
    "status": _("The state of the task by its ID; nothing is submitted."),
    "websocket": _("Only the handshake: does the way let WebSockets through?"),
}
"""When an engineer would pick a step."""

HINDRANCES: Mapping[str, Any] = {
    "route": _("No second route is registered for this endpoint."),
    "balance": _("No balance path is set for this endpoint."),
    "websocket": _("No WebSocket path is set for this endpoint."),
    "status": _("The ticket names no task ID."),
    "media": _("This model makes images or videos; the desk never submits such tasks."),
}
"""Why a step is not offered."""

COMPARED: Mapping[str, Any] = {
    Difference.ERROR_HIDDEN: _("%(one)s shows an error that %(other)s hides behind a status 200."),
    Difference.ERROR_IN_STREAM: _("%(other)s shows an error; %(one)s was answered."),
    Difference.STREAM_EMPTY: _("%(one)s has %(one_chars)s characters of text, %(other)s has none."),
    Difference.STREAM_SHORTER: _(
        "The text of %(other)s is shorter: %(other_chars)s characters against %(one_chars)s."
    ),
    Difference.STREAM_LONGER: _(
        "The text of %(other)s is longer: %(other_chars)s characters against %(one_chars)s."
    ),
    Difference.FINISH_REASON: _("The finish reasons differ: %(was)s and %(now)s."),
    Difference.TOKENS: _("The tokens reported differ: %(was)s and %(now)s."),
    Difference.MODEL: _("Different models answered: %(was)s and %(now)s."),
    Difference.NO_SOONER: _(
        "Streaming gains nothing: the first text of %(other)s came after %(first)s, the whole of %(one)s "
        "after %(whole)s."
    ),
    Difference.HOPS: _("On the way, %(header)s differs: %(was)s and %(now)s."),
    Difference.ADDRESS: _("Different addresses answered: %(was)s and %(now)s."),
}
"""What two answers to one question say of each other."""

SHORTFALLS: Mapping[str, Any] = {
    Shortfall.CUT: _("Its connection broke."),
    Shortfall.UNFINISHED: _("It ended in good order, but nothing said that the answer was complete."),
    Shortfall.SILENT: _("It fell silent until the desk gave up waiting."),
    Shortfall.LIMITED: _("It says that it reached the output limit."),
    Shortfall.COMPLETE: _("It claims to be whole, as behind gateways that mend what broke upstream."),
}
"""How the shorter answer ended."""

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
}
"""Who pays, by the code of the refusal when it is not enough."""

PHASES: Mapping[str, Any] = {
    "resolve": _("resolve name"),
    "connect": _("connect"),
    "tls": _("TLS"),
    "waiting": _("sent, waiting"),
    "thinking": _("answer begun, no text yet"),
    "flowing": _("text arriving"),
}
STAGES: Mapping[str, Any] = {
    "": _("getting ready"),
    "resolved": _("name resolved, connecting"),
    "connected": _("connected"),
    "tlsdone": _("TLS agreed"),
    "sending": _("sending the request"),
    "sent": _("sent, waiting for the first byte"),
    "headers": _("headers are here, waiting for the body"),
    "streaming": _("receiving"),
    "closed": _("answer complete"),
    "failed": _("broke off"),
}
OWNERS: Mapping[str, Any] = {
    Owner.CUSTOMER: _("The customer: their client or settings"),
    Owner.CUSTOMER_NETWORK: _("The customer's network: proxy, firewall, certificates"),
    Owner.EDGE: _("Our edge: CDN or nginx"),
    Owner.GATEWAY: _("Our gateway"),
    Owner.UPSTREAM: _("The upstream provider"),
    Owner.BILLING: _("Billing"),
    Owner.SUPPORT: _("Support: it stays here for now"),
}
OWNERS_SHORT: Mapping[str, Any] = {
    Owner.CUSTOMER: _("Customer"),
    Owner.CUSTOMER_NETWORK: _("Customer's network"),
    Owner.EDGE: _("Edge"),
    Owner.GATEWAY: _("Gateway"),
    Owner.UPSTREAM: _("Upstream"),
    Owner.BILLING: _("Billing"),
    Owner.SUPPORT: _("Support"),
}
CONFIDENCES: Mapping[str, Any] = {
    Confidence.CERTAIN: _("Certain"),
    Confidence.LIKELY: _("Likely"),
    Confidence.POSSIBLE: _("Possible"),
}
GROUNDS: Mapping[str, Any] = {
    "incident": _("an open incident explains it"),
    "rows_prove": _("the rows of the ledger prove it"),
    "probe_proves": _("the desk met it itself, and the facts name it"),
    "facts_name": _("the facts name it"),
    "went_well": _("the desk's own requests went well"),
    "contradicted": _("the facts fit it best, but some speak against it"),
    "rows_fit": _("the rows of the ledger fit it best; a doubt is left"),
    "figures_fit": _("the figures fit it best; another reading is not excluded"),
    "probe_and_words": _("what the desk met fits the ticket's words; another reading is not excluded"),
    "probe_fits": _("the desk met it itself; another reading is not excluded"),
    "words_name": _("the ticket's words name it; the desk has not met it itself"),
    "fits_best": _("it fits best; another reading is not excluded"),
    "several": _("what the desk met allows several readings; a fact is missing that would decide"),
    "hinted": _("only the ticket's words hint at it; a fact is missing that would decide"),
    "nothing_seen": _("nothing was seen that could tell; a fact is missing that would decide"),
}
"""Why a verdict is as sure as it says."""

SUPPLIERS: Mapping[str, Any] = {
    "customer": _("the customer has it"),
    "engineer": _("an engineer of ours can look it up"),
    "billing": _("billing can look it up"),
    "desk": _("the desk can find out by itself"),
}
"""Who can supply a fact that would decide."""

RESENDS: Mapping[str, Any] = {
    Resend.SAFE: _("Yes: the request provably never ran"),
    Resend.UNSAFE: _("No: sending it again can cost money or make it worse"),
    Resend.UNKNOWN: _("Not before it is checked: it may have run"),
}
RESENDS_SHORT: Mapping[str, Any] = {
    Resend.SAFE: _("yes"),
    Resend.UNSAFE: _("no"),
    Resend.UNKNOWN: _("not before it is checked"),
}
LOOK_FIRST: Mapping[str, Any] = {
    LookFirst.LEDGER_ROWS: _("The ledger has rows for it: they stand below."),
    LookFirst.TASK_STATUS: _("Look the task up first, by its ID; submitting it again makes a second one."),
    LookFirst.TASK_LIST: _(
        "Look first into the account's task list, ten minutes around the time of the request."
    ),
    LookFirst.USAGE_RECORDS: _(
        "Look first into the usage records, by request ID or by the time of the request."
    ),
}
"""Where the answer stands that a resend would only guess at."""

FAILURES: Mapping[str, Any] = {
    Failure.DNS: _("the name could not be resolved"),
    Failure.ADDRESS_REFUSED: _("the desk refused the address"),
    Failure.CONNECT_REFUSED: _("the connection was refused"),
    Failure.CONNECT_TIMEOUT: _("no connection in time"),
    Failure.TLS_EXPIRED: _("the certificate has expired"),
    Failure.TLS_WRONG_NAME: _("the certificate is for another name"),
    Failure.TLS_UNTRUSTED: _("the certificate is not trusted"),
    Failure.TLS_PROTOCOL: _("no common TLS version"),
    Failure.WRITE_FAILED: _("the request could not be sent"),
    Failure.NO_RESPONSE: _("closed without any answer"),
    Failure.FIRST_BYTE_TIMEOUT: _("no first byte in time"),
    Failure.RESET: _("the connection was reset"),
    Failure.INCOMPLETE_BODY: _("the body ended too early"),
    Failure.IDLE_TIMEOUT: _("nothing more arrived in time"),
    Failure.TOTAL_TIMEOUT: _("over the total deadline"),
    Failure.TOO_LARGE: _("larger than the desk reads"),
    Failure.BAD_PROTOCOL: _("not HTTP as we know it"),
}
ENDS: Mapping[str, Any] = {
    EndMode.DONE: _("ended with its end marker"),
    EndMode.CLEAN_EOF: _("closed without an end marker"),
    EndMode.INCOMPLETE: _("cut in the middle of the body"),
    EndMode.RESET: _("the connection was reset"),
    EndMode.IDLE_TIMEOUT: _("fell silent, gave up waiting"),
    EndMode.TOTAL_TIMEOUT: _("over the total deadline"),
    EndMode.CAPPED: _("stopped by the desk: too large"),
    EndMode.NO_BODY: _("no body"),
    EndMode.CLIENT_ABORT: _("the client hung up"),
}
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
FACTS: Mapping[str, Any] = {
    "route": _("Route"),
    "route_place": _("Where the route lies"),
    "failure": _("Failure"),
    "failure_detail": _("The peer's word for it"),
    "skipped": _("Not sent"),
    "sent": _("Request left the desk"),
    "addresses": _("Addresses that DNS answered"),
    "address": _("Connected to"),
    "tls_version": _("TLS version"),
    "http_version": _("HTTP version"),
    "resolve_ms": _("Name resolved after"),
    "connect_ms": _("Connected after"),
    "tls_ms": _("TLS agreed after"),
    "headers_ms": _("Headers after"),
    "first_byte_ms": _("First byte after"),
    "first_event_ms": _("First event after"),
    "first_content_ms": _("First text after"),
    "last_byte_ms": _("Last byte after"),
    "total_ms": _("Over after"),
    "status": _("HTTP status"),
    "header_names": _("All header names"),
    "headers_missing": _("Headers that are missing"),
    "content_type": _("Content type"),
    "content_encoding": _("Content encoding"),
    "decode_problem": _("Problem of the content encoding"),
    "body_kind": _("Kind of body"),
    "body_bytes": _("Bytes of body"),
    "decoded_bytes": _("Bytes of body, decoded"),
    "body_sha256": _("Hash of the body"),
    "shape_known": _("Shape of the answer known"),
    "error_type": _("Error type"),
    "error_code": _("Error code"),
    "error_message": _("Error message"),
    "error_param": _("Error parameter"),
    "rate_limit_type": _("Kind of limit"),
    "request_ids": _("Request IDs"),
    "id_chain": _("Request IDs, hop by hop"),
    "location": _("Redirect to"),
    "retry_after_s": _("Asked to wait, seconds"),
    "retry_source": _("Wait named by"),
    "retry_at": _("Wait until"),
    "retry_rejected": _("Waits not believed"),
    "clock_skew_s": _("Clock difference, seconds"),
    "reads": _("Network reads"),
    "events": _("Events"),
    "events_per_read": _("Events per read"),
    "bytes_per_read": _("Bytes per read"),
    "comments": _("Heartbeats"),
    "first_comment_ms": _("First heartbeat"),
    "last_comment_ms": _("Last heartbeat"),
    "pings": _("Heartbeat events"),
    "empty_events": _("Empty events"),
    "max_gap_ms": _("Longest gap"),
    "max_gap_at_ms": _("Longest gap began after"),
    "max_gap_after": _("Reads before the longest gap"),
    "max_read_gap_ms": _("Longest time without any byte"),
    "gap_histogram": _("Gaps under 10 ms, 100 ms, 1 s, 10 s, longer"),
    "burst_count": _("Number of bursts"),
    "bursts": _("Bursts"),
    "malformed_events": _("Malformed events"),
    "malformed_at": _("Events before the first malformed one"),
    "malformed_sample": _("Head of the malformed event"),
    "invalid_utf8": _("Lines that are not UTF-8"),
    "unframed_lines": _("Lines outside any event"),
    "unfinished": _("What the end cut off"),
    "answers": _("Answers begun"),
    "doubled": _("Sent double"),
    "halves_equal": _("Text is one half said twice"),
    "repeated_deltas": _("Pieces equal to the one before"),
    "empty_choices_events": _("Events without choices"),
    "in_stream_error": _("Error inside the stream"),
    "done_seen": _("End marker seen"),
    "events_after_done": _("Events after the end marker"),
    "bytes_after_done": _("Bytes after the end marker"),
    "after_done_ms": _("From the end marker to the close"),
    "lingered": _("Kept open after the end marker"),
    "last_seen": _("Last thing seen"),
    "end_mode": _("How it ended"),
    "content_chars": _("Characters of text"),
    "reasoning_chars": _("Characters of reasoning"),
    "tool_calls": _("Tool calls"),
    "first_reasoning_ms": _("First reasoning after"),
    "finish_reason": _("Finish reason"),
    "usage_seen": _("Usage reported"),
    "prompt_tokens": _("Prompt tokens"),
    "completion_tokens": _("Completion tokens"),
    "reasoning_tokens": _("Tokens of reasoning"),
    "model_reported": _("Model in the answer"),
    "models_listed": _("Models on the list"),
    "model_listed": _("Model is on the list"),
    "models_nearest": _("Similar names on the list"),
    "balance": _("Balance"),
    "balance_currency": _("Currency of the balance"),
    "credit_limit": _("Credit altogether"),
    "credit_used": _("Credit used"),
    "websocket_accepted": _("WebSocket accepted"),
    "task_status": _("Task status"),
    "task_status_raw": _("Task status as sent"),
    "task_inner_status": _("Task status inside"),
    "task_inner_status_raw": _("Task status inside, as sent"),
    "task_error": _("Task error"),
    "task_submitted_at": _("Task submitted at"),
    "task_expires_at": _("Result kept until"),
    "task_result_url_seen": _("Result address seen"),
}
BODY_KINDS: Mapping[str, Any] = {
    BodyKind.EVENTS: _("a stream of events"),
    BodyKind.JSON_OK: _("a JSON answer"),
    BodyKind.JSON_ERROR: _("a JSON error"),
    BodyKind.NDJSON: _("JSON lines"),
    BodyKind.HTML: _("an HTML page"),
    BodyKind.EMPTY: _("empty"),
    BodyKind.OTHER: _("something else"),
}
TASK_STATUSES: Mapping[str, Any] = {
    "queued": _("queued"),
    "running": _("running"),
    "succeeded": _("succeeded"),
    "failed": _("failed"),
    "unknown": _("unknown"),
}
ROUTE_PLACES: Mapping[str, Any] = {
    "behind_edge": _("behind the edge"),
    "through_edge": _("through the edge"),
}
DOUBLINGS: Mapping[str, Any] = {
    "deltas": _("every piece came twice"),
    "answer": _("the answer began twice"),
    "cumulative": _("every piece begins with all that came before"),
}
DECLARED: Mapping[str, Any] = {
    "symptom": _("Symptom"),
    "error_text": _("Error text"),
    "notes": _("Notes"),
    "status_code": _("HTTP status"),
    "occurred_at": _("Time of the request"),
    "workload": _("Kind of work"),
    "model": _("Model"),
    "protocol": _("Protocol"),
    "base_url": _("Base URL in the client"),
    "stream": _("Streaming"),
    "control_text": _("And with stream=false?"),
    "elapsed_s": _("Seconds until it ended"),
    "first_output_s": _("Seconds to the first output"),
    "client_timeout_s": _("Timeout in the client, seconds"),
    "concurrency": _("Requests at the same time"),
    "retried": _("Retried"),
    "retry_count": _("How many retries"),
    "task_id": _("Task ID"),
    "request_ids": _("Request IDs"),
    "charged": _("Charged"),
    "charged_text": _("What was charged"),
    "account_ref": _("Account reference"),
    "key_hint": _("Masked key"),
    "client": _("Client or SDK"),
    "client_version": _("Client version"),
    "via_proxy": _("Through a proxy"),
    "via_proxy_text": _("Which proxy"),
}
SIGNS: Mapping[str, Any] = {
    "words": _("The ticket mentions"),
    "not_probed": _("Probe"),
    "finding": _("Finding"),
    "charge_ids": _("Charge ID"),
    "excess": _("Too much"),
    "covered_until": _("The ledger reaches to"),
    "agreement": _("The ticket against the rows"),
    "attempts": _("Attempts"),
    "passed": _("Attempts that went well"),
    "burst_bytes": _("Bytes of each burst"),
    "failed_as": _("How they failed"),
    "headers_added": _("Headers that only this way has"),
    "limit_s": _("Time limit that the end fits, seconds"),
}
"""What evidence names beside facts and fields."""
ANSWERED: Mapping[str, Any] = {
    "words": _("The answer mentions"),
    "server": _("Server named in the headers"),
    "cf-ray": _("Cloudflare's number of the request (cf-ray)"),
    "cf-mitigated": _("What Cloudflare did (cf-mitigated)"),
    "retry-after": _("Asked to wait (retry-after)"),
    "llm_provider-content-type": _("What the provider called its answer (llm_provider-content-type)"),
}
"""What evidence quotes from an answer beside its facts."""

CHARGES: Mapping[str, Any] = {
    ChargeCode.NO_ROWS: _("Cannot tell: the ledger has no rows for it"),
    ChargeCode.SINGLE: _("Charged once"),
    ChargeCode.DUPLICATE: _("Charged twice for one task"),
    ChargeCode.HOLD_AND_SETTLE: _("A hold and its settlement: one charge"),
    ChargeCode.REFUNDED: _("Charged and refunded"),
    ChargeCode.OVER_REFUNDED: _("More came back than was charged"),
    ChargeCode.DOUBLE_SUBMIT: _("Submitted more than once: each task has its own charge"),
    ChargeCode.HIDDEN_RETRY: _("A hidden retry: the client sent it again, and both were charged"),
    ChargeCode.CONFLICT: _("Cannot tell: the rows contradict each other"),
    ChargeCode.REEXPORT: _("One charge, exported several times"),
    ChargeCode.UNDELIVERED: _("Charged, and the answer did not arrive whole"),
    ChargeCode.FAILED_UNREFUNDED: _("The task failed, and its charge still stands"),
    ChargeCode.DOUBLE_LOGGED: _("One call, logged as two rows"),
    ChargeCode.PROBE_COST: _("Paid by the desk's own probe, not by the customer"),
    ChargeCode.CANNOT_TELL: _("Cannot tell: there are rows, but they do not decide it"),
}
CHARGE_MOODS: Mapping[str, str] = {
    ChargeCode.SINGLE: "good",
    ChargeCode.HOLD_AND_SETTLE: "good",
    ChargeCode.REFUNDED: "good",
    ChargeCode.REEXPORT: "good",
    ChargeCode.DUPLICATE: "bad",
    ChargeCode.HIDDEN_RETRY: "bad",
    ChargeCode.DOUBLE_SUBMIT: "bad",
    ChargeCode.OVER_REFUNDED: "bad",
    ChargeCode.UNDELIVERED: "bad",
    ChargeCode.FAILED_UNREFUNDED: "bad",
    ChargeCode.DOUBLE_LOGGED: "warn",
    ChargeCode.CONFLICT: "warn",
    ChargeCode.NO_ROWS: "warn",
    ChargeCode.CANNOT_TELL: "warn",
}
CHARGE_EXPLAINED: Mapping[str, Any] = {
    ChargeCode.NO_ROWS: _(
        "No rows is not the same as no charge: the ledger may not reach to this request yet."
    ),
    ChargeCode.SINGLE: _("There is one charge for this task and nothing that repeats it."),
    ChargeCode.DUPLICATE: _(
        "The same task has more than one standing charge. Hand it to billing; support refunds nothing itself."
    ),
    ChargeCode.HOLD_AND_SETTLE: _(
        "An amount was set aside first and settled later. That is how one charge looks."
    ),
    ChargeCode.REFUNDED: _("What was charged for this task came back."),
    ChargeCode.OVER_REFUNDED: _("The refunds exceed the charges. Billing has to look at it."),
    ChargeCode.DOUBLE_SUBMIT: _("The retry made a new task. Both ran, and both were charged."),
    ChargeCode.HIDDEN_RETRY: _(
        "An SDK or a proxy repeated the request by itself. Both answers were produced."
    ),
    ChargeCode.CONFLICT: _(
        "Two exports say different things about the same charge. Billing has to say which holds."
    ),
    ChargeCode.REEXPORT: _("The same charge stands in several exports. It was taken once."),
    ChargeCode.UNDELIVERED: _(
        "It was charged, and nothing or not all of it reached the customer. Billing applies its written rule."
    ),
    ChargeCode.FAILED_UNREFUNDED: _(
        "A failed task should cost nothing, but nothing has come back. Hand it to billing; support refunds "
        "nothing itself."
    ),
    ChargeCode.DOUBLE_LOGGED: _(
        "Both rows come from one call. Billing has to see whether the balance fell once or twice."
    ),
    ChargeCode.PROBE_COST: _("Only the desk paid here. It counts in no customer's sum."),
    ChargeCode.CANNOT_TELL: _(
        "There are rows, but something is missing without which nobody can judge them."
    ),
}
REMARKS: Mapping[str, Any] = {
    Remark.ACCOUNT_UNKNOWN: _("The ID exists under several accounts; name the account to decide."),
    Remark.OTHER_ACCOUNT: _("The ID exists, but under another account than the ticket names."),
    Remark.BEYOND_COVERAGE: _("The request is later than the ledger reaches."),
    Remark.TASK_UNKNOWN: _("There is neither a task ID nor a request ID to look for."),
    Remark.BY_REQUEST_ID: _("Found through the request ID."),
    Remark.BY_AMOUNT: _("Judged by equal amounts seconds apart: likely, not certain."),
    Remark.AMOUNTS_DIFFER: _("The amounts differ."),
    Remark.SEVERAL_CURRENCIES: _("Several currencies are involved."),
    Remark.EXCESS_RETURNED: _("The second charge has already come back."),
    Remark.REVERSED_AND_CHARGED_AGAIN: _("The first charge was reversed before the second."),
    Remark.RETURN_WITHOUT_CHARGE: _("Money came back for a charge outside the ledger."),
    Remark.HOLD_OPEN: _("A hold is still open."),
    Remark.EXPORTED_REPEATEDLY: _("Some rows were exported more than once; each counts once."),
    Remark.DETAILS_CONFLICT: _("Exports disagree about details, but not about money, account or task."),
    Remark.NO_LEDGER: _("The ledger is empty: nothing has been imported yet."),
    Remark.BEFORE_COVERAGE: _("The request is earlier than the ledger begins."),
    Remark.LEDGER_GAP: _("The request lies in a gap between two imports."),
    Remark.ID_AMBIGUOUS: _(
        "Other IDs differ from it only in capital letters; copy the ID as text to decide."
    ),
    Remark.ID_ROUNDED: _("A spreadsheet has rounded the ID; in this form it names many tasks."),
    Remark.EXCESS_PARTLY_RETURNED: _("A part of it has already come back; the amount is what is left."),
    Remark.EXCESS_RETURNED_TWICE: _("More came back than was charged too much."),
    Remark.REFUND_MAY_FOLLOW: _("A refund may still follow: the ledger ends before it was due."),
    Remark.OUTCOME_FROM_LEDGER: _("What became of the task is told by the ledger."),
    Remark.OUTCOME_FROM_LOOKUP: _("What became of the task is told by the desk's own look-up."),
    Remark.OWN_PROBES_APART: _("Rows of the desk's own probes are shown apart and counted in nothing."),
    Remark.RETRIES_EXPLAIN_ROWS: _("The retries explain the rows."),
    Remark.MORE_ROWS_THAN_REQUESTS: _("There are more rows than requests can have been sent."),
    Remark.FEWER_ROWS_THAN_REQUESTS: _("There are fewer rows than requests were sent."),
}
AGREEMENTS: Mapping[str, Any] = {
    Agreement.CONFIRMED: _("The ticket says that it was charged, and the rows say so too."),
    Agreement.CAME_BACK: _("The ticket says that it was charged; the rows say that all of it came back."),
    Agreement.NOT_FOUND: _(
        "The ticket says that it was charged, but the records of that time have no row for it."
    ),
    Agreement.NOT_COVERED: _(
        "The ticket says that it was charged; the records do not reach there, so nobody can check it yet."
    ),
    Agreement.DENIED_BY_ROWS: _("The ticket says that nothing was charged, but the rows say otherwise."),
    Agreement.FREE_SO_FAR: _(
        "The ticket says that nothing was charged, and as far as the records reach no row says otherwise."
    ),
    Agreement.ROWS_TELL: _("The ticket does not say whether it was charged; the rows do."),
}
"""What the ticket says of a charge, against the rows."""

FINDING_KINDS: Mapping[str, Any] = {
    "email": _("e-mail address"),
    "mobile": _("mobile number"),
    "id_card": _("ID card number"),
    "id_card_old": _("ID card number"),
    "bank_card": _("bank card number"),
    "jwt": _("token (JWT)"),
    "bearer_token": _("bearer token"),
    "basic_credentials": _("basic credentials"),
    "private_key": _("private key"),
    "url_password": _("credentials in an address"),
    "login_pair": _("name and password"),
    "named_value": _("value of a secret field"),
    "withheld": _("withheld: it could not be checked"),
}
WITHHELD_FOR: Mapping[str, Any] = {
    "rules": _("a redaction rule failed while it was read"),
    "too_long": _("it is longer than the desk can check"),
}
"""Why nothing of a field was kept."""
_SECRETS: Mapping[str, Any] = {
    "key": _("key"),
    "token": _("token"),
    "secret": _("secret"),
    "password": _("password"),
    "webhook": _("webhook address"),
}


def in_words(table: Mapping[str, Any], code: str) -> str:
    """The words for a code; a code that has none stands for itself."""
    return str(table.get(code, code))


def finding_kind(kind: str) -> str:
    """What was masked; a vendor's kind is told by its last word: "key (openai project key)"."""
    if kind in FINDING_KINDS:
        return str(FINDING_KINDS[kind])
    sort = _SECRETS.get(kind.rpartition("_")[2], _("credential"))
    return f"{sort} ({kind.replace('_', ' ')})"


def seconds_text(ms: float | None) -> str:
    """A duration at the precision that a reader can use: "12 ms", "0.42 s", "61 s"."""
    if ms is None:
        return ""
    if ms < 100:
        return f"{ms:.0f}\N{NO-BREAK SPACE}ms"
    return f"{ms / 1000:.{2 if ms < 10_000 else 1}f}\N{NO-BREAK SPACE}s"


def fact_text(name: str, value: Any, *, step: str = "stream") -> str:
    """A fact's value for reading: durations with units, yes and no, codes in words."""
    if name == "end_mode" and step not in STREAMED and value in (EndMode.DONE, EndMode.CLEAN_EOF):
        return gettext("answer complete")  # only streams have an end marker
    if name == "failure" and value is None:
        return gettext("none")
    if value in (None, "", (), []):
        return gettext("none") if step == "ledger" else gettext("not seen")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name.endswith("_ms") and isinstance(value, int | float):
        return seconds_text(value)
    if name == "known_fault":
        return fault_text(value)
    if name in SUMS:
        return sum_text(name, value)
    if name in _CODED:
        return in_words(_CODED[name], str(value))
    if name in _TIMES and (at := _time(value)):
        return clock_text(at)
    if name == "excess":
        return sums_text({unit: Decimal(amount) for unit, amount in value.items()})
    if name == "failed_as":
        return ", ".join(f"{kind} \N{MULTIPLICATION SIGN}{count}" for kind, count in value.items())
    if name == "words":
        return _quoted(str(value))
    if name == "bursts":
        return ", ".join(f"{seconds_text(at)}: {size} B" for at, size in value)
    if name == "id_chain":
        return ", ".join(_hop_text(*hop) for hop in value)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _hop_text(place: str, request_id: str, made_at: str) -> str:
    """One hop's ID: where it stood and, where the ID tells it, when it was made."""
    told = f"{place}: {request_id}"
    if not made_at:
        return told
    at = _time(made_at)
    time = clock_text(at) if at else gettext("%(time)s, in a zone that is not known") % {"time": made_at}
    return gettext("%(id)s, made at %(time)s") % {"id": told, "time": time}


def fact_label(name: str, *, step: str) -> str:
    """What a piece of evidence is called, wherever it was seen."""
    return in_words(facts_of(step), name)


def facts_of(step: str) -> Mapping[str, Any]:
    """Every fact that evidence of this step can name, with its words."""
    own = AROUND if step in _AROUND_THE_TICKET else DECLARED if step == "declared" else ANSWERED
    return {**FACTS, **SIGNS, **SUMS, **own}


def moment_text(told: str) -> str:
    """A time as a fact keeps it, in the desk's zone; as it was told when it names none."""
    at = _time(told)
    return clock_text(at) if at else told


def _quoted(words: str) -> str:
    """Somebody's words, or the words of the symptom that stands for them."""
    return in_words(SYMPTOM_WORDS, words) if words in SYMPTOM_WORDS else f"“{words}”"


def _time(value: Any) -> datetime | None:
    """A fact's time, which rows keep as ISO 8601; None for what a vendor wrote in another way."""
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at if at.tzinfo else None


_AROUND_THE_TICKET = ("health", "similar", "incident")
_TIMES = frozenset(
    {
        *("covered_until", "occurred_at", "retry_at", "task_submitted_at", "task_expires_at"),
        *("last_well_at", "opened_at"),
    }
)
_CODED: Mapping[str, Mapping[str, Any]] = {
    "failure": FAILURES,
    "end_mode": ENDS,
    "skipped": SKIPS,
    "body_kind": BODY_KINDS,
    "task_status": TASK_STATUSES,
    "task_inner_status": TASK_STATUSES,
    "doubled": DOUBLINGS,
    "route_place": ROUTE_PLACES,
    "symptom": SYMPTOM_WORDS,
    "not_probed": NOT_PROBED,
    "finding": CHARGES,
    "agreement": AGREEMENTS,
}
