"""What the steps of a probe are called, why one is in a plan, and why one is not offered."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

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
    "usual": _("Baselines"),
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
ROUTE_PLACES: Mapping[str, Any] = {
    "behind_edge": _("behind the edge"),
    "through_edge": _("through the edge"),
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
