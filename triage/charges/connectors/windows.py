"""Which span of time to ask for next: never beyond what has settled, always a little of what was read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from triage.charges.connectors.shape import Window

LAG = timedelta(seconds=60)  # a system may write its log that much later than it stamps the row
FIRST_STEP, LONGEST_STEP, SHORTEST_STEP = 3600, 24 * 3600, 30  # seconds of a window
_OVERLAP_OF_STEP = 4  # in a busy system the overlap shrinks with the window
_FEW_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Next:
    """A window, and how far the ledger is complete once it was read."""

    window: Window
    until: datetime


def next_window(
    cursor: Mapping[str, Any],
    *,
    now: datetime,
    overlap: timedelta,
    first_from: datetime,
    least_step_s: int = 0,
) -> Next | None:
    """None when nothing has settled since the last one.

    The overlap is read again each time, since rows may be written late.
    """
    settled = (now - LAG).astimezone(UTC).replace(microsecond=0)
    known = datetime.fromisoformat(cursor["until"]) if cursor.get("until") else None
    step = timedelta(seconds=max(cursor.get("step_s", FIRST_STEP), least_step_s))
    done = known or first_from.astimezone(UTC).replace(microsecond=0)
    until = min(done + step, settled)
    if until <= done:
        return None
    start = max(first_from, done - min(overlap, step * _OVERLAP_OF_STEP)) if known else done
    return Next(Window(start, until), until)


def shorter(cursor: Mapping[str, Any], *, least_step_s: int = 0) -> dict[str, Any] | None:
    """The cursor with half the window, after one that was too full; None when it cannot be shorter."""
    step = cursor.get("step_s", FIRST_STEP)
    if step <= max(SHORTEST_STEP, least_step_s):
        return None
    return {**cursor, "step_s": max(step // 2, SHORTEST_STEP)}


def advanced(cursor: Mapping[str, Any], *, until: datetime, rows: int) -> dict[str, Any]:
    """The cursor after a window that was read whole; quiet systems get longer ones."""
    step = cursor.get("step_s", FIRST_STEP)
    longer = min(step * 2, LONGEST_STEP) if rows <= _FEW_ROWS else step
    return {**cursor, "until": until.astimezone(UTC).isoformat(), "step_s": longer}
