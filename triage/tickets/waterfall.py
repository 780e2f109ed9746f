"""The picture of what was sent: where everything goes, in numbers. The template only draws."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from probes.wire.dialects.base import STREAMED
from probes.wire.facts import EndMode, Facts

LEFT, PLOT, RIGHT = 200, 424, 196  # widths in user units: lane names, time, how it ended
TOP, LANE = 26, 74  # heights: the time axis, one lane
QUIET_MS = 1000  # silence longer than this is drawn as a gap
KEPT_FIRST = 150  # of the bursts, see Facts.bursts
_APART = 2.7  # two ticks closer than this would be one blot
_LABEL = 54  # width of the longest length that is written at a gap
_LUMP_SHARE, _LUMP_EVENTS, _PACKED_EVENTS = 0.9, 5, 20
_STEPS_S = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)


@dataclass(frozen=True, slots=True)
class Bar:
    phase: str
    from_ms: float
    to_ms: float
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Time in which nothing arrived. Its length is written in it, or under it when it is too narrow for that.

    `label_x` is the middle of those words; None where others stand already.
    """

    from_ms: float
    to_ms: float
    x: float
    width: float
    label_x: float | None

    @property
    def is_wide(self) -> bool:
        return self.width >= _LABEL

    @property
    def lasted_ms(self) -> float:
        return self.to_ms - self.from_ms


@dataclass(frozen=True, slots=True)
class Lump:
    """Most of a stream in few deliveries: `events` came in `bursts`, the biggest of them at `at_ms`."""

    events: int
    bursts: int
    at_ms: float


@dataclass(frozen=True, slots=True)
class Lane:
    label: tuple[str, str]  # what it is called, and what it does differently
    y: int
    facts: Facts
    bars: tuple[Bar, ...]
    ticks: tuple[float, ...]
    gaps: tuple[Gap, ...]
    unkept: tuple[float, float] | None  # (x, width) where bursts came that nobody kept one by one
    beats: tuple[float, ...]  # the first and the last heartbeat
    token_x: float | None  # the first text or thought
    lump: Lump | None
    lump_x: float
    end_x: float
    mood: str  # "good", "bad", "none" or "open"

    @property
    def tick_path(self) -> str:
        """All ticks as one shape: a browser draws that sooner than a shape each."""
        return "".join(f"M{x:g} 14v20" for x in self.ticks)

    @property
    def lump_is_late(self) -> bool:
        """Whether words about it must end at its place, to stay inside the picture."""
        return self.lump_x > LEFT + PLOT / 2


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
    for phase, at in _bounds(facts):
        if at is not None and at > start:
            phases.append((phase, start, at))
            start = at
    if facts.headers_ms is None and end > start:
        phases.append(("waiting" if facts.sent else "connect", start, end))
    return phases


def _bounds(facts: Facts) -> Iterator[tuple[str, float | None]]:
    """Every phase with when it ended; thoughts are one of their own only where they came before the text."""
    yield "resolve", facts.resolve_ms
    yield "connect", facts.connect_ms
    yield "tls", facts.tls_ms
    yield "waiting", facts.headers_ms
    yield "thinking", first_token_ms(facts)
    yield "reasoning", facts.first_content_ms
    yield "flowing", facts.last_byte_ms


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


def beats_of(facts: Facts) -> tuple[float, ...]:
    """The first and the last heartbeat; of those between only the number is kept."""
    first, last = facts.first_comment_ms, facts.last_comment_ms
    if first is None:
        return ()
    return (first,) if last is None or last == first else (first, last)


def lump_of(facts: Facts) -> Lump | None:
    """What a hop that holds back looks like: many events in one delivery, or packed into few.

    It says how they came, not who is to blame: a short answer comes in one piece from anybody.
    """
    sizes = [size for _at, size in facts.bursts]
    if facts.events < _LUMP_EVENTS or not sizes:
        return None
    bursts, biggest = max(facts.burst_count, len(sizes)), sizes.index(max(sizes))
    at_ms = facts.bursts[biggest][0]
    if sizes[biggest] >= _LUMP_SHARE * max(sum(sizes), facts.body_bytes):
        return Lump(facts.events, 1, at_ms)
    return Lump(facts.events, bursts, at_ms) if facts.events >= _PACKED_EVENTS * bursts else None


def first_token_ms(facts: Facts) -> float | None:
    """When the answer or its thoughts began."""
    begun = [at for at in (facts.first_content_ms, facts.first_reasoning_ms) if at is not None]
    return min(begun, default=None)


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
    def place(at_ms: float) -> float:
        return round(min(LEFT + at_ms * scale, LEFT + PLOT), 1)

    bars = tuple(
        Bar(phase, start, end, place(start), round(max((end - start) * scale, 1.5), 1))
        for phase, start, end in phases_of(facts)
    )
    token, lump = first_token_ms(facts), lump_of(facts)
    return Lane(
        label=label,
        y=y,
        facts=facts,
        bars=bars,
        ticks=tuple(_apart(place(at) for at, _size in facts.bursts)),
        gaps=tuple(_gaps(facts, scale, has_words_below=lump is not None)),
        unkept=_unkept(facts, scale),
        beats=tuple(place(at) for at in beats_of(facts)),
        token_x=None if token is None else place(token),
        lump=lump,
        lump_x=place(lump.at_ms) if lump else 0,
        end_x=place(_end_ms(facts)),
        mood=mood_of(facts),
    )


def _apart(places: Iterable[float]) -> Iterator[float]:
    """Those that can be told from the one before."""
    last = 0.0
    for x in places:
        if x - last >= _APART:
            last = x
            yield x


def _gaps(facts: Facts, scale: float, *, has_words_below: bool) -> Iterator[Gap]:
    """From left to right; the words of narrow ones stand side by side under them, as far as there is room."""
    free_from = LEFT + PLOT + RIGHT if has_words_below else 0.0
    for start, end in gaps_of(facts):
        x, width = LEFT + start * scale, (end - start) * scale
        middle: float | None = round(x + width / 2, 1)
        if width < _LABEL:
            middle = middle if x + width / 2 - _LABEL / 2 >= free_from else None
            free_from = x + width / 2 + _LABEL / 2 if middle else free_from
        yield Gap(start, end, round(x, 1), round(width, 1), middle)


def _unkept(facts: Facts, scale: float) -> tuple[float, float] | None:
    kept = facts.bursts
    if facts.burst_count <= len(kept) or len(kept) <= KEPT_FIRST:
        return None
    start, end = kept[KEPT_FIRST - 1][0], kept[KEPT_FIRST][0]
    return round(LEFT + start * scale, 1), round((end - start) * scale, 1)


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
