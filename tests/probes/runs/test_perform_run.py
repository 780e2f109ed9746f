"""A run is carried out once, within its budget, and keeps only masked facts."""

import json
import random
import string
from datetime import timedelta
from decimal import Decimal

import orjson
import pytest

from probes.endpoints.actions import seal_probe_key
from probes.endpoints.models import Endpoint
from probes.runs.actions.perform_run import perform_run
from probes.runs.models import Attempt, Run, Spend
from probes.wire.moments import Chunk, Closed, Headers, Sending, Sent
from tests.probes.runs.builders import (
    NOW,
    PROBE_KEY,
    answering,
    let_leases_lapse,
    make_endpoint,
    make_run,
    moments,
)

pytestmark = pytest.mark.django_db


TOMORROW = NOW + timedelta(days=1)


def clock():
    return NOW


def after(send, happens):
    """The same exchange, and then something happens."""

    def exchange(request, **rest):
        send(request, **rest)
        happens()

    return exchange


def test_control_and_stream_are_sent_and_their_facts_kept():
    run, sent = make_run(), []

    perform_run(run.pk, clock=clock, send=answering(sent))

    control, stream = (attempt.read_facts() for attempt in run.attempts.all())
    assert len(sent) == 2
    assert (control.status, control.content_chars) == (200, 8)
    assert (stream.done_seen, stream.finish_reason) == (True, "stop")
    run.refresh_from_db()
    assert run.state == Run.State.FINISHED


def test_a_second_delivery_sends_nothing():
    run, sent = make_run(), []
    perform_run(run.pk, clock=clock, send=answering(sent))

    assert perform_run(run.pk, clock=clock, send=answering(sent)) is None
    assert len(sent) == 2


def test_the_stream_is_spared_when_the_control_fails():
    run, sent = make_run(), []
    refusal = moments(
        401, "application/json", orjson.dumps({"error": {"message": "无效的令牌", "type": "one_api_error"}})
    )

    perform_run(run.pk, clock=clock, send=answering(sent, control=refusal))

    assert len(sent) == 1
    assert run.attempts.get(step="stream").read_facts().skipped == "control_failed"


@pytest.mark.parametrize(
    ("columns", "settings_changed", "code"),
    [
        ({"paused": True}, {}, "endpoint_paused"),
        ({"daily_budget": Decimal("0.0001")}, {}, "over_endpoint_budget"),
        ({}, {"PROBE_BUDGET_PER_DAY": Decimal(0)}, "over_daily_budget"),
        ({}, {"PROBES_STOPPED": True}, "kill_switch"),
    ],
)
def test_a_run_that_may_not_start_says_why_and_sends_nothing(columns, settings_changed, code, settings):
    run, sent = make_run(make_endpoint(**columns)), []
    for name, value in settings_changed.items():
        setattr(settings, name, value)

    perform_run(run.pk, clock=clock, send=answering(sent))

    run.refresh_from_db()
    assert (run.state, run.refusal, sent) == (Run.State.REFUSED, code, [])


def test_the_day_pays_what_was_used_and_not_the_worst_case():
    run = make_run()

    perform_run(run.pk, clock=clock, send=answering([]))

    run.refresh_from_db()
    assert run.reserved > run.settled > 0
    assert Spend.objects.get(scope=f"endpoint:{run.endpoint_id}").amount == run.settled


def test_prices_raised_after_the_plan_was_made_pass_no_budget():
    run, sent = make_run(make_endpoint(daily_budget=Decimal("0.02"))), []
    Endpoint.objects.update(price_out_per_1k=Decimal(1))

    perform_run(run.pk, clock=clock, send=answering(sent))

    run.refresh_from_db()
    assert (run.state, run.refusal, sent) == (Run.State.REFUSED, "over_endpoint_budget", [])


def test_a_refused_run_holds_no_money_back():
    run = make_run(make_endpoint(daily_budget=Decimal("0.0001")))

    perform_run(run.pk, clock=clock, send=answering([]))

    run.refresh_from_db()
    assert (run.reserved, list(Spend.objects.exclude(amount=0))) == (0, [])


def test_a_run_that_goes_on_after_midnight_is_paid_by_the_day_it_was_claimed():
    run = make_run()
    times = [NOW]

    perform_run(run.pk, clock=lambda: times[-1], send=after(answering([]), lambda: times.append(TOMORROW)))

    run.refresh_from_db()
    assert run.finished_at == TOMORROW
    assert {(spend.day, spend.amount) for spend in Spend.objects.all()} == {(NOW.date(), run.settled)}


def test_an_echoed_probe_key_is_masked_before_it_is_stored():
    echo = {"error": {"message": f"Incorrect API key provided: {PROBE_KEY}", "code": "invalid_api_key"}}
    run = make_run()

    perform_run(
        run.pk, clock=clock, send=answering([], control=moments(401, "application/json", orjson.dumps(echo)))
    )

    stored = str(Attempt.objects.get(run=run, step="control").facts)
    assert "Incorrect API key" in stored
    assert PROBE_KEY not in stored


@pytest.mark.parametrize("where", range(250, 340, 10))
def test_a_key_without_a_shape_echoed_in_headers_leaves_no_piece_of_itself(where):
    key = "".join(random.Random(7).choices(string.ascii_letters + string.digits, k=48))
    endpoint = make_endpoint()
    seal_probe_key(endpoint, key)
    run = make_run(endpoint)
    fields = (
        ("content-type", f"text/{key}; charset={key}"),
        ("content-encoding", key),
        (f"x-{key}", "1"),
        (f"x-ratelimit-{key}", key),
        ("location", f"https://a.example/{'p' * where}/{key}?k={key}"),
        ("www-authenticate", f"Bearer {'w' * where} {key}"),
        ("server", f"{'s' * where}={key}"),
        ("x-request-id", key),
    )
    refusal = (Headers(30, 401, "HTTP/1.1", fields), Chunk(40, f"request id: {key}".encode()), Closed(41))

    perform_run(run.pk, clock=clock, send=answering([], control=(Sending(3), Sent(4), *refusal)))

    stored = json.dumps(Attempt.objects.get(run=run, step="control").facts).lower()
    assert "www-authenticate" in stored
    assert not [at for at in range(36) if key[at : at + 12].lower() in stored]


def test_a_worker_that_lost_its_run_sends_nothing_more():
    run, sent = make_run(), []
    losing = after(answering(sent), lambda: Run.objects.filter(pk=run.pk).update(fence=99))

    assert perform_run(run.pk, clock=clock, send=losing) is None
    assert len(sent) == 1


def test_a_claimed_run_has_a_lease():
    run = make_run()

    claimed = Run.objects.claim(run.pk, at=NOW)

    assert claimed is not None
    assert list(Run.objects.lost()) == []
    let_leases_lapse()
    assert list(Run.objects.lost()) == [run]
