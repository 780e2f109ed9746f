"""The picture of what was sent: where everything goes, in numbers. The template only draws."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from probes.wire.dialects.base import STREAMED
from probes.wire.facts import EndMode, Facts

LEFT, PLOT, RIGHT = 200, 424, 196  # widths in user units: lane names, time, how it ended
TOP, LANE = 26, 58  # heights: the time axis, one lane
QUIET_MS = 1000  # silence longer than this is drawn as a gap
KEPT_FIRST = 150  # of the bursts, see Facts.bursts
_MOST_TICKS = 160
_STEPS_S = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)

_BOUNDS = (
    ("resolve", "resolve_ms"),
    ("connect", "connect_ms"),
    ("tls", "tls_ms"),
    ("waiting", "headers_ms"),
    ("thinking", "first_content_ms"),
    ("flowing", "last_byte_ms"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    phase: str
    from_ms: float
    to_ms: float
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Time in which nothing arrived."""

    from_ms: float
    to_ms: float
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Lane:
    label: tuple[str, str]  # what it is called, and what it does differently
    y: int
    facts: Facts
    bars: tuple[Bar, ...]
    ticks: tuple[float, ...]
    gaps: tuple[Gap, ...]
    end_x: float
    mood: str  # "good", "bad", "none" or "open"


@dataclass(frozen=True, slots=True)
class AxisMark:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    lanes: tuple[Lane, ...]
    axis: tuple[AxisMark, ...]
    width: int
    height: int
    plot_x: int = LEFT
    plot_width: int = PLOT


def draw(requests: Sequence[tuple[tuple[str, str], Facts]]) -> Waterfall | None:
    """Lanes on one scale, so that they compare; None when nothing was sent."""
    shown = [(label, facts) for label, facts in requests if not facts.skipped and _end_ms(facts)]
    if not shown:
        return None
    longest = max(_end_ms(facts) for _label, facts in shown)
    scale = PLOT / longest
    lanes = tuple(_lane(label, facts, TOP + row * LANE, scale) for row, (label, facts) in enumerate(shown))
    return Waterfall(
        lanes=lanes,
        axis=tuple(_axis(longest, scale)),
        width=LEFT + PLOT + RIGHT,
        height=TOP + LANE * len(lanes) + 4,
    )


def phases_of(facts: Facts) -> list[tuple[str, float, float]]:
    """(phase, from_ms, to_ms) in order; a phase that never ended runs until the attempt did."""
    phases, start, end = [], 0.0, _end_ms(facts)
    for phase, bound in _BOUNDS:
        at = getattr(facts, bound)
        if at is not None and at > start:
            phases.append((phase, start, at))
            start = at
    if facts.headers_ms is None and end > start:
        phases.append(("waiting" if facts.sent else "connect", start, end))
    return phases


def gaps_of(facts: Facts) -> list[tuple[float, float]]:
    """(from_ms, to_ms) of every silence between bytes, and of the one that ended in a timeout.

    Of very many bursts only the first and the last are kept: what lies between them is no silence.
    """
    times = [at for at, _size in facts.bursts]
    pairs = list(pairwise(times))
    if facts.burst_count > len(times):
        del pairs[KEPT_FIRST - 1 : KEPT_FIRST]
    if facts.end_mode in (EndMode.IDLE_TIMEOUT, EndMode.TOTAL_TIMEOUT) and times:
        pairs.append((times[-1], _end_ms(facts)))
    return [(before, after) for before, after in pairs if after - before >= QUIET_MS]


def mood_of(facts: Facts) -> str:
    """How the end of the lane is marked: good, bad, none without an end marker, open while it runs."""
    if facts.total_ms is None:
        return "open"
    if facts.failure or facts.in_stream_error or (facts.status or 0) >= 300:
        return "bad"
    if facts.step in STREAMED and not facts.done_seen:
        return "none"
    return "good"


def _lane(label: tuple[str, str], facts: Facts, y: int, scale: float) -> Lane:
    bars = tuple(
        Bar(phase, start, end, round(LEFT + start * scale, 1), round(max((end - start) * scale, 1.5), 1))
        for phase, start, end in phases_of(facts)
    )
    gaps = tuple(
        Gap(start, end, round(LEFT + start * scale, 1), round((end - start) * scale, 1))
        for start, end in gaps_of(facts)
    )
    ticks = tuple(round(LEFT + at * scale, 1) for at, _size in _thinned(facts.bursts))
    end_x = round(LEFT + _end_ms(facts) * scale, 1)
    return Lane(label, y, facts, bars, ticks, gaps, end_x, mood_of(facts))


def _thinned(bursts: Sequence[tuple[float, int]]) -> Iterable[tuple[float, int]]:
    return bursts[:: len(bursts) // _MOST_TICKS + 1]


def _axis(longest_ms: float, scale: float) -> Iterable[AxisMark]:
    step = next((s for s in _STEPS_S if longest_ms / 1000 / s <= 6), 1200)
    count = int(longest_ms / 1000 / step)
    return (AxisMark(round(LEFT + n * step * 1000 * scale, 1), f"{n * step:g}") for n in range(count + 1))


def _end_ms(facts: Facts) -> float:
    times = (
        facts.total_ms,
        facts.last_byte_ms,
        facts.headers_ms,
        facts.tls_ms,
        facts.connect_ms,
        facts.resolve_ms,
    )
    return max((at for at in times if at is not None), default=0.0)
