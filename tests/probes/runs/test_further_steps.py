"""Every kind of step, carried out against the lab over real sockets."""

import pytest
from django.utils import timezone

from probes.endpoints.models import Endpoint, Route
from probes.lab.server import Lab
from probes.net.exchange import exchange
from probes.runs.actions.create_run import create_run, terms_of
from probes.runs.actions.perform_run import perform_run
from probes.runs.kinds import parse_wishes
from probes.runs.models import Attempt, Run
from probes.runs.plan import plan_steps
from probes.wire.facts import Facts
from tests.journeys.desk import lab_endpoint
from tests.probes.net.http2_servers import Speaking, data, headers
from tests.probes.net.servers import served
from tests.probes.runs.builders import STREAM, make_endpoint

pytestmark = pytest.mark.django_db
LONG_ENOUGH = 16 * 1024  # bytes of a stream, below which buffering cannot be judged


@pytest.fixture
def endpoint(lab: Lab) -> Endpoint:
    endpoint = lab_endpoint(
        lab,
        balance_path="/dashboard/billing/subscription",
        websocket_path="/realtime",
        task_path="/tasks/{task_id}",
    )
    Route.objects.create(
        endpoint=endpoint,
        slug="inner",
        base_url=f"{lab.base_url}/as/ok/v1",
        allow_addresses=endpoint.allow_addresses,
    )
    return endpoint


def run_of(endpoint: Endpoint, steps: str, **wanted: str) -> Run:
    plan = plan_steps(terms_of(endpoint, protocol=wanted.pop("protocol", "")), parse_wishes(steps), **wanted)
    return create_run(endpoint=endpoint, plan=plan, requested_by=None, now=timezone.now())


def perform(endpoint: Endpoint, steps: str, **wanted: str) -> list[Facts]:
    run = run_of(endpoint, steps, **wanted)
    perform_run(run.pk, clock=timezone.now)
    return [attempt.read_facts() for attempt in run.attempts.all()]


@pytest.mark.parametrize("protocol", ["openai_chat", "openai_responses", "anthropic"])
def test_a_long_answer_fills_16_kib_and_a_tool_call_comes_in_fragments(endpoint, protocol):
    endpoint.extra_protocols = ["openai_responses", "anthropic"]

    long, tool = perform(endpoint, "long,tool", protocol=protocol)

    assert long.body_bytes >= LONG_ENOUGH
    assert long.done_seen
    assert (tool.tool_calls, tool.content_chars) == (1, 0)
    assert tool.events > 3


def test_variants_of_the_stream_are_told_apart_by_their_step(endpoint):
    facts = perform(endpoint, "control,stream,gzip,repeat:2,model:split_utf8", model="ok")

    assert [seen.step for seen in facts] == ["control", "stream", "gzip", "repeat", "repeat", "model"]
    assert all(seen.status == 200 for seen in facts)
    assert facts[-1].model_reported == "split_utf8"


def test_only_the_step_http2_is_sent_over_http2(endpoint):
    run, over = run_of(endpoint, "stream,http2,gzip"), []

    def send(request, *, http2, **_):
        over.append(http2)

    perform_run(run.pk, clock=timezone.now, send=send)

    assert over == [False, True, False]


def test_an_answer_over_http2_is_read_as_any_other():
    with served(Speaking(headers(), data(STREAM, end=True))) as server:
        endpoint = make_endpoint(base_url=f"http://{server.entry}/v1", allow_addresses=[server.entry])
        (facts,) = perform(endpoint, "http2")

    assert (facts.http_version, facts.status, facts.done_seen) == ("HTTP/2", 200, True)


def test_a_second_route_is_sent_elsewhere_and_named(endpoint, lab):
    lab.counters.reset()

    stream, route = perform(endpoint, "stream,route:inner", model="html_200")

    assert (stream.route, route.route, route.route_place) == ("", "inner", "behind_edge")
    assert (stream.body_kind, route.done_seen) == ("html", True)


def test_a_route_that_is_gone_is_not_replaced_by_another_way(endpoint):
    run = run_of(endpoint, "stream,route:inner")
    endpoint.routes.all().delete()

    perform_run(run.pk, clock=timezone.now)

    route = run.attempts.get(step="route")
    assert (route.state, route.read_facts().skipped, route.read_facts().route) == (
        Attempt.State.SKIPPED,
        "route_gone",
        "inner",
    )


@pytest.mark.parametrize("what", [Endpoint, Route])
def test_a_place_that_an_admin_moves_meanwhile_is_not_sent_the_key(endpoint, lab, what):
    run = run_of(endpoint, "control,route:inner" if what is Route else "control,stream")

    def send_and_move(*request: object, **how: object) -> None:
        exchange(*request, **how)
        what.objects.update(base_url=f"{lab.base_url}/elsewhere/v1")

    perform_run(run.pk, clock=timezone.now, send=send_and_move)

    first, second = (attempt.read_facts() for attempt in run.attempts.all())
    assert (first.status, second.skipped, second.sent) == (200, "place_changed", False)


def test_an_endpoint_that_is_paused_meanwhile_is_sent_nothing_more(endpoint):
    run = run_of(endpoint, "control,stream")

    def send_and_pause(*request: object, **how: object) -> None:
        exchange(*request, **how)
        Endpoint.objects.update(paused=True)

    perform_run(run.pk, clock=timezone.now, send=send_and_pause)

    first, second = (attempt.read_facts() for attempt in run.attempts.all())
    assert (first.status, second.skipped, second.sent) == (200, "endpoint_paused", False)


def test_look_ups_cost_nothing_and_say_what_they_saw(endpoint):
    run = run_of(endpoint, "models,balance,websocket")

    perform_run(run.pk, clock=timezone.now)

    models, limit, usage, door = (attempt.read_facts() for attempt in run.attempts.all())
    run.refresh_from_db()
    assert run.settled == 0
    assert (models.model_listed, models.models_listed > 10) == (True, True)
    assert (limit.balance, usage.balance, usage.balance_currency) == ("", "12.5", "USD")
    assert (door.status, door.websocket_accepted) == (101, True)


def test_a_wrong_key_ends_a_series_after_its_first_request(endpoint):
    facts = perform(endpoint, "repeat:4", model="key_invalid_401")

    assert [seen.skipped for seen in facts] == ["", *["same_answer_certain"] * 3]


def test_thoughts_alone_are_seen_as_such(endpoint):
    (stream,) = perform(endpoint, "stream", model="reasoning_only")

    assert (stream.content_chars, stream.reasoning_chars > 0, stream.finish_reason) == (0, True, "length")


@pytest.mark.parametrize(
    ("path", "status"), [("/videos/{task_id}", "running"), ("/tasks/{task_id}", "failed")]
)
def test_a_task_is_looked_up_where_the_endpoint_keeps_it(endpoint, path, status):
    endpoint.task_path = path
    endpoint.save()

    (facts,) = perform(endpoint, "status", task_id="task_lost" if status == "failed" else "task_slow")

    assert facts.task_status == status


def test_an_endpoint_says_where_its_tasks_keep_things(endpoint):
    endpoint.task_fields = {"status": ["data.data.status"], "error": ["data.action"]}
    endpoint.save()

    (facts,) = perform(endpoint, "status", task_id="task_lost")

    assert (facts.task_status, facts.task_status_raw, facts.task_error) == (
        "running",
        "in_progress",
        "generate",
    )


@pytest.mark.parametrize("steps", ["model:split_utf8,stream", "stream,model:split_utf8"])
def test_a_run_is_of_the_model_that_its_steps_share(endpoint, steps):
    assert run_of(endpoint, steps, model="usage_chunk").model == "usage_chunk"
