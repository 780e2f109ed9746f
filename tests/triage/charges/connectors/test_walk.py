"""A window is read page by page, and never more of it than fits."""

from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from triage.charges.connectors.shape import Answer, Ask, Page, Window, row_of
from triage.charges.connectors.walk import MOST_CHARS, WindowTooFull, read_window

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
WINDOW = Window(NOON, NOON + timedelta(hours=1))


class Chatty:
    """A system whose rows are as long as it is told, one a page, without end."""

    least_step_s = 0
    headers = MappingProxyType({})

    def __init__(self, length: int) -> None:
        self._length = length

    def first(self, window: Window) -> Ask:
        return Ask("/logs?page=1", 1)

    def read(self, answer: Answer, *, asked: Ask, window: Window) -> Page:
        row = row_of(
            {"charge_id": str(asked.number), "model": "m" * self._length, "occurred_at": NOON.isoformat()}
        )
        return Page((row,), Ask(f"/logs?page={asked.number + 1}", asked.number + 1), 1)


def test_long_rows_end_a_window_before_they_fill_the_memory() -> None:
    asked: list[Ask] = []

    def ask(page: Ask) -> Answer:
        asked.append(page)
        return Answer(None, {})

    with pytest.raises(WindowTooFull):
        read_window(Chatty(MOST_CHARS // 4), WINDOW, ask=ask)

    assert len(asked) == 4
