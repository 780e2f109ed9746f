"""Figures that every process adds to Redis: pages, attempts, durations, retry hints. They only grow."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from probes.net.tallies import TALLIES, read_tallies
from probes.runs import tallied as of_runs
from triage.insights.metrics.families import capped, counter, histogram, named
from triage.insights.page_meter import PAGES, PAGES_SECONDS


def tallied_figures() -> Iterator[Metric]:
    """Raises RedisError."""
    TALLIES.flush()
    tallies = read_tallies()
    yield counter(
        "desk_page_requests",
        "Requests that the web processes answered, by the name of the view and status.",
        ("view", "status"),
        capped(named(tallies, PAGES), most=200),
    )
    yield histogram(
        "desk_page_seconds",
        "How long a page took, by the name of the view.",
        ("view",),
        capped(named(tallies, PAGES_SECONDS), most=200),
    )
    yield counter(
        "desk_probe_attempts",
        "Requests that probes sent, by endpoint, kind of step and outcome: ok, or the class of the error.",
        ("endpoint", "step", "outcome"),
        capped(named(tallies, of_runs.ATTEMPTS)),
    )
    yield counter(
        "desk_probe_attempts_skipped",
        "Steps that were not sent, by the code of the reason.",
        ("reason",),
        capped(named(tallies, of_runs.SKIPPED)),
    )
    yield histogram(
        "desk_probe_seconds",
        "From the start of an attempt until a phase was reached, by endpoint.",
        ("endpoint", "phase"),
        capped(named(tallies, of_runs.PHASES)),
    )
    yield counter(
        "desk_retry_hints",
        "Answers that said when to try again, by the header or field that said it.",
        ("source",),
        capped(named(tallies, of_runs.RETRY_HINTS)),
    )
