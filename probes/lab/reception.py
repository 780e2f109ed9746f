"""From a request to whoever performs the answer: paths, keys, counters and the choice of behaviour."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import unquote

from probes.lab import conditional, errors, look_ups, pages, streams, tasks, wrecks
from probes.lab.answering import Performer
from probes.lab.behaviours import BEHAVIOURS, parse_model
from probes.lab.call import JSON, Call, gateway_headers
from probes.lab.counters import Counters
from probes.lab.errors import Trouble
from probes.lab.framing import Headers, Line, Request
from probes.lab.problem import Problem, compact, openai_error
from probes.lab.protocols import PROTOCOLS

KEY_PREFIX = "sk-lab-"
PINNED = "/as/"
EDGE = "/edge/"

PERFORMERS: Mapping[str, Performer] = {
    **streams.PERFORMERS,
    **errors.PERFORMERS,
    **pages.PERFORMERS,
    **wrecks.PERFORMERS,
    **conditional.PERFORMERS,
}

_LAB_HEADERS: Headers = (("server", "lab"), ("content-type", JSON))
_LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")

Route = Callable[[Request, Line], Awaitable[None]]


class Reception:
    """Answers one request at a time, on any number of connections."""

    def __init__(self, counters: Counters, clock: Callable[[], datetime]) -> None:
        self._counters = counters
        self._clock = clock
        self._routes: Mapping[tuple[str, str], Route] = {
            ("GET", "/lab/counters"): self._show_counters,
            ("POST", "/lab/reset"): self._reset_counters,
            ("GET", "/v1/models"): self._list_models,
            ("GET", look_ups.WEBSOCKET_PATH): self._open_websocket,
            **{("GET", path): partial(self._tell_balance, path) for path in look_ups.BALANCES},
            **{("POST", path): self._submit_task for path in tasks.SUBMISSIONS},
            **{("POST", row.path): partial(self._call_model, name) for name, row in PROTOCOLS.items()},
        }

    async def receive(self, request: Request, line: Line) -> None:
        """Answer the request, or leave the line unfinished: then the connection is to be closed."""
        request = _unpinned(_behind_the_edge(request))
        route = self._routes.get((request.method, request.path)) or self._task_route(request) or self._lost
        await route(request, line)

    async def _call_model(self, protocol: str, request: Request, line: Line) -> None:
        call = self._call(protocol, request)
        if trouble := _refusal(call):
            await errors.refuse(trouble, call, line)
        else:
            await PERFORMERS[call.behaviour.name](call, line)

    def _call(self, protocol: str, request: Request) -> Call:
        body = request.json_object() or {}
        model = request.pinned or str(body.get("model", ""))
        behaviour, arg = parse_model(model) or (BEHAVIOURS["ok"], 0.0)
        return Call(
            request=request,
            protocol=protocol,
            behaviour=behaviour,
            model=model,
            arg=arg,
            stream=body.get("stream") is True,
            max_tokens=_max_tokens(body),
            wants_usage=_wants_usage(body),
            tool=_tool(body),
            key=_key(request),
            serial=self._counters.count(request, model),
            now=self._clock(),
        )

    async def _list_models(self, request: Request, line: Line) -> None:
        call = self._call("openai_chat", request)
        if call.behaviour.name == "models_404":
            await self._lost(request, line)
        else:
            await _reply(call, line, 200, look_ups.models_document(call))

    async def _tell_balance(self, path: str, request: Request, line: Line) -> None:
        call = self._call("openai_chat", request)
        await _reply(call, line, 200, look_ups.BALANCES[path](look_ups.left_of(call)))

    async def _open_websocket(self, request: Request, line: Line) -> None:
        call = self._call("openai_chat", request)
        if trouble := _key_refusal(call):
            await errors.refuse(trouble, call, line)
        else:
            await look_ups.open_websocket(call, line)

    async def _submit_task(self, request: Request, line: Line) -> None:
        call = self._call("openai_chat", request)
        task_id = tasks.new_task_id(call.model)
        await _reply(call, line, 200, tasks.openai_video(task_id, tasks.SCRIPTS["task_queued"], call.now))

    def _task_route(self, request: Request) -> Route | None:
        prefixes = [prefix for prefix in tasks.SHAPES if request.path.startswith(prefix)]
        return partial(self._look_up_task, prefixes[0]) if prefixes and request.method == "GET" else None

    async def _look_up_task(self, prefix: str, request: Request, line: Line) -> None:
        call = self._call("openai_chat", request)
        task_id = request.path.removeprefix(prefix)
        script = tasks.script_for(request.pinned or task_id)
        if script:
            await _reply(call, line, 200, tasks.SHAPES[prefix](task_id, script, call.now))
        else:
            missing = Problem(message=f"Video with id '{task_id}' not found.", type="invalid_request_error")
            await _reply(call, line, 404, openai_error(missing))

    async def _lost(self, request: Request, line: Line) -> None:
        """Gateways answer unknown API paths in JSON, and every other path with their console's web page."""
        call = self._call("openai_chat", request)
        if request.path.startswith(("/v1/", "/plain/", "/lab/")):
            text = f"Invalid URL ({request.method} {request.path})"
            await _reply_openly(
                call, line, 404, openai_error(Problem(message=text, type="invalid_request_error"))
            )
        else:
            await pages.show(pages.PAGES["html_200"], call, line)

    async def _show_counters(self, request: Request, line: Line) -> None:
        await line.whole(200, _LAB_HEADERS, compact(self._counters.as_json()).encode())

    async def _reset_counters(self, request: Request, line: Line) -> None:
        self._counters.reset()
        await line.whole(200, _LAB_HEADERS, b"{}")


def _behind_the_edge(request: Request) -> Request:
    """ "/edge/v1/…" is "/v1/…" with one more hop in front, which some behaviours tell apart."""
    if not request.path.startswith(EDGE):
        return request
    return replace(request, path=request.path.removeprefix(EDGE.rstrip("/")), edge=True)


def _unpinned(request: Request) -> Request:
    """ "/as/stall_mid:7/v1/…" is "/v1/…" of an endpoint that always behaves so, as real endpoints do."""
    if not request.path.startswith(PINNED):
        return request
    behaviour, slash, rest = request.path.removeprefix(PINNED).partition("/")
    return replace(request, path=slash + rest, pinned=unquote(behaviour))


async def _reply(call: Call, line: Line, status: int, body: dict[str, Any]) -> None:
    """Answer those who show a key of the lab; refuse the others as the gateway does."""
    if trouble := _key_refusal(call):
        await errors.refuse(trouble, call, line)
    else:
        await _reply_openly(call, line, status, body)


async def _reply_openly(call: Call, line: Line, status: int, body: dict[str, Any]) -> None:
    await line.whole(status, gateway_headers(call, JSON), compact(body).encode())


def _refusal(call: Call) -> Trouble | None:
    """What is wrong with the call itself, first things first."""
    if trouble := _key_refusal(call):
        return trouble
    if call.request.json_object() is None:
        return errors.NOT_AN_OBJECT
    known = parse_model(call.model) is not None and call.behaviour.name in PERFORMERS
    return None if known else errors.UNKNOWN_MODEL


def _key_refusal(call: Call) -> Trouble | None:
    if not call.key:
        return errors.NO_KEY
    return None if call.key.startswith(KEY_PREFIX) else errors.WRONG_KEY


def _key(request: Request) -> str:
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    return bearer or request.headers.get("x-api-key", "") or request.headers.get("api-key", "")


def _max_tokens(body: dict[str, Any]) -> int | None:
    named = (body.get(name) for name in _LIMITS)
    return next((limit for limit in named if type(limit) is int), None)


def _tool(body: dict[str, Any]) -> str:
    """The name of the first tool offered, wherever the protocol keeps it."""
    offered = body.get("tools")
    first = offered[0] if isinstance(offered, list) and offered and isinstance(offered[0], dict) else {}
    function = first.get("function")
    named = function if isinstance(function, dict) else first
    return str(named.get("name", ""))


def _wants_usage(body: dict[str, Any]) -> bool:
    options = body.get("stream_options")
    return isinstance(options, dict) and options.get("include_usage") is True
