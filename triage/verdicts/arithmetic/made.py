"""When a request was made, by the time that its id carries, against the time that the ticket tells."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from probes.wire.request_ids import embedded_time

AGREES: Final = timedelta(minutes=15)
"""People look at the clock after the fact, and a slow answer takes its time."""

_SAME_ZONE_STEP = timedelta(minutes=30)  # zones differ by whole and half hours
_STEP_SLACK = timedelta(minutes=6)
_FARTHEST_ZONES = timedelta(hours=14)
_XRAY = re.compile(r"\b1-([0-9a-f]{8})-[0-9a-f]{24}\b")
_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b")


@dataclass(frozen=True, slots=True)
class Made:
    """The time in an id; without a zone it is the local time of whoever made it."""

    request_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An id and a ticket tell different times."""

    made: Made
    told: datetime  # aware
    apart: timedelta  # how much later the id was made, by the clock on the customer's wall
    may_be_zone: bool  # apart by what zones differ by, and the id names none


def made_at(request_id: str) -> Made | None:
    """From one-api's ids (local time), UUIDs of version 7 and X-Ray's trace ids (both UTC)."""
    if local := embedded_time(request_id):
        return Made(request_id, local)
    seconds = _epoch_in(request_id.lower())
    return Made(request_id, datetime.fromtimestamp(seconds, UTC)) if seconds else None


def _epoch_in(request_id: str) -> float | None:
    """Seconds since 1970 that an id carries, between 2015 and 2100: other bits are no time."""
    if match := _XRAY.search(request_id):
        seconds = float(int(match[1], 16))
    elif match := _UUID.search(request_id):
        seconds = (UUID(match[0]).int >> 80) / 1000
    else:
        return None
    return seconds if 1.42e9 < seconds < 4.1e9 else None


def disagreement(made: Made, told: datetime, *, wall: timedelta) -> Disagreement | None:
    """How far the id's time lies from the ticket's; None when they agree.

    `wall` is the customer's offset from UTC: the id of an unknown zone is compared with the clock there.
    """
    on_the_wall = (told.astimezone(UTC) + wall).replace(tzinfo=None)
    apart = made.at - (told if made.at.tzinfo else on_the_wall)
    if abs(apart) <= AGREES:
        return None
    return Disagreement(made, told, apart, may_be_zone=made.at.tzinfo is None and is_zone_apart(apart))


def is_zone_apart(apart: timedelta) -> bool:
    """Whether zones alone can explain the difference: whole or half hours, and not too many."""
    steps = round(apart / _SAME_ZONE_STEP)
    return abs(apart - steps * _SAME_ZONE_STEP) <= _STEP_SLACK and abs(apart) <= _FARTHEST_ZONES + _STEP_SLACK
