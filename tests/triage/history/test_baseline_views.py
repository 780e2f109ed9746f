"""Pages of baselines: the cost before, the switch, and what is usual at an endpoint and beside a run."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from probes.runs.actions.create_run import create_run
from probes.runs.baselines import plan_baseline
from probes.runs.models import Baseline, Run
from tests.probes.runs.builders import make_endpoint
from tests.probes.runs.test_usual import measure
from tests.triage.people.builders import client_of
from tests.triage.tickets.builders import conclude, make_investigation
from triage.people.models import AuditEntry
from triage.people.roles import Role
from triage.tickets.actions.look_around import look_around
from triage.tickets.actions.sweep_investigations import sweep_orphans
from triage.tickets.models import Investigation
from triage.verdicts.case import Evidence, Usual
from triage.verdicts.surroundings import Surroundings, surroundings_as_dict

pytestmark = pytest.mark.django_db


def page_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def form_in(page: str) -> dict[str, str]:
    form = re.search(r'<form method="post" action="/history/baselines/on/">(.*?)</form>', page, re.S)[1]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def switch_on(client, query: str, **changed):
    return client.post("/history/baselines/on/", form_in(page_of(client, query)) | changed)


def test_the_cost_of_a_day_stands_before_the_switch():
    make_endpoint()
    client = client_of(Role.ENGINEER)

    page = page_of(client, "/history/baselines/?endpoint=shop&every_minutes=30")

    assert re.search(r"At most 0\.0\d+ USD a day.*Switch on", page, re.S)
    assert "48 requests a day of gpt-4o-mini" in page
    assert not Baseline.objects.exists()


def test_who_switched_it_on_and_off_stands_in_the_trail():
    make_endpoint()
    client = client_of(Role.ENGINEER)

    switch_on(client, "/history/baselines/?endpoint=shop&model=glm-4")
    baseline = Baseline.objects.get()
    listed = page_of(client, "/history/baselines/")
    client.post(f"/history/baselines/{baseline.pk}/off/")
    client.post(f"/history/baselines/{baseline.pk}/off/")

    assert (baseline.model, baseline.every_minutes, baseline.is_on) == ("glm-4", 60, True)
    assert "on, every 60 min" in listed
    assert not Baseline.objects.get().is_on
    actions = AuditEntry.objects.filter(action__startswith="baseline.").order_by("pk")
    assert [entry.action for entry in actions] == ["baseline.switched_on", "baseline.switched_off"]


def test_a_price_that_rose_meanwhile_is_shown_again():
    endpoint, client = make_endpoint(), client_of(Role.ENGINEER)
    shown = form_in(page_of(client, "/history/baselines/?endpoint=shop"))
    endpoint.price_out_per_1k *= 3
    endpoint.save()

    answer = client.post("/history/baselines/on/", shown)

    assert answer.status_code == 409
    assert "a day costs more now" in answer.content.decode()
    assert not Baseline.objects.exists()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?endpoint=nowhere", "There is no such endpoint."),
        ("?endpoint=shop&every_minutes=1", "Enter a whole number from 5 to 1440"),
        ("?endpoint=shop&model=sora-2", "never submits such tasks"),
    ],
)
def test_what_cannot_be_measured_says_why(query, said):
    make_endpoint()

    page = page_of(client_of(Role.ENGINEER), f"/history/baselines/{query}")

    assert said in page
    assert "/baselines/on/" not in page


def test_what_holds_one_back_now_is_said():
    Baseline.objects.create(endpoint=make_endpoint(paused=True), model="glm-4", next_at=timezone.now())

    page = page_of(client_of(Role.ENGINEER), "/history/baselines/")

    assert "Held back now:" in page
    assert "The endpoint is paused by an admin" in page


def test_many_baselines_take_no_more_queries_than_one(django_assert_max_num_queries):
    for number in range(8):
        endpoint = make_endpoint(slug=f"shop-{number}")
        Baseline.objects.create(endpoint=endpoint, model="glm-4", next_at=timezone.now())
        measure(endpoint)

    client = client_of(Role.ENGINEER)
    with django_assert_max_num_queries(12):
        client.get("/history/baselines/")


def test_support_may_neither_see_nor_switch():
    client = client_of(Role.SUPPORT)

    assert client.get("/history/baselines/").status_code == 403
    assert client.post("/history/baselines/on/").status_code == 403
    assert client.post("/history/baselines/1/off/").status_code == 403


def test_what_is_not_there_is_a_404():
    client = client_of(Role.ENGINEER)

    assert client.get("/history/usual/nowhere/").status_code == 404
    assert client.post("/history/baselines/4711/off/").status_code == 404


def test_usual_values_stand_on_the_page_of_the_endpoint():
    endpoint = make_endpoint()
    Baseline.objects.create(endpoint=endpoint, model="glm-4", next_at=timezone.now())
    for wait in (300, 400, 500, 600, 1200):
        measure(endpoint, first_content_ms=wait)

    page = page_of(client_of(Role.ENGINEER), "/history/usual/shop/")

    assert "5 measurements" in page
    assert re.search(r"First text after</th>.*?0\.50\s?.?s.*?1\.20", page, re.S)


def test_an_endpoint_without_baselines_says_how_to_get_them():
    make_endpoint()

    assert "Nothing is measured here" in page_of(client_of(Role.ENGINEER), "/history/usual/shop/")


def test_a_run_stands_beside_what_was_usual_when_it_was_made():
    run = make_investigation().run
    endpoint = run.endpoint
    for wait in (1, 2, 3, 4, 5):
        measure(endpoint, first_content_ms=wait, model=run.model, minutes_ago=10)
    measure(endpoint, first_content_ms=99_000, model=run.model, minutes_ago=-10)

    page = page_of(client_of(Role.ENGINEER), f"/history/{run.pk}/")

    beside = page.partition('id="usual"')[2]
    assert "5 measurements" in beside
    assert "above P90" in beside


def test_the_sweep_leaves_replays_and_baselines_waiting_and_ends_what_a_terminal_left():
    endpoint, long_ago = make_endpoint(), timezone.now() - timedelta(hours=1)
    waiting = {
        purpose: create_run(
            endpoint=endpoint,
            plan=plan_baseline(endpoint, "glm-4"),
            requested_by=None,
            now=long_ago,
            purpose=purpose,
        )
        for purpose in (Run.Purpose.REPLAY, Run.Purpose.BASELINE, Run.Purpose.BY_HAND)
    }

    sweep_orphans(now=timezone.now())

    rung = list(Run.objects.waiting_alone(since=timezone.now()))
    assert rung == [waiting[Run.Purpose.REPLAY].pk, waiting[Run.Purpose.BASELINE].pk]
    assert Run.objects.get(pk=waiting[Run.Purpose.BY_HAND].pk).state == Run.State.ABANDONED


def test_a_ticket_says_how_slow_it_was_beside_what_is_usual():
    told = {"seen_ms": 9800.0, "p90_ms": 1200.0, "runs": 24}
    evidence = (Evidence("usual", "first_content_beside_usual", told),)
    investigation = make_investigation(concluded=False)
    conclude(investigation, code="stream.slow_first_token", evidence=evidence)
    usual = Usual(since=timezone.now() - timedelta(days=7), runs=24, first_content_p90_ms=1200.0)
    surroundings = surroundings_as_dict(Surroundings(usual=usual))
    Investigation.objects.filter(pk=investigation.pk).update(surroundings=surroundings)

    page = page_of(client_of(Role.ENGINEER), investigation.ticket.get_absolute_url())

    assert "9.80\N{NO-BREAK SPACE}s; this endpoint&#x27;s P90 is 1.20" in page
    assert 'id="usual"' in page
    assert f"/history/usual/{investigation.ticket.endpoint.slug}/" in page


def test_measurements_reach_the_verdict_once_there_are_enough():
    endpoint = make_endpoint()
    ticket = make_investigation(endpoint=endpoint).ticket
    for _ in range(4):
        measure(endpoint, first_content_ms=1200)
    too_few = look_around(ticket, now=timezone.now()).known.usual
    measure(endpoint, first_content_ms=1200)

    enough = look_around(ticket, now=timezone.now()).known.usual

    assert too_few is None
    assert (enough.runs, enough.first_content_p90_ms) == (5, 1200)
