"""The page of a replay: its cost before, its refusals, and the chain that it makes."""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from probes.runs.actions.create_run import terms_of
from probes.runs.actions.perform_run import perform_run
from probes.runs.models import Halt, Run, Spend
from probes.runs.plan import plan_status
from tests.probes.runs.builders import answering
from tests.triage.people.builders import client_of, make_person
from tests.triage.tickets.builders import make_investigation
from triage.history.actions.replay_run import replay_run
from triage.history.replay import quote_again
from triage.history.replay_plan import Change
from triage.people.roles import Role

pytestmark = pytest.mark.django_db


def finished_run(**columns) -> Run:
    return make_investigation(**columns).run


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def form_in(page: str) -> dict[str, str]:
    form = re.search(r'<form method="post" action="/history/\d+/replay/run/">(.*?)</form>', page, re.S)[1]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def sent(client: Client, run: Run, query: str = "", **changed):
    shown = form_in(page_of(client, f"/history/{run.pk}/replay/{query}"))
    return client.post(f"/history/{run.pk}/replay/run/", shown | changed)


# --- before anything is sent


def test_the_most_it_costs_and_what_is_left_stand_before_the_button():
    page = page_of(client_of(Role.ENGINEER), f"/history/{finished_run().pk}/replay/")

    before = page.partition("Run 2 requests")[0]
    assert re.search(r"2 requests, at most.*?<strong>0\.\d+ USD", before, re.S)
    assert "20.00 USD" in before
    assert Run.objects.count() == 1


def test_the_address_says_the_change_and_the_plan_tells_it():
    page = page_of(client_of(Role.ENGINEER), f"/history/{finished_run().pk}/replay/?change=length&tokens=32")

    assert "What differs from run" in page
    assert "<strong>32</strong>" in page


def test_a_route_is_offered_only_where_there_is_one():
    page = page_of(client_of(Role.ENGINEER), f"/history/{finished_run().pk}/replay/")

    assert re.search(r'value="route"[^>]* disabled>', page)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?change=length&tokens=9999", "Enter a whole number from 1 to 4000"),
        ("?change=length", "Say how many tokens."),
        ("?change=model", "Name the other model."),
        ("?change=model&model=sora-2", "never submits such tasks"),
        ("?change=everything", "There is no change of this name."),
        ("?change=route&route=gone", "This change cannot be had here."),
    ],
)
def test_a_bad_choice_is_named_and_nothing_can_be_sent(query, said):
    page = page_of(client_of(Role.ENGINEER), f"/history/{finished_run().pk}/replay/{query}")

    assert said in page
    assert "/replay/run/" not in page


def test_a_key_typed_as_a_model_does_not_stay_in_the_address():
    key = "sk-" + "a1B2" * 12

    answer = client_of(Role.ENGINEER).get(
        f"/history/{finished_run().pk}/replay/", {"change": "model", "model": key}
    )

    assert answer.status_code == 302
    assert key not in answer["Location"]


def test_a_task_is_looked_up_again_and_never_submitted():
    run = finished_run()
    plan = plan_status(terms_of(run.endpoint), task_id="task-7")
    Run.objects.filter(pk=run.pk).update(plan=plan.as_dict(), model="")
    client = client_of(Role.ENGINEER)

    page = page_of(client, f"/history/{run.pk}/replay/")
    sent(client, run)

    assert page.count("disabled") == 7
    assert [step.kind for step in run.replays.get().read_plan().steps] == ["status"]


def test_a_plan_of_another_version_of_the_desk_cannot_be_replayed():
    run = finished_run()
    Run.objects.filter(pk=run.pk).update(plan={"what": "ever"})

    page = page_of(client_of(Role.ENGINEER), f"/history/{run.pk}/replay/")

    assert "stored by another version of the desk" in page


# --- sending


def test_a_replay_is_linked_to_its_run_and_through_it_to_the_ticket():
    run, client = finished_run(), client_of(Role.ENGINEER)

    first = sent(client, run, "?change=stream_only")
    replay = run.replays.get()
    Run.objects.filter(pk=replay.pk).update(state=Run.State.FINISHED, finished_at=timezone.now())
    sent(client, replay)
    second = replay.replays.get()

    ticket = run.investigation.ticket
    assert first["Location"] == f"/history/{replay.pk}/"
    assert replay.purpose == Run.Purpose.REPLAY
    assert f'href="/history/{replay.pk}/"' in page_of(client, f"/history/{run.pk}/")
    assert ticket.ref in page_of(client, f"/history/{second.pk}/")
    on_ticket = page_of(client, ticket.get_absolute_url())
    assert f'href="/history/{replay.pk}/"' in on_ticket
    assert f'href="/history/{second.pk}/"' in on_ticket


def test_a_worker_carries_it_out_and_the_page_renews_itself():
    run, client = finished_run(), client_of(Role.ENGINEER)
    sent(client, run)
    replay = run.replays.get()

    page = page_of(client, f"/history/{replay.pk}/")
    waiting = client.get(f"/history/{replay.pk}/live/?seen=queued")
    requests = []
    perform_run(replay.pk, clock=timezone.now, send=answering(requests))
    over = client.get(f"/history/{replay.pk}/live/?seen=queued")

    assert len(requests) == 2
    assert "data-poll" in page
    assert waiting.status_code == 204
    assert over["HX-Refresh"] == "true"
    assert "data-poll" not in page_of(client, f"/history/{replay.pk}/")


def test_whoever_asks_pays_and_the_verdict_of_the_ticket_stays():
    run, client = finished_run(), client_of(Role.ENGINEER)
    run.investigation.refresh_from_db()
    before = run.investigation.verdict
    sent(client, run)

    perform_run(run.replays.get().pk, clock=timezone.now, send=answering([]))

    asker = User.objects.get(pk=run.replays.get().requested_by_id)
    assert Spend.objects.get(scope=f"user:{asker.pk}:USD").amount > 0
    run.investigation.refresh_from_db()
    assert run.investigation.verdict == before


def test_the_same_form_twice_sends_once_and_a_new_page_sends_again():
    run, client = finished_run(), client_of(Role.ENGINEER)
    shown = form_in(page_of(client, f"/history/{run.pk}/replay/"))

    twice = [client.post(f"/history/{run.pk}/replay/run/", shown)["Location"] for _ in range(2)]
    later = sent(client, run)["Location"]

    assert len(set(twice)) == 1
    assert later not in twice
    assert run.replays.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_run():
    run, engineer = finished_run(), make_person(Role.ENGINEER)
    quote = quote_again(run, Change(), asker=engineer, now=timezone.now())

    def click(_number: int) -> int:
        try:
            return replay_run(
                run_id=run.pk,
                shown_after=0,
                quote=quote,
                at_most=quote.plan.worst_case,
                asked_by=engineer,
                now=timezone.now(),
                enqueue=lambda _: None,
            ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(click, range(4)))) == 1
    assert run.replays.count() == 1


# --- refusals


def test_over_budget_it_is_refused_with_its_reason(settings):
    run, client = finished_run(), client_of(Role.ENGINEER)
    shown = form_in(page_of(client, f"/history/{run.pk}/replay/"))
    settings.PROBE_BUDGET_PER_USER_DAY = Decimal("0.001")

    page = page_of(client, f"/history/{run.pk}/replay/")
    answer = client.post(f"/history/{run.pk}/replay/run/", shown)

    assert "costs more than a budget leaves today" in page
    assert "/replay/run/" not in page
    assert answer.status_code == 409
    assert "Your budget for probes of today is used up" in answer.content.decode()
    assert not run.replays.exists()


def test_what_one_run_may_cost_is_a_limit_too(settings):
    settings.PROBE_BUDGET_PER_RUN = Decimal("0.001")

    page = page_of(client_of(Role.ENGINEER), f"/history/{finished_run().pk}/replay/")

    assert "any single probe" in page
    assert "/replay/run/" not in page


def stop_all(run: Run) -> None:
    Halt.objects.create(since=timezone.now())


def pause(run: Run) -> None:
    run.endpoint.paused = True
    run.endpoint.save()


def still_running(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING)


def dearer(run: Run) -> None:
    run.endpoint.price_out_per_1k *= 2
    run.endpoint.save()


@pytest.mark.parametrize(
    ("meanwhile", "said"),
    [
        (stop_all, "All probes of this desk are stopped"),
        (pause, "The endpoint is paused by an admin"),
        (still_running, "the run itself is not over yet"),
        (dearer, "the plan costs more now"),
    ],
)
def test_what_happened_meanwhile_refuses_it(meanwhile, said):
    run, client = finished_run(), client_of(Role.ENGINEER)
    shown = form_in(page_of(client, f"/history/{run.pk}/replay/"))
    meanwhile(run)

    answer = client.post(f"/history/{run.pk}/replay/run/", shown)

    assert answer.status_code == 409
    assert said in answer.content.decode()
    assert not run.replays.exists()


def test_a_form_that_showed_no_cost_sends_nothing():
    run = finished_run()

    answer = client_of(Role.ENGINEER).post(f"/history/{run.pk}/replay/run/", {"change": "same"})

    assert answer.status_code == 422
    assert not run.replays.exists()


def test_support_may_not_replay_and_a_missing_run_is_a_404():
    run, support = finished_run(), client_of(Role.SUPPORT)

    assert support.get(f"/history/{run.pk}/replay/").status_code == 403
    assert support.post(f"/history/{run.pk}/replay/run/").status_code == 403
    assert client_of(Role.ENGINEER).get("/history/4711/replay/").status_code == 404
