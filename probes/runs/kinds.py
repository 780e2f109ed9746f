"""The kinds of steps, and wishes for them: what somebody wants sent, before an endpoint's terms are known."""

from dataclasses import dataclass

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
FREE = frozenset({"status", "models", "balance", "websocket"})  # no model runs, so nothing is billed
LEAST_REPEATS, MOST_REPEATS, USUAL_REPEATS = 2, 10, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One kind of step that is wanted, and why."""

    kind: str  # one of KINDS
    times: int = 1  # of a "repeat": how many requests
    model: str = ""  # of a "model": which other one
    route: str = ""  # of a "route": its short name; empty means every route there is
    reason: str = ""  # a code


def parse_wishes(text: str) -> tuple[Wish, ...]:
    """Wishes as written on a command line: "control,stream,repeat:3,route:inner,model:glm-4".

    Raises ValueError with one line that says what is wrong.
    """
    wishes = tuple(_parse_wish(part.strip()) for part in text.split(",") if part.strip())
    if not wishes:
        raise ValueError(f"steps are {', '.join(KINDS)}; not nothing")
    return wishes


def _parse_wish(text: str) -> Wish:
    kind, colon, detail = text.partition(":")
    if kind not in KINDS:
        raise ValueError(f"steps are {', '.join(KINDS)}; not {kind}")
    if kind == "repeat":
        return Wish(kind=kind, times=_parse_times(detail) if colon else USUAL_REPEATS)
    if colon and not detail:
        raise ValueError(f'"{text}" ends with its colon')
    if kind == "model":
        if not detail:
            raise ValueError("the step model needs a name: model:NAME")
        return Wish(kind=kind, model=detail)
    if kind == "route":
        return Wish(kind=kind, route=detail)
    if colon:
        raise ValueError(f'the step {kind} takes nothing behind a colon, so not "{detail}"')
    return Wish(kind=kind)


def _parse_times(text: str) -> int:
    if text.isascii() and text.isdigit() and LEAST_REPEATS <= int(text[:3]) <= MOST_REPEATS:
        return int(text)
    raise ValueError(f'repeat takes a number from {LEAST_REPEATS} to {MOST_REPEATS}, not "{text}"')
