"""The pages of tickets: do they work, whom do they refuse, what if the row is missing or the input bad."""

import html
import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from probes.lab.behaviours import SECTIONS
from probes.runs.models import Attempt, Run
from tests.probes.runs.builders import make_endpoint
from tests.triage.people.builders import client_of
from tests.triage.tickets.builders import conclude, make_investigation
from triage.charges.demo import load_demo_ledger
from triage.charges.finding import ChargeCode, ChargeFinding
from triage.people.roles import Role
from triage.tickets.models import Ticket
from triage.verdicts.case import Resend

pytestmark = pytest.mark.django_db
PASTED_KEY = "sk-" + "a1B2c3D4" * 6


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- the form


def test_a_filed_ticket_leads_to_its_page_with_a_run_queued():
    make_endpoint(slug="shop")

    answer = client_of().post("/tickets/new/", {"endpoint": "shop", "symptom": "timeout", "stream": "yes"})

    ticket = Ticket.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/tickets/{ticket.pk}/")
    assert ticket.investigations.get().run.state == Run.State.QUEUED
    assert ticket.created_by.username == "some-support"


def test_the_next_page_says_what_was_masked_and_where_but_not_what_it_was():
    client = client_of()
    client.post("/tickets/new/", {"symptom": "timeout", "error_text": f"401 with {PASTED_KEY}"})

    page = page_of(client, f"/tickets/{Ticket.objects.get().pk}/")

    assert "1 sensitive piece was masked" in page
    assert "characters 10 to 60" in page
    assert PASTED_KEY not in page


def test_a_form_with_a_mistake_comes_back_with_422_and_the_rest_as_typed():
    answer = client_of().post("/tickets/new/", {"status_code": "42", "notes": "since noon"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_status_code"' in page
    assert "since noon" in page
    assert not Ticket.objects.exists()


def test_a_form_that_comes_back_does_not_even_echo_a_secret():
    answer = client_of().post("/tickets/new/", {"status_code": "42", "error_text": f"key {PASTED_KEY}"})

    page = answer.content.decode()
    assert PASTED_KEY not in page
    assert "sensitive piece was masked" in page


def drawn_in(page: str) -> str:
    return re.search(r'name="drawn_at" value="([^"]+)"', page)[1]


def test_the_same_form_sent_twice_makes_one_ticket_and_says_so():
    client, typed = client_of(), {"symptom": "timeout", "error_text": "504", "request_ids": "req_1, req_2"}
    typed["drawn_at"] = drawn_in(page_of(client, "/tickets/new/"))

    first, second = [client.post("/tickets/new/", typed) for _ in range(2)]

    address = Ticket.objects.get().get_absolute_url()
    assert (first["Location"], second["Location"]) == (address, f"{address}?again=1")
    assert "sent the same form twice" in page_of(client, second["Location"])


def test_the_same_form_sent_again_with_less_in_it_adds_nothing():
    client, typed = client_of(), {"symptom": "timeout", "error_text": "504", "model": "glm-4"}
    typed["drawn_at"] = drawn_in(page_of(client, "/tickets/new/"))

    client.post("/tickets/new/", typed)
    client.post("/tickets/new/", typed | {"model": ""})

    assert Ticket.objects.get().model == "glm-4"


def test_a_form_opened_anew_files_a_ticket_of_its_own():
    client, typed = client_of(), {"symptom": "timeout", "error_text": "504"}

    for _ in range(2):
        drawn = drawn_in(page_of(client, "/tickets/new/"))
        client.post("/tickets/new/", typed | {"drawn_at": drawn})

    assert Ticket.objects.count() == 2


@pytest.mark.parametrize("changed", [{"error_text": "502"}, {"notes": "again"}, {"drawn_at": "made:up"}])
def test_another_ticket_is_another_ticket(changed):
    client, typed = client_of(), {"symptom": "timeout", "error_text": "504"}
    typed["drawn_at"] = drawn_in(page_of(client, "/tickets/new/"))

    client.post("/tickets/new/", typed)
    client.post("/tickets/new/", typed | changed)

    assert Ticket.objects.count() == 2


def test_equal_tickets_of_two_people_are_two():
    for role in (Role.SUPPORT, Role.ENGINEER):
        client = client_of(role)
        drawn = drawn_in(page_of(client, "/tickets/new/"))
        client.post("/tickets/new/", {"symptom": "timeout", "drawn_at": drawn})

    assert Ticket.objects.count() == 2


def token_in(page: str) -> str:
    return re.search(r'name="masked_before" value="([^"]+)"', page)[1]


def test_what_was_masked_is_told_also_when_the_form_came_back_once():
    client, typed = client_of(), {"status_code": "42", "error_text": f"key {PASTED_KEY}", "notes": "at noon"}
    token = token_in(client.post("/tickets/new/", typed).content.decode())

    client.post("/tickets/new/", {"symptom": "timeout", "error_text": "key sk-…", "masked_before": token})

    assert [(spot["field"], spot["start"]) for spot in Ticket.objects.get().masked] == [("error_text", 4)]


def test_a_question_asked_anew_remembers_what_was_masked_in_its_answer():
    client = client_of()
    typed = {"symptom": "rate_limit", "charged_text": PASTED_KEY, "model": PASTED_KEY}
    fragment = client.post("/tickets/new/details/", typed).content.decode()

    client.post("/tickets/new/", {"symptom": "timeout", "masked_before": token_in(fragment)})

    assert [spot["field"] for spot in Ticket.objects.get().masked] == ["charged_text"]


def test_a_forged_list_of_what_was_masked_is_ignored():
    client_of().post("/tickets/new/", {"symptom": "timeout", "masked_before": "eyJmaWVsZCI6Im5vdGVzIn0:x:y"})

    assert Ticket.objects.get().masked == []


def test_a_complete_key_in_the_field_of_the_masked_one_is_judged_after_masking():
    client_of().post("/tickets/new/", {"symptom": "timeout", "key_hint": PASTED_KEY * 3})

    ticket = Ticket.objects.get()
    assert PASTED_KEY not in ticket.key_hint
    assert {spot["field"] for spot in ticket.masked} == {"key_hint"}


def test_a_long_paste_is_never_cut_by_the_browser():
    client = client_of()
    assert "maxlength" not in page_of(client, "/tickets/new/")

    answer = client.post("/tickets/new/", {"error_text": "x" * 20_000 + " the cause"})

    page = answer.content.decode()
    assert "Keep the beginning and the end: 20000 characters fit, this has 20010." in page
    assert "the cause" in page


def test_an_endpoint_that_was_just_removed_is_named_at_its_field():
    answer = client_of().post("/tickets/new/", {"symptom": "timeout", "endpoint": "gone"})

    assert answer.status_code == 422
    assert "Choose one of the list" in answer.content.decode()


def test_choosing_a_kind_of_work_asks_the_questions_that_fit_it():
    answer = client_of().post(
        "/tickets/new/details/", {"workload": "video", "symptom": "timeout", "elapsed_s": "59"}
    )

    fragment = answer.content.decode()
    assert 'id="details"' in fragment
    assert 'name="task_id"' in fragment
    assert 'name="stream"' not in fragment
    assert 'value="59"' in fragment


def test_without_scripts_every_question_stands_in_the_form():
    page = page_of(client_of(), "/tickets/new/")

    for name in ("stream", "task_id", "concurrency", "retry_count", "charged_text"):
        assert f'name="{name}"' in page


def test_another_language_keeps_what_was_typed_and_files_nothing():
    client = client_of(language="en")

    answer = client.post("/tickets/new/", {"redraw_in": "zh-hans", "status_code": "4", "notes": PASTED_KEY})

    page = answer.content.decode()
    assert 'lang="zh-Hans"' in page
    assert 'value="4"' in page
    assert PASTED_KEY not in page
    assert 'lang="zh-Hans"' in page_of(client, "/tickets/new/")
    assert not Ticket.objects.exists()


def test_another_theme_keeps_what_was_typed_and_files_nothing():
    client = client_of()

    answer = client.post("/tickets/new/", {"redraw_theme": "dark", "status_code": "4", "notes": "since noon"})

    page = answer.content.decode()
    assert 'data-theme="dark"' in page
    assert 'value="4"' in page
    assert "since noon" in page
    assert 'data-theme="dark"' in page_of(client, "/")
    assert not Ticket.objects.exists()


def test_the_theme_of_the_device_can_be_chosen_again():
    client = client_of()
    client.post("/theme/", {"theme": "dark"})

    assert 'name="theme" value="auto"' in page_of(client, "/")
    client.post("/theme/", {"theme": "auto"})
    assert "data-theme" not in page_of(client, "/")


# --- the result


def test_the_verdict_card_answers_what_a_stranger_asks():
    investigation = make_investigation()

    page = page_of(client_of(), investigation.ticket.get_absolute_url())

    for question in ("Next action", "Owner", "Stop when", "Do not", "Because of", "This would overturn it"):
        assert question in page
    assert "stream.truncated" in page
    assert "The upstream provider" in page
    assert "No: sending it again" in page
    assert re.search(r"End marker seen:\s*<strong>no</strong>", page)


def test_a_429_shows_the_clock_time_before_which_not_to_try():
    investigation = make_investigation(concluded=False)
    at = timezone.now().replace(microsecond=0) + timedelta(minutes=5)
    conclude(investigation, code="limit.gateway_rate", retry_not_before=at)

    page = page_of(client_of(), investigation.ticket.get_absolute_url())

    assert "Not to try again before" in page
    assert timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S") in page


@pytest.mark.parametrize(
    ("ticket", "is_only_early"), [({}, True), ({"charged": "yes"}, False), ({"look_first": True}, False)]
)
def test_a_red_light_beside_a_clock_speaks_of_the_time_where_that_is_all(ticket, is_only_early):
    places = ("task_status",) if ticket.pop("look_first", False) else ()
    investigation = make_investigation(concluded=False, **ticket)
    at = timezone.now() + timedelta(minutes=5)
    unsafe = {"resend": Resend.UNSAFE, "look_first": places}
    conclude(investigation, code="limit.gateway_rate", retry_not_before=at, **unsafe)

    page = page_of(client_of(), investigation.ticket.get_absolute_url())

    assert 'class="light unsafe"' in page
    assert ("Not before the time that stands below" in page) is is_only_early
    assert ("No: sending it again" in page) is not is_only_early


def test_a_duplicate_is_shown_with_what_was_too_much():
    load_demo_ledger(timezone.now())
    investigation = make_investigation(task_id="task_demo_duplicate")

    page = page_of(client_of(), investigation.ticket.get_absolute_url())

    assert "Charged twice for one task" in page
    assert "1 task, 2 charges, 0.90 USD likely too much" in page


def test_missing_rows_are_never_called_no_charge():
    investigation = make_investigation(finding=ChargeFinding(code=ChargeCode.NO_ROWS), task_id="task_7")

    page = page_of(client_of(), investigation.ticket.get_absolute_url())

    assert "Cannot tell: the ledger has no rows for it" in page
    assert "The ledger is empty: nothing has been imported yet." in page


def test_the_reply_has_a_language_of_its_own():
    investigation = make_investigation()
    client = client_of(language="en")

    english = page_of(client, f"/tickets/{investigation.ticket_id}/reply/?reply=en")
    chinese = page_of(client, f"/tickets/{investigation.ticket_id}/reply/?reply=zh-hans")

    assert 'lang="zh-Hans" tabindex="0"' in chinese
    assert 'lang="en" tabindex="0"' in english
    assert re.search("[一-鿿]{4}", chinese.partition("reply-text")[2])


def test_a_ticket_that_is_not_there_is_a_404():
    client = client_of()

    assert client.get("/tickets/4711/").status_code == 404
    assert client.get("/tickets/4711/live/").status_code == 404
    assert client.get("/tickets/4711/reply/").status_code == 404


def test_a_reply_before_the_verdict_is_a_404():
    investigation = make_investigation(concluded=False)

    assert client_of().get(f"/tickets/{investigation.ticket_id}/reply/").status_code == 404


# --- liveness


def poll_address(page: str) -> str:
    return re.search(r'data-poll hx-get="([^"]+)"', page)[1]


def test_a_poll_with_nothing_new_is_answered_with_nothing():
    investigation = make_investigation(concluded=False)
    client = client_of()

    address = poll_address(page_of(client, investigation.ticket.get_absolute_url()))

    assert client.get(address).status_code == 204


def test_a_poll_sees_progress_and_says_it_to_screen_readers():
    investigation = make_investigation(concluded=False)
    client = client_of()
    address = poll_address(page_of(client, investigation.ticket.get_absolute_url()))
    Run.objects.filter(pk=investigation.run_id).update(state=Run.State.RUNNING)
    investigation.run.attempts.filter(position=0).update(state=Attempt.State.SENDING, stage="sent")

    fragment = page_of(client, address)

    assert "sent, waiting for the first byte" in fragment
    assert 'id="live-status" hx-swap-oob="innerHTML"' in fragment
    assert poll_address(fragment) != address


def test_the_finished_fragment_polls_no_more():
    investigation = make_investigation(concluded=False)
    client = client_of()
    address = poll_address(page_of(client, investigation.ticket.get_absolute_url()))
    conclude(investigation)

    fragment = page_of(client, address)

    assert "data-poll" not in fragment
    assert "stream.truncated" in fragment


def test_a_lost_worker_is_told_as_possibly_billed():
    investigation = make_investigation(concluded=False)
    investigation.run.attempts.filter(position=0).update(state=Attempt.State.UNKNOWN)
    Run.objects.filter(pk=investigation.run_id).update(state=Run.State.ABANDONED, finished_at=timezone.now())

    page = page_of(client_of(), investigation.ticket.get_absolute_url())

    assert "may have been billed" in page


def test_a_ticket_nobody_takes_says_so():
    investigation = make_investigation(concluded=False)
    Run.objects.filter(pk=investigation.run_id).update(queued_at=timezone.now() - timedelta(minutes=2))

    assert "is one running?" in page_of(client_of(), investigation.ticket.get_absolute_url())


# --- the queue


def test_the_queue_asks_the_database_as_often_for_forty_tickets_as_for_four(django_assert_max_num_queries):
    endpoint = make_endpoint()
    client = client_of()
    for _ in range(40):
        make_investigation(endpoint=endpoint)

    with django_assert_max_num_queries(11):
        page = page_of(client, "/")

    assert page.count('<th scope="row">') == 40


def test_the_result_page_stays_below_twelve_queries(django_assert_max_num_queries):
    finding = ChargeFinding(code=ChargeCode.DUPLICATE, charge_ids=("ch_1",), excess={"USD": Decimal(1)})
    investigation = make_investigation(finding=finding)
    client = client_of()

    with django_assert_max_num_queries(11):
        page_of(client, investigation.ticket.get_absolute_url())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=task_7", True),
        ("q=task_8", False),
        ("q=acct-9", True),
        ("q=req_5", True),
        ("owner=upstream", True),
        ("owner=edge", False),
        ("state=done", True),
        ("state=open", False),
        ("endpoint=shop-0", True),
        ("by=me", False),
        ("q=%00", True),
        ("q=task_7%00", True),
    ],
)
def test_the_queue_shows_what_its_address_asks_for(query, found):
    investigation = make_investigation(task_id="task_7", account_ref="acct-9", request_ids=["req_5"])

    page = page_of(client_of(), f"/?{query}")

    # By its link: the search box shows a made-up number as an example.
    assert (f"/tickets/{investigation.ticket.pk}/" in page) is found


def test_a_ticket_is_found_by_its_number():
    investigation = make_investigation()

    client, number = client_of(), investigation.ticket_id

    for words in (f"t-{number}", f"T-{number:06}", str(number)):
        assert investigation.ticket.ref in page_of(client, f"/?q={words}")


@pytest.mark.parametrize("query", ["endpoint=nowhere", "state=sleeping", "owner=nobody", "by=you"])
def test_a_filter_that_names_nothing_is_left_out_and_said(query):
    investigation = make_investigation()

    page = page_of(client_of(), f"/?{query}")

    assert "the filter names something unknown" in page
    assert query in page
    assert investigation.ticket.ref in page


def test_a_row_says_how_sure_its_verdict_is():
    make_investigation()

    assert '<span class="chip ">Likely</span>' in page_of(client_of(), "/")


def test_a_row_does_not_name_an_endpoint_to_which_nothing_was_sent():
    investigation = make_investigation(endpoint=make_endpoint(slug="quiet", name="Quiet shop"))
    Run.objects.filter(pk=investigation.run_id).update(state=Run.State.REFUSED, refusal="endpoint_paused")

    rows = page_of(client_of(), "/").partition("<tbody>")[2]

    assert "nothing was sent" in rows
    assert "Quiet shop" not in rows


def test_an_empty_queue_leads_on():
    page = page_of(client_of(), "/")

    assert "No ticket yet" in page
    assert 'href="/try/"' in page


# --- the lab


def test_trying_a_behaviour_files_a_ticket_that_meets_it():
    make_endpoint(slug="lab", is_lab=True)

    answer = client_of().post("/try/", {"behaviour": "stall_mid"})

    ticket = Ticket.objects.get()
    assert answer["Location"] == ticket.get_absolute_url()
    assert ticket.model == "stall_mid"


def test_each_task_of_the_demo_ledger_leads_to_a_form_that_names_it():
    make_endpoint(slug="lab", is_lab=True)
    load_demo_ledger(timezone.now())
    client = client_of()

    page = page_of(client, "/try/")
    links = re.findall(r'href="(/tickets/new/[?]task_id=[^"]+)"', page)
    form = page_of(client, html.unescape(links[1]))

    assert len(links) == 5
    assert "Charged twice for one task" in page
    assert 'value="task_demo_duplicate"' in form
    assert '<option value="charged_twice" selected>' in form


def test_what_stands_in_backticks_is_shown_as_code():
    page = page_of(client_of(), "/try/")

    assert "<code>data:</code>" in page
    assert "`" not in page.partition("<main")[2]


@pytest.mark.parametrize(
    ("asked", "there", "not_there"),
    [
        ("stall_mid", "stall_mid", "bad_gateway"),
        ("stream.cut", "<code>reset_mid</code>", "stall_mid"),
        ("429 RETRY", "429", "stall_mid"),
    ],
)
def test_a_fault_is_found_by_name_words_or_verdict(asked, there, not_there):
    page = page_of(client_of(), f"/try/?q={quote(asked)}").partition("<main")[2]

    assert there in page and f"<code>{not_there}</code>" not in page
    assert '<details class="fold" open>' in page


def test_faults_are_folded_away_by_what_they_are_about_until_one_is_sought():
    page = page_of(client_of(), "/try/")

    assert page.count('<details class="fold">') == len(SECTIONS)
    assert "<code>stall_mid</code>" in page


def test_a_fault_is_found_in_chinese_too():
    page = page_of(client_of(), f"/try/?q={quote('沉默')}")

    assert "<code>stall" in page


def test_a_search_without_a_fault_leads_back():
    page = page_of(client_of(), "/try/?q=unicorns")

    assert "No fault fits this search" in page
    assert "<details" not in page


def test_trying_a_media_task_only_looks_it_up():
    make_endpoint(slug="lab", is_lab=True)

    client_of().post("/try/", {"behaviour": "task_ok"})

    plan = Ticket.objects.get().investigations.get().run.read_plan()
    assert [step.kind for step in plan.steps] == ["status"]


@pytest.mark.parametrize("behaviour", ["", "no_such_thing"])
def test_a_behaviour_that_the_lab_does_not_have_files_nothing(behaviour):
    make_endpoint(slug="lab", is_lab=True)

    answer = client_of().post("/try/", {"behaviour": behaviour})

    assert answer.status_code == 200
    assert not Ticket.objects.exists()


def test_without_a_lab_the_page_says_where_it_comes_from():
    assert "manage.py up" in page_of(client_of(Role.SUPPORT), "/try/")
