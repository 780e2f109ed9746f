"""The engineers' pages: every run found again, its facts shown, its key never."""

import re

import pytest

from probes.runs.models import Run
from probes.wire.facts import EndMode, Facts, Failure
from tests.probes.runs.builders import PROBE_KEY, make_endpoint, make_run
from tests.triage.people.builders import client_of
from tests.triage.tickets.builders import follow_up, make_investigation
from tests.triage.tickets.test_waterfall import make_facts
from triage.people.roles import Role
from triage.tickets.models import Investigation

pytestmark = pytest.mark.django_db


def finished_run(endpoint=None, **wanted) -> Run:
    """A run whose control went well and whose stream stalled."""
    run = make_run(endpoint, **wanted)
    stalled = make_facts(
        done_seen=False,
        end_mode=EndMode.IDLE_TIMEOUT,
        failure=Failure.IDLE_TIMEOUT,
        events=9,
        bursts=((200, 10), (300, 10)),
        total_ms=30_300,
        headers={"server": "nginx", "x-request-id": "req_stream"},
        body_excerpt='data: {"choices"',
    )
    for attempt, facts in zip(run.attempts.all(), (make_facts(step="control"), stalled), strict=True):
        attempt.state, attempt.facts = "done", facts.as_dict()
        attempt.save()
    Run.objects.filter(pk=run.pk).update(state="finished", finished_at=run.queued_at)
    return run


def page_of(address: str, role: Role = Role.ENGINEER) -> str:
    answer = client_of(role).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_run_shows_its_facts_its_headers_and_its_masked_body():
    run = finished_run()

    page = page_of(f"/history/{run.pk}/")

    assert "fell silent, gave up waiting" in page
    assert "req_stream" in page
    assert "data: {&quot;choices&quot;" in page
    assert 'class="gap"' in page


def test_the_command_to_copy_is_complete_but_for_the_key():
    run = finished_run()

    page = page_of(f"/history/{run.pk}/")

    assert "https://api.shop.example/v1/chat/completions" in page
    assert "Bearer $PROBE_KEY" in page
    assert PROBE_KEY not in page


@pytest.mark.parametrize("address", ["/history/", "/history/1/"])
def test_support_is_refused(address):
    assert client_of(Role.SUPPORT).get(address).status_code == 403


def test_a_run_that_is_not_there_is_a_404():
    assert client_of(Role.ENGINEER).get("/history/4711/").status_code == 404


def test_neighbours_are_runs_of_the_same_endpoint():
    shop = make_endpoint(slug="shop")
    first, other, last = finished_run(shop), finished_run(make_endpoint(slug="other")), finished_run(shop)

    page = page_of(f"/history/{last.pk}/")

    assert f"/history/{first.pk}/" in page
    assert f"/history/{other.pk}/" not in page


def test_a_run_that_was_never_started_has_a_page_too():
    assert "queued" in page_of(f"/history/{make_run().pk}/")


def page_with(facts: Facts, **older: object) -> str:
    """The page of a run whose stream showed these facts, and values that this version does not know."""
    run = make_run()
    run.attempts.filter(position=1).update(state="done", facts=facts.as_dict() | older)
    Run.objects.filter(pk=run.pk).update(state="finished", finished_at=run.queued_at, settled="0.001")
    return page_of(f"/history/{run.pk}/")


def test_the_way_to_the_endpoint_and_back_is_told_hop_by_hop():
    page = page_with(
        make_facts(
            addresses=("203.0.113.7", "203.0.113.8"),
            address="203.0.113.8",
            tls_version="TLSv1.3",
            http_version="HTTP/2",
            id_chain=(("x-oneapi-request-id", "20260105120000123456", "2026-01-05T04:00:00+00:00"),),
        )
    )

    for told in ("203.0.113.7, 203.0.113.8", "TLSv1.3", "HTTP/2", "x-oneapi-request-id"):
        assert told in page
    assert "2026-01-05 12:00:00 (Asia/Shanghai)" in page


def test_a_header_that_is_missing_is_told_from_one_whose_value_is_not_kept():
    page = page_with(
        make_facts(headers={"cache-control": "no-cache"}, header_names=("cache-control", "retry-after"))
    )

    rows = dict(re.findall(r'<th scope="row">([\w-]+)</th><td[^>]*>([^<]*)</td>', page))
    assert rows["cache-control"] == "no-cache"
    assert rows["retry-after"] == "there, value not kept"
    assert rows["x-accel-buffering"] == "missing"


def test_the_rhythm_of_a_stream_shows_its_bursts_and_how_long_its_gaps_were():
    page = page_with(
        make_facts(
            bursts=((100, 4096), (200, 4096), (300, 512)), gap_histogram=(0, 7, 2, 0, 0), events_per_read=16.0
        )
    )

    rhythm = page.partition('id="rhythm"')[2]
    assert "4096, 4096, 512" in rhythm
    assert re.search(r'data-label="under 0.10\s?s">7<', rhythm)


def test_each_request_is_told_with_its_reason_its_fate_and_its_money():
    run = make_run()
    plan = run.read_plan().as_dict()
    plan["steps"][1]["reason"] = "comes_and_goes"
    run.attempts.filter(position=1).update(
        state="skipped", facts={"step": "stream", "skipped": "control_failed"}
    )
    Run.objects.filter(pk=run.pk).update(plan=plan, reserved="0.0123", settled="0.0042")

    page = page_of(f"/history/{run.pk}/")

    assert "part of every probe" in page
    assert "shows only when one request is asked several times" in page
    assert "the control request already explains it" in page
    assert "Set aside: 0.0123 USD" in page
    assert "Spent: 0.0042 USD" in page


def test_a_run_without_any_request_has_a_page_that_says_so():
    run = finished_run()
    run.attempts.all().delete()

    assert "This run has no requests on record" in page_of(f"/history/{run.pk}/")


def test_a_run_with_fewer_requests_than_planned_shows_those_it_has():
    run = finished_run()
    run.attempts.filter(position=1).delete()

    page = page_of(f"/history/{run.pk}/")

    assert "Control request" in page
    assert "Stream request: " not in page


@pytest.mark.parametrize("plan", [{}, {"version": 0, "requests": []}, {"steps": [{"name": "stream"}]}])
def test_a_plan_of_an_older_version_has_a_page_that_says_so(plan):
    run = finished_run()
    Run.objects.filter(pk=run.pk).update(plan=plan)

    page = page_of(f"/history/{run.pk}/")

    assert "stored by another version of the desk" in page
    assert "fell silent, gave up waiting" in page
    assert client_of(Role.ADMIN).get(f"/history/{run.pk}/har/").json()["log"]["entries"] == []


@pytest.mark.parametrize("strange", [{"kind": "teleport"}, {"protocol": "gopher"}, {"kind": "balance"}])
def test_a_step_that_this_version_cannot_send_is_shown_without_a_command(strange):
    run = finished_run()
    plan = Run.objects.get(pk=run.pk).plan
    plan["steps"][1] |= strange
    Run.objects.filter(pk=run.pk).update(plan=plan)
    run.attempts.filter(position=1).update(step=plan["steps"][1]["kind"])

    page = page_of(f"/history/{run.pk}/")

    assert page.count("curl -sS") == 1
    assert "req_stream" in page


def test_values_of_another_version_are_named_and_left_out():
    page = page_with(make_facts(), ttft_of_old=3)

    assert "are left out" in page
    assert "<code>ttft_of_old</code>" in page


def test_what_todays_rules_say_stands_beside_the_stored_verdict():
    investigation = make_investigation()

    page = page_of(f"/history/{investigation.run_id}/").partition('id="today"')[2].partition("</section>")[0]

    assert "something else of the same facts" in page
    assert "stream.truncated" in page


def test_a_run_that_no_ticket_asked_for_is_judged_by_its_facts_alone():
    page = page_of(f"/history/{finished_run().pk}/")

    assert "No ticket asked for this run" in page
    assert re.search(r"\(stream\.\w+\)", page)


def test_a_verdict_that_nobody_can_read_leaves_the_page_standing():
    investigation = make_investigation()
    Investigation.objects.filter(pk=investigation.pk).update(verdict={"confidence": "sure"})

    assert "cannot read what is stored" in page_of(f"/history/{investigation.run_id}/")


def test_the_keys_of_the_page_are_told_and_bound():
    shop = make_endpoint()
    older, run, newer = finished_run(shop), finished_run(shop), finished_run(shop)

    page = page_of(f"/history/{run.pk}/")

    links = dict(re.findall(r'data-key="(.)"[^>]*href="([^"]*)"', page))
    neighbours = {"[": f"/history/{older.pk}/", "]": f"/history/{newer.pk}/"}
    assert links.items() >= {**neighbours, "g": f"/history/{run.pk}/last-good/"}.items()
    assert all(f"<kbd>{key}</kbd>" in page for key in links)


def test_twenty_thousand_deliveries_make_a_page_of_the_usual_size():
    crowd = tuple((200.0 + n / 100, 120) for n in range(20_000))

    page = page_with(make_facts(bursts=crowd, burst_count=20_000, events=20_000))

    assert len(page) < 100_000
    assert "Of 20000 bursts the first 150 and the last ones are kept." in page


def test_the_page_of_a_run_asks_the_database_less_than_twelve_times(django_assert_max_num_queries):
    investigation, client = make_investigation(), client_of(Role.ENGINEER)

    with django_assert_max_num_queries(11):
        client.get(f"/history/{investigation.run_id}/")


def test_further_steps_of_further_steps_ask_it_no_oftener(django_assert_max_num_queries):
    investigation, client = make_investigation(), client_of(Role.ENGINEER)
    for _ in range(4):
        investigation = follow_up(investigation, "models")

    with django_assert_max_num_queries(14):
        client.get(f"/history/{investigation.run_id}/")
