"""What a run will send, in which order, and what it can cost at the most."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any, Self

from probes.endpoints.cost import TOOL_OVERHEAD, Prices
from probes.runs.kinds import FREE, KINDS, LEAST_REPEATS, MOST_REPEATS, Wish
from probes.wire.dialects import tool
from probes.wire.facts import Facts
from probes.wire.media_models import makes_media
from probes.wire.reasoning_models import output_limit

MEDIA_WORKLOADS = frozenset({"image", "video"})
MOST_STEPS = 20
# Buffering needs 16 KiB of stream to judge. A token is some five bytes of text, and the event around it at
# least a hundred; so 1,600 tokens fill 16 KiB even when a hop packs nineteen of them into each event.
LONG_TOKENS = 1600
LONG_PROMPT = "Write the numbers from 1 to 1000 in English words, separated by commas. Write nothing else."
_TASK_PATH = "/videos/{task_id}"
_BEARER_PROTOCOL = "openai_chat"
_BILLING = "/billing/subscription"  # one-api and its kin tell limit and usage apart: two look-ups


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
    routes: tuple[str, ...] = ()  # short names
    task_path: str = _TASK_PATH
    balance_path: str = ""
    websocket_path: str = ""

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
    path: str = ""  # where the endpoint keeps what its protocol does not place


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


def plan_steps(terms: Terms, wishes: Sequence[Wish], *, model: str = "", task_id: str = "") -> Plan:
    """The steps of the wishes, in their order.

    `model` is asked unless a wish names another one; without it, the endpoint's own. Raises NothingToProbe
    when a wish cannot be met, ValueError for a kind that does not exist.
    """
    makes = [(_MAKERS.get(wish.kind), wish) for wish in wishes]
    if unknown := [wish.kind for make, wish in makes if make is None]:
        raise ValueError(f"no such step: {unknown[0]}")
    asked = _Asked(terms, model or terms.probe_model, task_id)
    steps = [replace(step, reason=wish.reason) for make, wish in makes if make for step in make(asked, wish)]
    if not steps:
        raise NothingToProbe("no_steps")
    if len(steps) > MOST_STEPS:
        raise NothingToProbe("too_many_steps")
    return _plan(terms, steps)


def plan_chat(terms: Terms, *, model: str = "", kinds: Iterable[str] = ("control", "stream")) -> Plan:
    """Control first, then stream: same model, same neutral prompt, same limit, so that they compare."""
    return plan_steps(terms, [Wish(kind=kind) for kind in kinds], model=model)


def plan_status(terms: Terms, *, task_id: str) -> Plan:
    """A media task is looked up by its ID, never submitted. Looking up is free.

    Raises NothingToProbe without a task ID.
    """
    return plan_steps(terms, [Wish(kind="status")], task_id=task_id)


def plan_for(terms: Terms, *, workload: str, model: str = "", task_id: str = "") -> Plan:
    """Raises NothingToProbe when the workload leaves no harmless step.

    The model speaks too: "chat" is what a ticket says whose author left the workload alone.
    """
    if workload in MEDIA_WORKLOADS or makes_media(model or terms.probe_model):
        return plan_status(terms, task_id=task_id)
    return plan_chat(terms, model=model)


def offered_kinds(terms: Terms, *, model: str = "") -> tuple[str, ...]:
    """The kinds that this endpoint has a request for. A status still needs a task ID, a "model" its name.

    A model that makes media is never asked, so for it the free look-ups remain, and other models.
    """
    missing = {
        "route": not terms.routes,
        "balance": not terms.balance_path,
        "websocket": not terms.websocket_path,
    }
    media = makes_media(model or terms.probe_model)
    return tuple(
        kind
        for kind in KINDS
        if not missing.get(kind) and not (media and kind not in FREE and kind != "model")
    )


def settled_cost(terms: Terms, step: Step, facts: Facts) -> Decimal:
    """What the step cost by its own report; without a believable report, the worst case stands."""
    if not facts.sent or (facts.status is not None and 400 <= facts.status < 500):
        return Decimal(0)
    used_in, used_out = facts.prompt_tokens, facts.completion_tokens
    if used_in is None or used_out is None or used_in < 0 or used_out < 0:
        return worst_case_of(terms, step)
    return min(terms.prices.cost(used_in, used_out), worst_case_of(terms, step))


def worst_case_of(terms: Terms, step: Step) -> Decimal:
    """What the step can cost; look-ups are free."""
    if step.kind in FREE:
        return Decimal(0)
    beside = TOOL_OVERHEAD if step.kind == "tool" else 0
    return terms.prices.worst_case(step.prompt, step.max_tokens, beside=beside)


def worst_case_in_all(terms: Terms, steps: Iterable[Step]) -> Decimal:
    return sum((worst_case_of(terms, step) for step in steps), Decimal(0))


def _plan(terms: Terms, steps: Sequence[Step]) -> Plan:
    return Plan(steps=tuple(steps), worst_case=worst_case_in_all(terms, steps), currency=terms.currency)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every wish of one plan shares."""

    terms: Terms
    model: str
    task_id: str

    def of_model(self, kind: str, *, model: str = "", prompt: str = "", least_tokens: int = 0) -> Step:
        """A request that a model answers. Raises NothingToProbe for one that makes media."""
        model = model or self.model
        if makes_media(model):
            raise NothingToProbe("media_model")
        return Step(
            kind=kind,
            protocol=self.terms.protocol,
            model=model,
            prompt=prompt or self.terms.prompt,
            max_tokens=output_limit(model, max(self.terms.output_tokens, least_tokens)),
        )

    def beside_the_protocol(self, kind: str, *, path: str) -> Step:
        """A look-up that no protocol describes: whoever offers one takes the key as OpenAI's API does."""
        return Step(kind=kind, protocol=_BEARER_PROTOCOL, model=self.model, path=path)


def _same_request(asked: _Asked, wish: Wish) -> Iterator[Step]:
    yield asked.of_model(wish.kind)


def _repeats(asked: _Asked, wish: Wish) -> Iterator[Step]:
    if not LEAST_REPEATS <= wish.times <= MOST_REPEATS:
        raise NothingToProbe("repeats_out_of_bounds")
    yield from [asked.of_model(wish.kind)] * wish.times


def _long(asked: _Asked, wish: Wish) -> Iterator[Step]:
    yield asked.of_model(wish.kind, prompt=LONG_PROMPT, least_tokens=LONG_TOKENS)


def _tool(asked: _Asked, wish: Wish) -> Iterator[Step]:
    yield asked.of_model(wish.kind, prompt=tool.PROMPT)


def _other_model(asked: _Asked, wish: Wish) -> Iterator[Step]:
    if not wish.model:
        raise NothingToProbe("no_model_named")
    yield asked.of_model(wish.kind, model=wish.model)


def _routes(asked: _Asked, wish: Wish) -> Iterator[Step]:
    named = [slug for slug in asked.terms.routes if wish.route in ("", slug)]
    if not named:
        raise NothingToProbe("no_such_route")
    for slug in named:
        yield replace(asked.of_model(wish.kind), route=slug)


def _models(asked: _Asked, wish: Wish) -> Iterator[Step]:
    yield Step(kind=wish.kind, protocol=asked.terms.protocol, model=asked.model)


def _balance(asked: _Asked, wish: Wish) -> Iterator[Step]:
    path = asked.terms.balance_path
    if not path:
        raise NothingToProbe("no_balance_path")
    yield asked.beside_the_protocol(wish.kind, path=path)
    if path.endswith(_BILLING):
        yield asked.beside_the_protocol(wish.kind, path=path.removesuffix("subscription") + "usage")


def _websocket(asked: _Asked, wish: Wish) -> Iterator[Step]:
    if not asked.terms.websocket_path:
        raise NothingToProbe("no_websocket_path")
    yield asked.beside_the_protocol(wish.kind, path=asked.terms.websocket_path)


def _status(asked: _Asked, wish: Wish) -> Iterator[Step]:
    if not asked.task_id:
        raise NothingToProbe("media_without_task_id")
    path = asked.terms.task_path
    yield Step(kind=wish.kind, protocol="media_task", model="", task_id=asked.task_id, path=path)


_MAKERS: Mapping[str, Callable[[_Asked, Wish], Iterator[Step]]] = {
    "control": _same_request,
    "stream": _same_request,
    "status": _status,
    "repeat": _repeats,
    "gzip": _same_request,
    "long": _long,
    "http2": _same_request,
    "route": _routes,
    "tool": _tool,
    "model": _other_model,
    "models": _models,
    "balance": _balance,
    "websocket": _websocket,
}
