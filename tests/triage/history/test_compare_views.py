"""Runs side by side: what differs, in words and tables, and the run that shows what is usual."""

import re
from datetime import timedelta

import pytest

from probes.runs.models import Attempt, Run
from probes.wire.facts import BodyKind, EndMode, Facts, Failure
from tests.probes.runs.builders import NOW, make_endpoint, make_run
from tests.triage.history.test_views import page_of
from tests.triage.people.builders import client_of
from tests.triage.tickets.builders import make_investigation
from tests.triage.tickets.test_waterfall import make_facts
from triage.people.roles import Role

pytestmark = pytest.mark.django_db

CONTROL = make_facts(
    step="control",
    content_chars=200,
    finish_reason="stop",
    body_kind=BodyKind.JSON_OK,
    done_seen=False,
    end_mode=EndMode.CLEAN_EOF,
)
WELL = make_facts(
    content_chars=200,
    events=40,
    finish_reason="stop",
    body_kind=BodyKind.EVENTS,
    content_type="text/event-stream",
    headers={"server": "nginx"},
)
CUT = make_facts(
    events=9,
    done_seen=False,
    failure=Failure.RESET,
    end_mode=EndMode.RESET,
    headers={"server": "cloudflare", "x-accel-buffering": "no"},
)


def run_of(endpoint, *facts: Facts, days: int = 0, model: str = "gpt-4o-mini") -> Run:
    """Finished so many days after the first, its attempts showing these facts."""
    run = make_run(endpoint, model=model)
    at = NOW + timedelta(days=days)
    for attempt, seen in zip(run.attempts.all(), facts, strict=False):
        state = Attempt.State.SKIPPED if seen.skipped else Attempt.State.DONE
        Attempt.objects.filter(pk=attempt.pk).update(state=state, facts=seen.as_dict())
    Run.objects.filter(pk=run.pk).update(
        state=Run.State.FINISHED, queued_at=at, started_at=at, finished_at=at, model=model
    )
    return Run.objects.get(pk=run.pk)


def compared(*runs: Run, language: str = "en") -> str:
    query = "&".join(f"run={run.pk}" for run in runs)
    answer = client_of(Role.ENGINEER, language=language).get(f"/history/compare/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def sentence_in(page: str) -> str:
    return re.search(r'id="sentence">([^<]*)<', page).group(1)


def test_what_differs_is_said_in_one_sentence_and_stands_in_the_tables():
    shop = make_endpoint()
    good, bad = run_of(shop, CONTROL, WELL), run_of(shop, CONTROL, CUT)

    page = compared(good, bad)

    told = sentence_in(page)
    assert f"Stream request, Failure: none in Run {good.pk}, the connection was reset in Run {bad.pk}" in told
    assert f"header server: nginx in Run {good.pk}, cloudflare in Run {bad.pk}" in told
    headers = page.partition('id="headers"')[2]
    assert headers.index("x-accel-buffering") < headers.index("Everything else")


def test_the_same_page_speaks_chinese():
    shop = make_endpoint()

    page = compared(run_of(shop, CONTROL, WELL), run_of(shop, CONTROL, CUT), language="zh-hans")

    assert sentence_in(page).startswith("不同之处：流式请求的“故障”：")


def test_all_lanes_are_drawn_on_one_scale():
    shop = make_endpoint()
    slow = make_facts(last_byte_ms=4000, total_ms=4000)

    page = compared(run_of(shop, CONTROL, WELL), run_of(shop, CONTROL, slow))

    assert page.count('<svg class="waterfall') == 1
    assert page.count('class="lane"') == 4
    assert len(set(re.findall(r'class="end-good" cx="([\d.]+)"', page))) == 2


def test_verdicts_stand_side_by_side():
    shop = make_endpoint()
    ticket = make_investigation(endpoint=shop)

    page = compared(run_of(shop, CONTROL, WELL), Run.objects.get(pk=ticket.run_id))

    verdicts = page.partition('id="verdicts"')[2].partition("</section>")[0]
    assert "stream.truncated" in verdicts
    assert "ok.not_reproduced" in verdicts
    assert "differs" in verdicts


def test_runs_of_other_protocols_are_compared_with_a_word_about_it():
    claude = make_endpoint(slug="claude", protocol="anthropic")

    page = compared(run_of(make_endpoint(), CONTROL, WELL), run_of(claude, CONTROL, CUT))

    assert "The protocols differ" in page
    assert "Anthropic messages" in page
    assert "header server" in sentence_in(page)


def test_a_request_that_only_one_run_has_is_said():
    shop = make_endpoint()
    skipped = Facts(step="stream", skipped="control_failed")
    one, other = run_of(shop, CONTROL, WELL), run_of(shop, CONTROL, skipped)
    other_without = run_of(shop, CONTROL)
    other_without.attempts.filter(position=1).delete()

    page = compared(one, other, other_without)

    assert f"Run {other.pk}: not sent: the control request already explains it" in page
    assert f"Stream request: Run {other_without.pk} has no such request" in page


def test_a_run_without_any_request_has_its_words():
    shop = make_endpoint()
    empty = run_of(shop)
    empty.attempts.all().delete()

    page = compared(run_of(shop, CONTROL, WELL), empty)

    assert f"Run {empty.pk} has no requests on record." in page
    assert "no request in common" in sentence_in(page)


def test_a_plan_of_an_older_version_is_compared_by_its_attempts():
    shop = make_endpoint()
    old = run_of(shop, CONTROL, CUT)
    Run.objects.filter(pk=old.pk).update(plan={"version": 0})

    page = compared(run_of(shop, CONTROL, WELL), old)

    assert f"The plan of Run {old.pk} was stored by another version" in page
    assert "Failure" in sentence_in(page)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "No runs chosen"),
        ("run=", "No runs chosen"),
        ("run=abc", "These are no numbers of runs"),
        ("run=%00", "These are no numbers of runs"),
        ("run=4711", "There is no run 4711."),
        ("run=4711&run=4712", "There are no runs 4711, 4712."),
        ("run=999999999999999999", "There is no run 999999999999999999."),
        ("run=1,2,3,4,5", "At most 4 runs fit side by side; left out: 5."),
    ],
)
def test_an_address_that_names_no_runs_says_so(query, said):
    assert said in page_of(f"/history/compare/?{query}")


def test_one_run_alone_is_not_compared():
    run = run_of(make_endpoint(), CONTROL, WELL)

    assert "One run alone cannot be compared" in page_of(f"/history/compare/?run={run.pk}&run={run.pk}")


@pytest.mark.parametrize("address", ["/history/compare/", "/history/1/last-good/"])
def test_support_is_refused(address):
    assert client_of(Role.SUPPORT).get(address).status_code == 403


def test_four_runs_ask_the_database_less_than_twelve_times(django_assert_max_num_queries):
    shop = make_endpoint()
    runs = [run_of(shop, CONTROL, WELL) for _ in range(3)]
    runs.append(make_investigation(endpoint=shop).run)
    client, query = client_of(Role.ENGINEER), "&".join(f"run={run.pk}" for run in runs)

    with django_assert_max_num_queries(11):
        client.get(f"/history/compare/?{query}")


# --- the last good run


def good_for(run: Run) -> str:
    """Where the key leads; empty for a page that says that there is nothing to compare with."""
    return client_of(Role.ENGINEER).get(f"/history/{run.pk}/last-good/").headers.get("location", "")


def test_the_newest_good_run_before_it_is_found():
    shop, other = make_endpoint(), make_endpoint(slug="other")
    run_of(shop, CONTROL, WELL, days=1)
    wanted = run_of(shop, CONTROL, WELL, days=2)
    run_of(shop, CONTROL, CUT, days=3)
    run_of(other, CONTROL, WELL, days=4)
    run_of(shop, CONTROL, WELL, days=4, model="other")
    bad = run_of(shop, CONTROL, CUT, days=5)
    run_of(shop, CONTROL, WELL, days=6)

    assert good_for(bad) == f"/history/compare/?run={wanted.pk}&run={bad.pk}"


def test_where_nothing_was_good_before_the_first_good_run_after_it_is_taken():
    shop = make_endpoint()
    bad = run_of(shop, CONTROL, CUT, days=1)
    wanted = run_of(shop, CONTROL, WELL, days=2)
    run_of(shop, CONTROL, WELL, days=3)

    assert good_for(bad) == f"/history/compare/?run={wanted.pk}&run={bad.pk}"


def test_a_run_that_ended_well_but_was_held_back_is_not_good():
    shop = make_endpoint()
    held_back = make_facts(
        events=200, bursts=((8000, 20_000),), burst_count=1, first_event_ms=8000, first_content_ms=8000,
        last_byte_ms=8001, total_ms=8002, body_bytes=20_000, content_chars=200,
    )  # fmt: skip
    run_of(shop, CONTROL, held_back, days=1)
    bad = run_of(shop, CONTROL, CUT, days=2)

    assert good_for(bad) == ""


def test_where_there_is_no_good_run_a_page_says_so():
    bad = run_of(make_endpoint(), CONTROL, CUT)

    page = page_of(f"/history/{bad.pk}/last-good/")

    assert "No good run to compare with" in page
    assert f'href="/history/{bad.pk}/"' in page


def test_the_last_good_run_of_a_run_that_is_not_there_is_a_404():
    assert client_of(Role.ENGINEER).get("/history/4711/last-good/").status_code == 404
