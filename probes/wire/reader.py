"""Folds the timed moments of one attempt into its facts."""

from collections.abc import Iterable
from datetime import datetime

from probes.wire.dialects.base import Dialect
from probes.wire.facts import Facts
from probes.wire.moments import Moment


class Reader:
    """Takes moments as they happen; `facts()` may be asked at any time."""

    def __init__(self, *, step: str, dialect: Dialect, wall_start: datetime) -> None:
        raise NotImplementedError

    def take(self, moment: Moment) -> None:
        raise NotImplementedError

    def facts(self) -> Facts:
        raise NotImplementedError


def read_facts(moments: Iterable[Moment], *, step: str, dialect: Dialect, wall_start: datetime) -> Facts:
    """The facts of a whole transcript; the same moments always give the same facts."""
    reader = Reader(step=step, dialect=dialect, wall_start=wall_start)
    for moment in moments:
        reader.take(moment)
    return reader.facts()
