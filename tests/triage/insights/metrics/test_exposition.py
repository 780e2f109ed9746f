"""The page for Prometheus: who may read it, what it says, and what it says while a source is away."""

from collections.abc import Iterator

import pytest
from django.test import Client

from probes.lab.server import Lab
from probes.net.quick_redis import quick_redis
from probes.net.tallies import TALLIES
from tests.triage.insights.metrics.working_desk import TOKEN, figure, scraped, work_a_little
from tests.triage.people.builders import client_of
from triage.insights.metrics.families import OTHER, capped
from triage.people.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def token(settings, redis_url: str) -> Iterator[None]:
    """A token is set, and nothing was counted before."""
    settings.METRICS_TOKEN = TOKEN
    TALLIES.flush()
    quick_redis(redis_url).flushdb()
    yield
    quick_redis(redis_url).flushdb()


def status_for(authorization: str, client: Client | None = None) -> int:
    return (client or Client()).get("/metrics", headers={"authorization": authorization}).status_code


def test_without_a_token_in_the_settings_there_is_no_such_page(settings):
    settings.METRICS_TOKEN = ""

    assert status_for("Bearer ") == 404
    assert status_for("", client_of(Role.ADMIN)) == 404


@pytest.mark.parametrize(
    "authorization", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer 钥"]
)
def test_whoever_lacks_the_token_is_turned_away(authorization):
    assert status_for(authorization.encode().decode("latin-1")) == 401


def test_an_admins_session_is_no_token():
    assert status_for("", client_of(Role.ADMIN)) == 401


def test_what_the_desk_did_is_counted(lab: Lab):
    work_a_little(lab)

    samples = scraped()

    assert figure(samples, "desk_probe_attempts_total", endpoint="lab", outcome="ok") == 2
    assert figure(samples, "desk_probe_attempts_total", endpoint="lab", outcome="http_429") == 1
    assert figure(samples, "desk_probe_seconds_count", endpoint="lab", phase="first_token") == 1
    assert figure(samples, "desk_retry_hints_total", source="retry-after") == 1
    assert figure(samples, "desk_runs_refused_total", reason="endpoint_paused") == 1
    assert figure(samples, "desk_runs_ended_total", state="finished", purpose="ticket") == 2
    assert figure(samples, "desk_verdicts_total") == 3
    assert figure(samples, "desk_redactions_total", channel="form") == 1
    assert figure(samples, "desk_breakers", endpoint="lab", state="open") == 1
    assert figure(samples, "desk_breakers", endpoint="lab", state="half_open") == 0
    assert (
        0
        < figure(samples, "desk_spend", endpoint="lab")
        < figure(samples, "desk_spend_limit", endpoint="lab")
    )
    assert figure(samples, "desk_active_probes") == 0
    assert figure(samples, "desk_source_up") == 3


def test_pages_are_counted_by_view_and_never_by_what_strangers_ask_for():
    client = client_of(Role.SUPPORT)
    for path in ("/", "/", "/history/", "/no/such/page-%s" % ("x" * 30)):
        client.get(path)

    samples = scraped()

    assert figure(samples, "desk_page_requests_total", view="tickets:list", status="200") == 2
    assert figure(samples, "desk_page_requests_total", view="history:list", status="403") == 1
    assert figure(samples, "desk_page_requests_total", view="none", status="404") == 1
    assert figure(samples, "desk_page_seconds_count", view="tickets:list") == 2
    assert not any("x" * 30 in str(sample.labels) for sample in samples)


def test_buckets_add_up_to_the_count():
    for seconds in (0.001, 0.2, 0.2, 500):
        TALLIES.observe("pages_seconds", "tickets:list", seconds=seconds)

    samples = scraped()

    assert figure(samples, "desk_page_seconds_bucket", view="tickets:list", le="0.005") == 1
    assert figure(samples, "desk_page_seconds_bucket", view="tickets:list", le="0.25") == 3
    assert figure(samples, "desk_page_seconds_bucket", view="tickets:list", le="+Inf") == 4
    assert figure(samples, "desk_page_seconds_sum", view="tickets:list") == pytest.approx(500.401)


def test_without_redis_the_figures_of_the_database_stand(settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    samples = scraped()

    assert figure(samples, "desk_source_up", source="postgresql") == 1
    assert figure(samples, "desk_source_up", source="redis") == 0
    assert figure(samples, "desk_runs", state="queued") == 0


def test_what_was_counted_while_redis_was_away_is_not_lost(settings, redis_url):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    TALLIES.count("retry_hints", "text")
    TALLIES.flush()
    settings.REDIS_URL = redis_url

    assert figure(scraped(), "desk_retry_hints_total", source="text") == 1


def test_a_scrape_costs_few_queries(lab: Lab, django_assert_max_num_queries):
    work_a_little(lab)

    with django_assert_max_num_queries(20):
        scraped()


def test_a_label_keeps_its_greatest_values_and_adds_up_the_rest():
    figures = {("a", "x"): 5.0, ("b", "x"): 1.0, ("c", "x"): 2.0, ("a", "y"): 1.0}

    assert capped(figures, most=1) == {("a", "x"): 5.0, ("a", "y"): 1.0, (OTHER, "x"): 3.0}
