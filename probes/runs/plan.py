"""What a run will send, in which order, and what it can cost at the most."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Self

from probes.endpoints.cost import Prices
from probes.wire.facts import BodyKind, Facts
from probes.wire.media_models import makes_media

# A step's kind is the `step` of its facts, so rules that speak of "stream" never mistake a variant for it.
KINDS = (
    "control",
    "stream",
    "status",
    "repeat",
    "gzip",
    "long",
    "http2",
    "route",
    "tool",
    "model",
    "models",
    "balance",
    "websocket",
)
MEDIA_WORKLOADS = frozenset({"image", "video"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an endpoint allows and charges: the part of it that a plan depends on."""

    protocol: str
    probe_model: str
    prompt: str
    output_tokens: int
    price_in_per_1k: Decimal
    price_out_per_1k: Decimal
    currency: str

    @property
    def prices(self) -> Prices:
        return Prices(self.price_in_per_1k, self.price_out_per_1k)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request at the most."""

    kind: str  # one of KINDS
    protocol: str
    model: str
    prompt: str = ""
    max_tokens: int = 0
    task_id: str = ""
    reason: str = ""  # why it is in the plan, as a code; empty for what every plan has
    route: str = ""  # short name of a second route of the endpoint; empty: its own base URL


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    steps: tuple[Step, ...]
    worst_case: Decimal = Decimal(0)
    currency: str = "USD"

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; the amount as text, so that no digit is lost."""
        return asdict(self) | {"worst_case": str(self.worst_case)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            steps=tuple(Step(**step) for step in data["steps"]),
            worst_case=Decimal(data["worst_case"]),
            currency=data["currency"],
        )


class NothingToProbe(Exception):
    """No step may be sent; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def plan_chat(terms: Terms, *, model: str = "", kinds: tuple[str, ...] = ("control", "stream")) -> Plan:
    """Control first, then stream: same model, same neutral prompt, same limit, so that they compare."""
    step = Step(
        kind="",
        protocol=terms.protocol,
        model=model or terms.probe_model,
        prompt=terms.prompt,
        max_tokens=terms.output_tokens,
    )
    steps = tuple(Step(**asdict(step) | {"kind": kind}) for kind in kinds)
    worst_case = sum((worst_case_of(terms, step) for step in steps), Decimal(0))
    return Plan(steps=steps, worst_case=worst_case, currency=terms.currency)


def plan_status(terms: Terms, *, task_id: str) -> Plan:
    """A media task is looked up by its ID, never submitted. Looking up is free.

    Raises NothingToProbe without a task ID.
    """
    if not task_id:
        raise NothingToProbe("media_without_task_id")
    step = Step(kind="status", protocol="media_task", model="", task_id=task_id)
    return Plan(steps=(step,), currency=terms.currency)


def plan_for(terms: Terms, *, workload: str, model: str = "", task_id: str = "") -> Plan:
    """Raises NothingToProbe when the workload leaves no harmless step.

    The model speaks too: "chat" is what a ticket says whose author left the workload alone.
    """
    if workload in MEDIA_WORKLOADS or makes_media(model or terms.probe_model):
        return plan_status(terms, task_id=task_id)
    return plan_chat(terms, model=model)


def why_skip(step: Step, earlier: tuple[Facts, ...]) -> str:
    """A code when an earlier step already explains the fault, else empty.

    A failing control is never a stream problem, with one exception: an endpoint that refuses
    stream=false as such has said nothing about its streams.
    """
    control = next((facts for facts in earlier if facts.step == "control"), None)
    if step.kind != "stream" or control is None:
        return ""
    if control.status == 200 and control.body_kind is not BodyKind.HTML:
        return ""
    if control.status in (400, 422) and "stream" in control.error_message.lower():
        return ""
    return "control_failed"


def settled_cost(terms: Terms, step: Step, facts: Facts) -> Decimal:
    """What the step cost by its own report; without a believable report, the worst case stands."""
    if not facts.sent or (facts.status is not None and 400 <= facts.status < 500):
        return Decimal(0)
    used_in, used_out = facts.prompt_tokens, facts.completion_tokens
    if used_in is None or used_out is None or used_in < 0 or used_out < 0:
        return worst_case_of(terms, step)
    return min(terms.prices.cost(used_in, used_out), worst_case_of(terms, step))


def worst_case_of(terms: Terms, step: Step) -> Decimal:
    """What the step can cost; looking a task up is free."""
    return Decimal(0) if step.kind == "status" else terms.prices.worst_case(step.prompt, step.max_tokens)
