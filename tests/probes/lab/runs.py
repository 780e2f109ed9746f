"""Asks the lab as a run asks an endpoint: the step's own request, a real exchange, its facts."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from probes.lab.behaviours import BEHAVIOURS, Behaviour
from probes.lab.promises import TASK_SHAPES
from probes.lab.server import Lab
from probes.net.exchange import Deadlines, Destination, exchange
from probes.runs.plan import LONG_TOKENS
from probes.wire.dialects.base import WireRequest
from probes.wire.dialects.look_up import LOOK_UPS
from probes.wire.dialects.table import DIALECTS
from probes.wire.facts import Facts
from probes.wire.look_ups import LookUp
from probes.wire.reader import Reader
from tests.probes.lab.asking import KEY

# Long enough for a machine that does all of this at once; what waits longer is meant to run into them.
DEADLINES = Deadlines(connect_s=10, first_byte_s=7, idle_s=5.5, total_s=8)
# Shorter than what the lab does by default, and still above what the rules call slow.
ARGUMENTS = {
    "slow_first_token": 5.2,
    "slow_headers_ttfb": 5.5,
    "slow_total": 5,
    "buffered_4k": 2,
    "buffered_16k": 2,
    "heartbeat_only": 2,
}
_AT_ONCE = 32  # more at a time, and two cores would bunch up what was sent apart
_PROMPT = "Count from 1 to 100 in English words, separated by commas. Write nothing else."
_MAX_TOKENS = 400
_PATHS = {"balance": "/balance", "websocket": "/realtime"}
_SHAPES = (("videos", "/v1/videos/"), ("tasks", "/v1/tasks/"), ("plain", "/plain/tasks/"))
_TASK_PATHS = {name: path + "{task_id}" for name, path in _SHAPES}


@dataclass(frozen=True, slots=True)
class Asked:
    """One behaviour asked one way: through a protocol, or for a task in one of the shapes of its answer."""

    behaviour: Behaviour
    way: str
    arg: float

    @property
    def name(self) -> str:
        return f"{self.behaviour.name}-{self.way}"

    @property
    def model(self) -> str:
        return f"{self.behaviour.name}:{self.arg:g}" if self.behaviour.unit else self.behaviour.name


def everything() -> list[Asked]:
    """Every behaviour in each way in which it shows."""
    return [
        Asked(behaviour, way, ARGUMENTS.get(behaviour.name, behaviour.default))
        for behaviour in BEHAVIOURS.values()
        for way in (TASK_SHAPES if behaviour.protocols == ("media_task",) else behaviour.protocols)
    ]


def ask_everything(lab: Lab) -> Mapping[str, Mapping[str, Facts]]:
    """The facts of every step by the name of who was asked, all of them at once."""
    asked = everything()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(
            zip([one.name for one in asked], pool.map(lambda one: _ask(lab, one), asked), strict=True)
        )


def _ask(lab: Lab, asked: Asked) -> dict[str, Facts]:
    """One step after the other, as in a run."""
    return {kind: _facts(lab, asked, kind) for kind in asked.behaviour.shows}


def _facts(lab: Lab, asked: Asked, kind: str) -> Facts:
    dialect = DIALECTS["media_task" if asked.way in TASK_SHAPES else asked.way]
    request = _request(asked, kind)
    reader = Reader(
        step=kind,
        dialect=dialect,
        wall_start=datetime.now(UTC),
        look_up=LookUp(kind, request, asked.model) if kind in LOOK_UPS else None,
    )
    exchange(
        request,
        to=Destination(
            base_url=f"{lab.base_url}{'/edge' if kind == 'route' else ''}{_base_path(asked)}",
            allowed_addresses=frozenset({f"{lab.host}:{lab.port}"}),
        ),
        secret_headers=DIALECTS["openai_chat" if asked.way in TASK_SHAPES else asked.way].auth_headers(KEY),
        deadlines=DEADLINES,
        emit=reader.take,
        enough=reader.has_end_marker,
    )
    return reader.facts()


def _base_path(asked: Asked) -> str:
    """Pinned to the behaviour, since a look-up names no model; a task's own id says how it behaves."""
    return "" if asked.way in TASK_SHAPES else f"/as/{asked.model}/v1"


def _request(asked: Asked, kind: str) -> WireRequest:
    if asked.way in TASK_SHAPES:
        path = _TASK_PATHS[asked.way]
        return DIALECTS["media_task"].request_for(
            kind, model="", prompt="", max_tokens=0, task_id=asked.behaviour.name, path=path
        )
    return DIALECTS[asked.way].request_for(
        kind,
        model=asked.model,
        prompt=_PROMPT,
        max_tokens=LONG_TOKENS if kind == "long" else _MAX_TOKENS,
        path=_PATHS.get(kind, ""),
    )
