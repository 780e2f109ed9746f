"""The picture of a charge story: where every row and request goes, in numbers. The template only draws.

Time runs from left to right, but not to scale: a retry comes seconds after the first try and a refund days
later, and both must be seen. A pause is drawn wider the longer it is, by its logarithm, and told in words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise
from math import log10

from triage.charges.finding import Event, EventKind, TaskStory

LEFT, PLOT, RIGHT = 190, 500, 130  # widths in user units: names of tracks, time, sums
TOP, TRACK = 30, 46  # heights: pauses in words, one track
MARK = 11  # half of a mark's width
MOST_ROWS = 18  # more would not be told apart; the table has all of them
_PADDING = 24
_ROOM_FOR_WORDS = 48  # a narrower pause is drawn without its length

SHAPES = {
    EventKind.CHARGE: "circle",
    EventKind.WITHDRAWN: "circle",
    EventKind.RESUBMISSION: "hexagon",
    EventKind.SECOND_LOG: "hexagon",
    EventKind.EXTRA: "octagon",
    EventKind.HOLD: "ring",
    EventKind.SETTLEMENT: "square",
    EventKind.RELEASE: "diamond",
    EventKind.REFUND: "diamond",
    EventKind.REVERSAL: "diamond",
    EventKind.ADJUSTMENT: "square",
    EventKind.OWN_PROBE: "ring",
}
"""Money taken is round, money back is a diamond; what came again has corners, not another colour alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger with its number in the order of time, and the story that it belongs to."""

    number: int
    track: int  # which of the stories
    event: Event


@dataclass(frozen=True, slots=True)
class Mark:
    row: Row
    shape: str
    x: float


@dataclass(frozen=True, slots=True)
class Track:
    """The rows of one task, or of one request where no task is known."""

    story: TaskStory
    y: int
    marks: tuple[Mark, ...]
    joins: tuple[tuple[float, float], ...]  # from what a row belongs to, to the row

    @property
    def label(self) -> str:
        return name_of(self.story)


@dataclass(frozen=True, slots=True)
class Pause:
    x: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Timeline:
    tracks: tuple[Track, ...]
    pauses: tuple[Pause, ...]
    request_x: float | None  # where the time stands that the ticket names
    width: int
    height: int
    left_out: int  # rows that only the table has
    plot_x: int = LEFT
    plot_width: int = PLOT


def name_of(story: TaskStory) -> str:
    """Its task ID, else the first request ID, else nothing that anybody could search for."""
    return story.task_id or next((event.request_id for event in story.events if event.request_id), "")


def rows_in_order(stories: Sequence[TaskStory]) -> list[Row]:
    """All rows of all stories by time, numbered from 1; rows of one moment keep their order."""
    placed = [(event, track) for track, story in enumerate(stories) for event in story.events]
    placed.sort(key=lambda pair: pair[0].occurred_at)
    return [Row(number, track, event) for number, (event, track) in enumerate(placed, start=1)]


def draw(stories: Sequence[TaskStory], *, asked_at: datetime | None = None) -> Timeline | None:
    """A track per story on one axis; None without rows. `asked_at` is the ticket's own time, aware."""
    rows = rows_in_order(stories)
    shown = rows[:MOST_ROWS]
    if not shown:
        return None
    columns, column_of = _columns(shown, asked_at)
    places = _places(columns)
    top = TOP + (TRACK if asked_at else 0)
    used = sorted({row.track for row in shown})
    tracks = [
        _track(
            stories[track], [row for row in shown if row.track == track], top + at * TRACK, places, column_of
        )
        for at, track in enumerate(used)
    ]
    return Timeline(
        tracks=tuple(tracks),
        pauses=tuple(_pauses(columns, places)),
        request_x=places[column_of[0]] if asked_at else None,
        width=LEFT + PLOT + RIGHT,
        height=top + TRACK * len(tracks) + 4,
        left_out=len(rows) - len(shown),
    )


_REQUEST = (0, -1)  # number and track of the ticket's own time


def _columns(rows: Sequence[Row], asked_at: datetime | None) -> tuple[list[datetime], dict[int, int]]:
    """The moments that are drawn, and the column of each number.

    Rows of one moment share a column, unless they are of one track.
    """
    points = [(row.event.occurred_at, row.number, row.track) for row in rows]
    if asked_at:
        points.append((asked_at, *_REQUEST))
    columns: list[datetime] = []
    column_of: dict[int, int] = {}
    taken: set[int] = set()
    for moment, number, track in sorted(points):
        if not columns or moment != columns[-1] or track in taken:
            columns.append(moment)
            taken = set()
        taken.add(track)
        column_of[number] = len(columns) - 1
    return columns, column_of


def _places(columns: Sequence[datetime]) -> list[float]:
    """The x of each column."""
    steps = [1 + log10(1 + (later - earlier).total_seconds()) for earlier, later in pairwise(columns)]
    if not steps:
        return [LEFT + PLOT / 2]
    scale = (PLOT - 2 * _PADDING) / sum(steps)
    return [round(LEFT + _PADDING + way * scale, 1) for way in accumulate(steps, initial=0.0)]


def _pauses(columns: Sequence[datetime], places: Sequence[float]) -> Iterable[Pause]:
    for (earlier, later), (start, end) in zip(pairwise(columns), pairwise(places), strict=True):
        seconds = (later - earlier).total_seconds()
        if seconds >= 1 and end - start >= _ROOM_FOR_WORDS:
            yield Pause(round((start + end) / 2, 1), seconds)


def _track(
    story: TaskStory, rows: Sequence[Row], y: int, places: Sequence[float], column_of: Mapping[int, int]
) -> Track:
    marks = [Mark(row, SHAPES[row.event.kind], places[column_of[row.number]]) for row in rows]
    x_of = {mark.row.event.charge_id: mark.x for mark in marks}
    joins = [
        (x_of[mark.row.event.of], mark.x)
        for mark in marks
        if mark.row.event.of in x_of and mark.row.event.of != mark.row.event.charge_id
    ]
    return Track(story, y, tuple(marks), tuple(joins))
