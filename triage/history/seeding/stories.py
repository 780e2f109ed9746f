"""A made-up ticket as one story: when, where, who, what happened, and which requests were sent for it."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Generic, TypeVar

from triage.history.seeding.scenarios import HEALTHY, SCENARIOS, Scenario

Thing = TypeVar("Thing")

OVER = timedelta(days=365)
FIRST_STEPS = ("control", "stream")
FURTHER_STEPS = ("repeat", "gzip", "long", "http2", "tool", "models", "route", "balance")
MODELS = (
    *("gpt-4o-mini", "gpt-4o", "deepseek-chat", "claude-sonnet-4", "deepseek-reasoner", "gpt-4.1", "glm-4"),
    *("qwen-max", "gemini-2.0-flash", "o3-mini", "claude-haiku-3.5", "kimi-k2", "grok-3", "qwen3-235b"),
    *("doubao-pro", "yi-large", "mistral-large", "llama-3.3-70b", "hunyuan-large", "step-2", "ernie-4.5"),
)
CLIENTS = (
    *("openai-python", "Cherry Studio", "Cline", "LobeChat", "NextChat", "curl", "LangChain", "Dify"),
    *("openai-node", "Claude Code", "OpenWebUI", "Continue", "Roo Code", "Chatbox", "litellm", "Codex"),
    *("BotGem", "Aider", "n8n", "FastGPT", ""),
)
_RULES = ("2026.01", "2026.03", "2026.06", "2026.09", "2026.11")
_OUTAGES = 40  # stretches in which one endpoint shows one fault to everybody
_OUTAGE = timedelta(hours=30)


class Lot(Generic[Thing]):
    """Draws things, each as often as its weight says."""

    def __init__(self, things: Sequence[Thing], weights: Sequence[float] | None = None) -> None:
        self._things = things
        self._sums = list(accumulate(weights or [1 / (place + 1) for place in range(len(things))]))

    def draw(self, dice: random.Random) -> Thing:
        """Without weights, the first most and each further one more rarely, as with models and clients."""
        return dice.choices(self._things, cum_weights=self._sums)[0]


@dataclass(frozen=True, slots=True)
class MadeRun:
    """The steps of one run, and what it was for."""

    steps: Sequence[str]
    purpose: str = "ticket"
    minutes_after: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """One ticket; `endpoint` and `author` are places in lists."""

    at: datetime
    endpoint: int
    author: int
    model: str
    client: str
    scenario: Scenario
    rules: str
    runs: Sequence[MadeRun]
    baseline: bool  # its last run was nobody's ticket: the desk's own measurement
    corrected: bool
    key_print: str  # of a key that was pasted, empty for most


def stories(
    *, tickets: int, attempts: int, until: datetime, endpoints: int, authors: int, seed: int = 7
) -> Iterator[Story]:
    """`tickets` stories of the year before `until`, oldest first, with `attempts` requests in all.

    The same arguments make the same stories. `attempts` is at least twice `tickets`.
    """
    dice = random.Random(seed)  # noqa: S311 -- made-up data that must come out the same again
    scenarios = Lot(SCENARIOS, [each.weight for each in SCENARIOS])
    models, clients, places = Lot(MODELS), Lot(CLIENTS), Lot(range(endpoints))
    outages = _outages(dice, endpoints)
    given = 0
    for number in range(tickets):
        due = (number + 1) * attempts // tickets
        share, given = due - given, due
        at = until - OVER * ((tickets - number) / tickets)
        endpoint = places.draw(dice)
        shown = outages.get((endpoint, _stretch(at, until)))
        scenario = shown if shown and dice.random() < 0.9 else scenarios.draw(dice)
        baseline = share >= 4 and dice.random() < 0.15
        yield Story(
            at=at,
            endpoint=endpoint,
            author=dice.randrange(authors),
            model=models.draw(dice),
            client=clients.draw(dice),
            scenario=scenario,
            rules=_RULES[number * len(_RULES) // tickets],
            runs=tuple(_runs(share, baseline, dice)),
            baseline=baseline,
            corrected=dice.random() < 0.01,
            key_print=f"seed{dice.randrange(2000):08d}" if dice.random() < 0.03 else "",
        )


def _outages(dice: random.Random, endpoints: int) -> dict[tuple[int, int], Scenario]:
    stretches = OVER // _OUTAGE
    return {
        (dice.randrange(endpoints), dice.randrange(stretches)): dice.choice(SCENARIOS[2:])
        for _ in range(_OUTAGES)
    }


def _stretch(at: datetime, until: datetime) -> int:
    return (until - at) // _OUTAGE


def _runs(share: int, baseline: bool, dice: random.Random) -> Iterator[MadeRun]:
    """First control and stream, then further steps and replays of them, until the share is used up."""
    yield MadeRun(FIRST_STEPS[:share])
    left, minutes = share - 2, 0
    if baseline:
        left -= 2
    while left > 0:
        minutes += dice.randrange(2, 30)
        if left >= 2 and dice.random() < 0.12:
            yield MadeRun(FIRST_STEPS, "replay", minutes)
            left -= 2
            continue
        number = min(left, dice.randrange(1, 5))
        start = dice.randrange(len(FURTHER_STEPS) - number + 1)
        yield MadeRun(FURTHER_STEPS[start : start + number], "ticket", minutes)
        left -= number
    if baseline:
        yield MadeRun(FIRST_STEPS, "baseline", minutes + 1)


def scenario_of(story: Story, run: MadeRun) -> Scenario:
    """The desk's own measurements mostly find all well."""
    return HEALTHY if run.purpose == "baseline" else story.scenario
