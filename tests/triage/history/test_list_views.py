"""The list of all requests: what its address asks for it shows, what cannot be meant it says."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from probes.endpoints.models import Protocol
from probes.runs.models import Attempt, Run
from probes.wire.facts import EndMode, Facts
from tests.probes.runs.builders import NOW, make_endpoint, make_run
from tests.triage.history.test_views import finished_run
from tests.triage.people.builders import client_of
from tests.triage.tickets.builders import make_investigation
from tests.triage.tickets.test_waterfall import make_facts
from triage.history import entries
from triage.history.models import Entry
from triage.people.models import SavedView
from triage.people.roles import Role
from triage.tickets.models import VerdictCorrection

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def engineer(db) -> Client:
    return client_of(Role.ENGINEER)


def page_of(address: str) -> str:
    """As the test's one engineer reads it."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(username="some-engineer"))
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(query: str) -> list[int]:
    """The runs on a page, one for each row."""
    page = page_of(f"/history/?{query}")
    return [int(pk) for pk in re.findall(r'<th scope="row"><a href="/history/(\d+)/"', page)]


def seen(**facts) -> Run:
    """A finished run whose stream showed these facts."""
    run = finished_run(make_endpoint(slug=f"shop-{Run.objects.count()}"))
    run.attempts.filter(position=1).update(facts=make_facts(**facts).as_dict())
    return run


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("endpoint=shop", True),
        ("model=glm-4", True),
        ("model=gpt", False),
        ("state=finished", True),
        ("state=queued", False),
        ("verdict=stream.", False),
        ("protocol=openai_chat", True),
        (f"protocol={Protocol.ANTHROPIC}", False),
        ("purpose=ticket", True),
        ("purpose=replay", False),
        ("since=2026-01-05", True),
        ("since=2026-01-06", False),
        ("until=2026-01-05", True),
        ("until=2026-01-04", False),
        ("since=2026-01-05+11:59&until=2026-01-05T12:01", True),
        ("before=garbage", True),
        ("before=999999", True),
    ],
)
def test_the_list_shows_what_its_address_asks_for(query, found):
    run = finished_run(model="glm-4")

    assert (run.pk in shown(query)) is found


@pytest.mark.parametrize(
    "query",
    [
        "status=429",
        "status=4xx",
        "end_mode=reset",
        "http_version=HTTP/2",
        "step=stream&status=429",
        "request_id=req_7",
        "first_byte_min=9",
        "first_token_min=9.5&first_token_max=9.9",
        "total_min=10+s&total_max=10400ms",
        "connect_max=0.03&status=4xx",
        "max_gap_min=8",
        "q=insufficient",
        "q=suffic",
        "q=余额",
        "q=余额不足",
        "q=余额+quota",
        'q="quota 余额"',
        "q=余额&status=429&end_mode=reset",
    ],
)
def test_a_request_is_found_by_what_it_showed(query):
    usual = finished_run()
    odd = seen(
        status=429,
        end_mode=EndMode.RESET,
        http_version="HTTP/2",
        connect_ms=25,
        first_byte_ms=9700,
        first_content_ms=9800,
        total_ms=10_300,
        max_gap_ms=8100,
        request_ids=("req_7",),
        error_code="insufficient_quota",
        error_message="余额不足",
    )

    assert shown(query) == [odd.pk]
    assert usual.pk != odd.pk


def test_a_request_that_got_no_answer_is_found_by_that():
    run = make_run()
    run.attempts.filter(position=1).update(state="done", facts=Facts(step="stream").as_dict())

    assert shown("status=none&step=stream") == [run.pk]


@pytest.mark.parametrize(
    "query",
    [
        "verdict=stream.truncated",
        "verdict=stream",
        "verdict=stream.",
        "owner=upstream",
        "client=openai-Python",
        "request_id=req_told",
        "key_print=f1",
        "q=pasted",
        "q=贴的",
    ],
)
def test_a_request_is_found_by_its_ticket_and_its_verdict(query):
    finished_run()
    investigation = make_investigation(
        client="OpenAI-python",
        request_ids=["req_told"],
        error_text="pasted words, 贴的文字",
        masked=[{"field": "notes", "kind": "api_key", "start": 0, "end": 9, "fingerprints": ["f1"]}],
    )

    assert set(shown(query)) == {investigation.run_id}


def test_a_request_is_found_by_who_asked():
    run = finished_run()
    asker = User.objects.get(username="some-engineer")
    Run.objects.filter(pk=run.pk).update(requested_by=asker)
    finished_run(make_endpoint(slug="other"))

    assert set(shown(f"by={asker.username}")) == {run.pk}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("endpoint=nowhere", "“nowhere” is none of the choices."),
        ("state=sleeping", "“sleeping” is none of the choices."),
        ("verdict=weather.rain", "No class and no family has this name"),
        ("status=99", "A status such as 429"),
        ("status=6xx", "A status such as 429"),
        ("since=yesterday", "A day such as 2026-01-31"),
        ("until=2026-02-30", "A day such as 2026-01-31"),
        ("since=0001-01-01T00:00", "A day such as 2026-01-31"),
        ("total_min=long", "Seconds as a number"),
        ("total_min=-1", "Seconds as a number"),
        ("total_min=9&total_max=3", "This ends before it begins."),
        ("since=2026-02-01&until=2026-01-01", "This ends before it begins."),
        ("by=nobody", "Nobody here has this name."),
        ("q=ab", "“ab” is too short"),
        ("q=超", "“超” is too short"),
        ("model=" + "m" * 300, "At most 200 characters."),
    ],
)
def test_a_filter_that_cannot_be_meant_is_left_out_and_said_in_a_sentence(query, said):
    run = finished_run()

    page = page_of(f"/history/?{query}&model=" if "model" not in query else f"/history/?{query}")

    assert said in page
    assert "These filters are left out:" in page
    assert f"/history/{run.pk}/" in page or "total_min=9" in query or "since=2026-02" in query


@pytest.mark.parametrize(
    "query", ["verdict=%00", "model=%00", "endpoint=%00", "state=%00", "before=%00", "q=%00", "cols=%00"]
)
def test_a_nul_in_the_address_filters_nothing(query):
    run = finished_run()

    assert f"/history/{run.pk}/" in page_of(f"/history/?{query}")


def test_what_fits_nothing_says_so_and_leads_back():
    finished_run()

    page = page_of("/history/?model=unheard-of")

    assert "No request fits these filters" in page
    assert "Clear the filters" in page


def test_an_empty_history_says_how_it_fills():
    page = page_of("/history/")

    assert "No probe was sent yet" in page
    assert "/tickets/new/" in page


def test_pages_follow_each_other_without_loss_or_repeat(monkeypatch):
    monkeypatch.setattr(entries, "SIZE", 4)
    endpoint = make_endpoint()
    runs = [finished_run(endpoint).pk for _ in range(5)]  # all of the same minute
    both = [pk for pk in reversed(runs) for _ in range(2)]

    newest = page_of("/history/?model=gpt-4o-mini")
    older = re.search(r'rel="next" href="\?([^"]+)"', newest)[1].replace("&amp;", "&")
    assert shown("model=gpt-4o-mini") + shown(older) == both[:8]

    back = re.search(r'rel="prev" href="\?([^"]+)"', page_of(f"/history/?{older}"))[1].replace("&amp;", "&")
    assert shown(back) == both[:4]


def test_the_number_of_what_fits_is_told_and_capped(monkeypatch):
    for _ in range(3):
        finished_run(make_endpoint(slug=f"shop-{_}"))

    assert "6 requests" in page_of("/history/")
    assert "3 requests" in page_of("/history/?step=control")

    monkeypatch.setattr(entries, "MOST_COUNTED", 2)
    monkeypatch.setattr("triage.history.list_views.MOST_COUNTED", 2)
    assert "10,000+ requests; more are not counted." in page_of("/history/")


def test_a_search_that_takes_too_long_says_how_far_it_came(monkeypatch):
    """Rare, yet by no index: only the newest were looked at, and the page offers to look on."""
    monkeypatch.setattr(entries, "_NEWEST", 2)
    monkeypatch.setattr(entries, "_PATIENCE_MS", 1)
    monkeypatch.setattr(entries._Search, "everywhere", out_of_patience)
    for number in range(2):
        finished_run(make_endpoint(slug=f"shop-{number}"))

    page = page_of("/history/?model=unheard-of")

    assert "only the newest were looked at" in page
    assert "No request among the newest fits" in page
    assert "model=unheard-of&amp;far=1" in page


def out_of_patience(_search):
    raise entries.OutOfPatience


def test_patience_ends_what_takes_too_long_and_leaves_the_connection_whole():
    with pytest.raises(entries.OutOfPatience), entries.patience(20), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(2)")

    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_list_asks_the_database_as_often_for_fifty_requests_as_for_four(
    engineer, django_assert_max_num_queries
):
    endpoint = make_endpoint()
    for _ in range(25):
        finished_run(endpoint)
    for query in ("", "?verdict=stream.&status=4xx", "?model=gpt-4o-mini", "?q=timeout&status=504"):
        with django_assert_max_num_queries(11):
            engineer.get(f"/history/{query}")

    assert page_of("/history/").count('<th scope="row">') == entries.SIZE


def test_columns_are_chosen_in_the_address_and_remembered_for_the_session(engineer):
    seen(error_message="no balance", http_version="HTTP/2")

    def heads(query: str) -> list[str]:
        page = engineer.get(f"/history/{query}").content.decode()
        return re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page)

    usual = heads("")
    assert heads("?cols=error&cols=http_version") == ["Run", "HTTP version", "Error text"]
    assert heads("") == ["Run", "HTTP version", "Error text"]
    assert heads("?cols=nonsense") == usual


def test_filters_are_saved_under_a_name_with_their_columns_and_shared(engineer):
    client, other = engineer, client_of(Role.ADMIN)
    finished_run()
    query = "model=gpt-4o-mini&cols=at%2Cerror"

    client.post("/history/views/save/", {"query": query, "name": "Mini"})
    assert ">Mini<" not in other.get("/history/").content.decode()

    view = SavedView.objects.get(page="history:list")
    client.post(f"/history/views/{view.pk}/", {"query": query, "do": "share"})
    page = other.get("/history/").content.decode()
    assert ">Mini<" in page
    assert "model=gpt-4o-mini&amp;cols=at%2Cerror" in page
    assert other.post(f"/history/views/{view.pk}/", {"do": "delete"}).status_code == 404

    client.post(f"/history/views/{view.pk}/", {"do": "delete"})
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_not_saved_and_the_list_stays(engineer):
    run = finished_run()

    answer = engineer.post("/history/views/save/", {"query": "model=gpt-4o-mini", "name": " "})

    assert answer.status_code == 422
    assert "Give the filters a name" in answer.content.decode()
    assert f"/history/{run.pk}/" in answer.content.decode()


def test_a_secret_that_is_searched_for_is_masked_before_anything_keeps_it(engineer):
    key = "sk-" + "a1B2" * 12

    answer = engineer.get(f"/history/?q={key}")
    engineer.post("/history/views/save/", {"query": f"q={key}", "name": key})

    assert answer.status_code == 302
    assert key not in answer["Location"]
    view = SavedView.objects.get()
    assert key not in view.query + view.name


@pytest.mark.parametrize("address", ["/history/views/save/", "/history/views/1/"])
def test_support_saves_no_views_here(address):
    assert client_of(Role.SUPPORT).post(address, {"name": "x"}).status_code == 403


def test_a_run_without_requests_stands_in_the_list():
    run = Run.objects.create(endpoint=make_endpoint(), plan={"steps": []}, queued_at=timezone.now())

    page = page_of("/history/")

    assert f"/history/{run.pk}/" in page
    assert "no request" in page


def test_an_unfinished_request_shows_how_it_stands():
    run = make_run()
    Attempt.objects.filter(run=run, position=0).update(state="sending")

    page = page_of("/history/")

    assert "queued" in page
    assert NOW.strftime("%Y-%m-%d") in page


@pytest.mark.parametrize(
    ("code", "owner", "chip"),
    [("stream.truncated", "upstream", "Confirmed"), ("stream.truncated", "edge", "Corrected")],
)
def test_the_last_word_of_an_engineer_stands_beside_the_verdict(code, owner, chip):
    investigation = make_investigation()
    VerdictCorrection.objects.create(
        investigation=investigation, code=code, owner=owner, reason="seen", corrected_at=timezone.now()
    )

    page = page_of("/history/")

    assert {"Confirmed", "Corrected"} & set(re.findall("Confirmed|Corrected", page)) == {chip}
