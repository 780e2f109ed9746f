"""Metrics as Prometheus' library wants them, each label kept to few values."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from probes.net.tallies import SECONDS, SUM, Tally

MOST_VALUES = 50  # of one label; the rarer ones are added up as OTHER
OTHER = "other"

Labels = tuple[str, ...]
Figures = Mapping[Labels, float]


def gauge(name: str, told: str, labels: Sequence[str], figures: Figures) -> Metric:
    family = GaugeMetricFamily(name, told, labels=labels)
    for values, figure in sorted(figures.items()):
        family.add_metric(values, figure)
    return family


def counter(name: str, told: str, labels: Sequence[str], figures: Figures) -> Metric:
    """`name` without `_total`, which the library adds."""
    family = CounterMetricFamily(name, told, labels=labels)
    for values, figure in sorted(figures.items()):
        family.add_metric(values, figure)
    return family


def histogram(name: str, told: str, labels: Sequence[str], tallies: Mapping[Tally, float]) -> Metric:
    """Of durations as `Tallies.observe` keeps them: the last label is the bucket's number, or `SUM`."""
    family = HistogramMetricFamily(name, told, labels=labels)
    for values in sorted({tally[:-1] for tally in tallies}):
        buckets, seen = list[tuple[str, float]](), 0.0
        for number, bound in enumerate([*map(str, SECONDS), "+Inf"]):
            seen += tallies.get((*values, str(number)), 0)
            buckets.append((bound, seen))
        family.add_metric(values, buckets, tallies.get((*values, SUM), 0))
    return family


def named(tallies: Mapping[Tally, float], name: str) -> dict[Tally, float]:
    """Those of one name, without it."""
    return {tally[1:]: number for tally, number in tallies.items() if tally[0] == name}


def capped(figures: Figures, *, at: int = 0, most: int = MOST_VALUES) -> dict[Labels, float]:
    """The label in place `at` keeps its `most` greatest values; what the others have is added up."""
    weights = Counter[str]()
    for values, figure in figures.items():
        weights[values[at]] += figure  # type: ignore[assignment]  # floats are counted as well
    kept = {value for value, _weight in weights.most_common(most)}
    folded = dict[Labels, float]()
    for values, figure in figures.items():
        place = values if values[at] in kept else (*values[:at], OTHER, *values[at + 1 :])
        folded[place] = folded.get(place, 0) + figure
    return folded


def with_zeros(figures: Figures, expected: Iterable[Labels]) -> dict[Labels, float]:
    """What is expected and did not occur is 0: an alert can only see figures that are there."""
    return dict.fromkeys(expected, 0.0) | dict(figures)
