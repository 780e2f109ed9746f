"""All pages of one window, with every way in which a server may lead a reader round in circles."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, timedelta

from triage.charges.connectors.faults import FetchCode, FetchFault
from triage.charges.connectors.shape import Answer, Ask, Page, Row, Shape, Window
from triage.charges.refusals import Refused
from triage.charges.times import read_time

MOST_PAGES = 500
MOST_ROWS = 20_000  # held in memory, about a kilobyte each
MOST_CHARS = 64_000_000  # in all of them: a hostile server may send fewer and longer ones
_SLACK = timedelta(hours=26)  # a server that takes the window for its local time is off by no more
_REPEATS = 2  # pages without a new row; one is the first page under the numbers 0 and 1


class WindowTooFull(FetchFault):
    """More rows than are read at once, or than the API hands out: a shorter window is needed."""

    def __init__(self) -> None:
        super().__init__(FetchCode.WINDOW_TOO_FULL)


@dataclass(frozen=True, slots=True)
class WindowRead:
    """The rows of a window, each once. `whole` is False when rows came or went while it was read."""

    rows: tuple[Row, ...]
    whole: bool
    pages: int
    first: Answer


def read_window(shape: Shape, window: Window, *, ask: Callable[[Ask], Answer]) -> WindowRead:
    """Ask for page after page, each once. Raises FetchFault; WindowTooFull before it would read too much."""
    walk = _Walk(shape, window)
    asked = shape.first(window)
    first = answer = ask(asked)
    while (following := walk.take(answer, asked)) is not None:
        asked = following
        answer = ask(asked)
    return WindowRead(distinct_ids(walk.rows), walk.is_whole, walk.pages, first)


class _Walk:
    """What was read so far."""

    def __init__(self, shape: Shape, window: Window) -> None:
        self._shape, self._window = shape, window
        self._rows: dict[tuple[str, ...], Row] = {}
        self._paths: set[str] = set()
        self._total: int | None = None
        self._free = self._repeats = 0  # entries that bill nobody; pages in a row without anything new
        self._chars = 0
        self.pages = 0

    @property
    def rows(self) -> Iterable[Row]:
        return self._rows.values()

    @property
    def is_whole(self) -> bool:
        return self._total is None or len(self._rows) + self._free >= self._total

    def take(self, answer: Answer, asked: Ask) -> Ask | None:
        """Keep what is new, and say what to ask next."""
        page = self._shape.read(answer, asked=asked, window=self._window)
        self.pages += 1
        self._paths.add(asked.path)
        if page.total is not None:  # the most that was said: rows that went took others along, unread
            self._total = max(self._total or 0, page.total)
        self._check_size(page)
        if not self._shape.least_step_s:
            _check_times(page.rows, self._window)
        self._count(page)
        if page.next and page.next.path in self._paths:
            raise FetchFault(FetchCode.PAGES_REPEAT, page.next.path)
        return page.next

    def _count(self, page: Page) -> None:
        before = len(self._rows)
        self._rows |= {tuple(row.values()): row for row in page.rows}
        self._free += page.listed - len(page.rows)
        brings_nothing = len(self._rows) == before and bool(page.rows)
        self._repeats = self._repeats + 1 if brings_nothing else 0
        if self._repeats >= _REPEATS and page.next:
            raise FetchFault(FetchCode.PAGES_REPEAT, page.next.path)

    def _check_size(self, page: Page) -> None:
        rows = max(self._total or 0, len(self._rows) + len(page.rows))
        self._chars += sum(len(text) for row in page.rows for text in row.values())
        if (
            self._chars > MOST_CHARS
            or page.too_full
            or rows > MOST_ROWS
            or (self.pages >= MOST_PAGES and page.next)
        ):
            raise WindowTooFull


def _check_times(rows: Iterable[Row], window: Window) -> None:
    """One odd row is a slip of its own; a page of them means that the window was not understood."""
    outside = [_is_outside(row, window) for row in rows]
    if sum(outside) * 2 > len(outside):
        raise FetchFault(FetchCode.WINDOW_IGNORED)


def _is_outside(row: Row, window: Window) -> bool:
    try:
        at = read_time(row["occurred_at"], UTC)
    except Refused:
        return False
    return not window.start - _SLACK <= at <= window.end + _SLACK


def distinct_ids(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The same rows; where several call types, or log types, share one id, all but the first append theirs.

    Rows of one id that differ in anything else stay as they are: that is a conflict, and shown as one.
    """
    types: dict[str, list[str]] = defaultdict(list)
    told = []
    for row in sorted(rows, key=lambda row: (row["occurred_at"], row["component"], row["log_type"])):
        own = row["component"] or row["log_type"]
        known = types[row["charge_id"]]
        if own not in known:
            known.append(own)
        told.append({**row, "charge_id": f"{row['charge_id']}:{own}"} if _needs_own(row, own, known) else row)
    return tuple(told)


def _needs_own(row: Row, own: str, known: list[str]) -> bool:
    return bool(row["charge_id"] and own) and known.index(own) > 0
