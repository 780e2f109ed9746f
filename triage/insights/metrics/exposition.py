"""The page for Prometheus, from three sources; one that is away leaves the others' figures standing."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

from django.db import Error
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from redis import RedisError

from probes.net.pacing import PacingUnavailable
from triage.insights.metrics.families import gauge
from triage.insights.metrics.shared import shared_figures
from triage.insights.metrics.stored import stored_figures
from triage.insights.metrics.tallied import tallied_figures

_AWAY = (Error, RedisError, PacingUnavailable, ValueError)

Source = Callable[[], Iterable[Metric]]


class _Scrape(Collector):
    def __init__(self, sources: dict[str, Source]) -> None:
        self._sources = sources

    def collect(self) -> Iterator[Metric]:
        answered = dict[tuple[str, ...], float]()
        for name, figures in self._sources.items():
            found = _figures_or_none(figures)
            answered[(name,)] = float(found is not None)
            yield from found or ()
        yield gauge(
            "desk_source_up", "1 when the figures of this source could be read.", ("source",), answered
        )


def exposition(*, now: datetime) -> bytes:
    """All figures in Prometheus' text format 0.0.4."""
    return generate_latest(
        _Scrape(
            {
                "postgresql": partial(stored_figures, now=now),
                "redis": shared_figures,
                "tallies": tallied_figures,
            }
        )
    )


def _figures_or_none(figures: Source) -> list[Metric] | None:
    """All of a source or none: half of its figures would look like the others had vanished."""
    try:
        return list(figures())
    except _AWAY:
        return None
