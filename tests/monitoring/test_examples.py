"""The dashboard and the alert rules ask for nothing that the desk does not tell."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from probes.lab.server import Lab
from probes.net.quick_redis import quick_redis
from tests.triage.insights.metrics.working_desk import TOKEN, scraped, work_a_little

FOLDER = Path(__file__).parents[2] / "monitoring"
OF_PROMETHEUS = {"up": {"job"}}  # made by the scrape itself
ALERTS = yaml.safe_load((FOLDER / "alerts.yml").read_text())
DASHBOARD = json.loads((FOLDER / "grafana-dashboard.json").read_text())
_LABEL_SHOWN = re.compile(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}")


def rules() -> list[dict[str, Any]]:
    return [rule for group in ALERTS["groups"] for rule in group["rules"]]


def queries() -> list[tuple[str, str, str]]:
    """(where it stands, the query, words that show its labels) of both files."""
    alerts = [(rule["alert"], rule["expr"], str(rule["annotations"])) for rule in rules()]
    panels = [
        (panel["title"], target["expr"], target["legendFormat"])
        for panel in DASHBOARD["panels"]
        for target in panel["targets"]
    ]
    marks = [(mark["name"], mark["expr"], "") for mark in DASHBOARD["annotations"]["list"]]
    return alerts + panels + marks


def parsed(query: str) -> Any:
    """Grafana fills in the interval; Prometheus' own grammar reads the rest."""
    return promql_parser.parse(query.replace("$__rate_interval", "5m"))


def selectors(node: Any) -> Iterator[Any]:
    if isinstance(node, promql_parser.VectorSelector):
        yield node
    for name in ("lhs", "rhs", "expr", "vector_selector", "args"):
        part = getattr(node, name, None) or []
        for child in part if isinstance(part, list) else [part]:
            yield from selectors(child)


def grouped_by(node: Any) -> Iterator[str]:
    if isinstance(node, promql_parser.AggregateExpr) and node.modifier:
        yield from node.modifier.labels
    for name in ("lhs", "rhs", "expr", "args"):
        part = getattr(node, name, None) or []
        for child in part if isinstance(part, list) else [part]:
            yield from grouped_by(child)


@pytest.fixture
def told(lab: Lab, settings, db: None, redis_url: str) -> dict[str, set[str]]:
    """The labels of every metric that a working desk exposes, by its name; only what has a figure counts."""
    settings.METRICS_TOKEN = TOKEN
    quick_redis(redis_url).flushdb()
    work_a_little(lab)
    scraped()  # counts a page
    names = {name: set(labels) for name, labels in OF_PROMETHEUS.items()}
    for sample in scraped():
        names.setdefault(sample.name, set()).update(sample.labels)
    quick_redis(redis_url).flushdb()
    return names


def test_every_metric_and_label_that_they_name_is_exposed(told: dict[str, set[str]]):
    wrong = []
    for where, query, words in queries():
        tree = parsed(query)
        found = list(selectors(tree))
        assert found, where
        wrong += [f"{where}: no metric {one.name}" for one in found if one.name not in told]
        known = set().union(*(told.get(one.name, set()) for one in found))
        matched = {matcher.name for one in found for matcher in one.matchers.matchers}
        shown = set(_LABEL_SHOWN.findall(words)) - {"value"}
        wrong += [f"{where}: no label {label}" for label in (matched | shown | {*grouped_by(tree)}) - known]

    assert wrong == []


def test_every_metric_of_the_desk_stands_on_the_dashboard_or_in_an_alert(told: dict[str, set[str]]):
    asked = {one.name for _where, query, _words in queries() for one in selectors(parsed(query))}

    unseen = {name for name in told if name not in asked and not name.endswith(("_count", "_sum"))}

    assert unseen == set()


def test_each_alert_has_a_name_of_its_own_a_severity_and_a_sentence():
    names = [rule["alert"] for rule in rules()]

    assert len(names) == len(set(names))
    assert all(rule["labels"]["severity"] in ("page", "warn", "info") for rule in rules())
    assert all(rule["annotations"]["summary"].endswith(".") for rule in rules())


def test_the_panels_lie_beside_each_other_and_have_titles_and_numbers_of_their_own():
    panels = DASHBOARD["panels"]
    cells = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in panels
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _y in cells) < 24
    assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels}) == len(panels)


def test_the_example_scrape_reads_the_rules_beside_it_by_the_right_address():
    example = yaml.safe_load((FOLDER / "prometheus.yml").read_text())

    (job,) = example["scrape_configs"]
    assert all((FOLDER / name).is_file() for name in example["rule_files"])
    assert job["metrics_path"] == "/metrics"
    assert job["authorization"]["type"] == "Bearer"
    assert {"up"} <= {one.name for rule in rules() for one in selectors(parsed(rule["expr"]))}
    assert f'job="{job["job_name"]}"' in next(rule["expr"] for rule in rules() if "up{" in rule["expr"])
