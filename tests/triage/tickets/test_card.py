"""The verdict card: every piece of evidence leads to its fact and back, what is missing is one click away."""

import html
import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from tests.triage.people.builders import client_of
from tests.triage.tickets.builders import conclude, follow_up, make_investigation, make_verdict
from triage.charges.demo import load_demo_ledger
from triage.people.roles import Role
from triage.tickets.card import clock_there, grounds_of
from triage.tickets.models import Investigation, Ticket
from triage.tickets.wording.verdicts import GROUNDS
from triage.verdicts.case import Confidence, Evidence
from triage.verdicts.codec import verdict_as_dict
from triage.verdicts.codes import FACT_SUPPLIERS

pytestmark = pytest.mark.django_db


def page_of(client: Client, investigation: Investigation, query: str = "") -> str:
    answer = client.get(f"/tickets/{investigation.ticket_id}/{query}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def judged(*evidence: Evidence, **said) -> Investigation:
    columns = {name: said.pop(name) for name in list(said) if name in TICKET}
    investigation = make_investigation(concluded=False, **columns)
    conclude(investigation, evidence=evidence, **said)
    return Investigation.objects.get(pk=investigation.pk)


TICKET = {field.name for field in Ticket._meta.get_fields()}


def proofs_in(page: str) -> dict[str, str]:
    """The id of each piece of evidence with the place that it links to."""
    return dict(re.findall(r'id="((?:because|against)-\d+)" tabindex="-1"><a href="#([^"]+)"', page))


def reply_in(page: str) -> str:
    return re.search(r'id="reply-text"[^>]*>(.*?)</div>', page, re.S)[1]


def note_in(page: str) -> str:
    return re.search(r'id="handoff-text"[^>]*>(.*?)</div>', page, re.S)[1]


def overturn_in(page: str) -> str:
    return re.search(r'id="overturn">.*?</div>', page, re.S)[0]


# --- evidence


def test_each_piece_of_evidence_links_to_a_fact_that_is_there_and_links_back():
    investigation = judged(
        Evidence("stream", "done_seen", False),
        Evidence("control", "status", 200),
        Evidence("stream", "server", "nginx"),
        Evidence("stream", "burst_bytes", [4096, 4096]),
        Evidence("declared", "status_code", 504),
        Evidence("declared", "words", "gateway time-out"),
        Evidence("declared", "words", "said on the telephone"),
        Evidence("desk", "not_probed", "no_attempt"),
        counter_evidence=(Evidence("stream", "status", 200),),
        status_code=504,
        error_text="504 Gateway  Time-out",
    )

    page = page_of(client_of(), investigation)

    places = proofs_in(page)
    assert set(places) == {*(f"because-{n}" for n in range(1, 9)), "against-1"}
    for proof, place in places.items():
        assert page.count(f'id="{place}"') == 1
        back = f'href="#{proof}"' if place.startswith("fact-") else 'href="#verdict"'
        assert back in page or place == "stages"
    assert places["because-5"] == "declared-status_code"
    assert places["because-6"] == "declared-error_text"
    assert places["because-7"] == "declared-title"


def test_ids_on_the_page_are_unique():
    page = page_of(client_of(Role.ENGINEER), follow_up(make_investigation(task_id="task_7", status_code=500)))

    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_evidence_of_a_repeated_request_leads_to_the_one_that_showed_it():
    investigation = judged()
    follow_up(investigation, "repeat")
    further = Investigation.objects.latest("pk")
    second = further.run.attempts.get(position=1)
    second.facts = {**second.facts, "status": 502}
    second.save()
    verdict = make_verdict(evidence=(Evidence("repeat", "status", 502),))
    Investigation.objects.filter(pk=further.pk).update(verdict=verdict_as_dict(verdict))

    page = page_of(client_of(), further)

    assert proofs_in(page)["because-1"] == f"fact-{further.run_id}-1-status"
    assert "Repeated request 2" in page


def test_evidence_of_the_ledger_leads_to_its_rows():
    load_demo_ledger(timezone.now())
    ticket = {"task_id": "task_demo_duplicate", "charged": "yes", "symptom": "charged_twice"}
    investigation = judged(
        Evidence("ledger", "finding", "charge.duplicate"),
        Evidence("ledger", "charge_ids", ["demo_2", "demo_3"]),
        Evidence("ledger", "excess", {"USD": "0.9"}),
        Evidence("ledger", "covered_until", "2026-11-20T00:00:00+00:00"),
        code="charge.duplicate",
        **ticket,
    )

    page = page_of(client_of(), investigation)

    places = proofs_in(page)
    assert list(places.values()) == ["charge-finding", "charge-row-1", "charge-row-2", "charge-coverage"]
    for place in places.values():
        assert page.count(f'id="{place}"') == 1


def test_what_was_known_around_a_ticket_is_listed_and_linked():
    investigation = judged(
        Evidence("health", "failing", 3),
        Evidence("similar", "accounts", 2),
        Evidence("incident", "incident", "I-00001"),
    )
    since = "2026-11-21T00:00:00+00:00"
    Investigation.objects.filter(pk=investigation.pk).update(
        surroundings={
            "health": {"since": since, "runs": 4, "well": 1, "failing": 3, "codes": {"stream.cut": 3}},
            "similar": {"since": since, "tickets": {"stream.cut": 2}, "accounts": {"stream.cut": 2}},
            "incident": {"ref": "I-00001", "code": "stream.cut", "opened_at": since},
        }
    )

    page = page_of(client_of(), investigation)

    assert proofs_in(page) == {"because-1": "health", "because-2": "similar", "because-3": "incident"}
    assert "1 of 4 probes of this model met no fault" in page
    assert "2 other accounts" in page


def test_a_sum_leads_to_the_field_that_it_is_made_of():
    value = {"seconds": 60.2, "limit": 60}
    with_field = judged(Evidence("arithmetic", "round_limit", value), elapsed_s=60.2)
    without = judged(Evidence("arithmetic", "round_limit", value))

    assert proofs_in(page_of(client_of(), with_field)) == {"because-1": "declared-elapsed_s"}
    assert proofs_in(page_of(client_of(Role.ENGINEER), without)) == {}


def test_a_good_end_is_grounded_in_requests_that_went_well():
    seen = (Evidence("declared", "words", "works again"), Evidence("control", "status", 200))

    assert grounds_of(make_verdict(code="ok.resolved", evidence=seen)) == "went_well"
    assert grounds_of(make_verdict(code="ok.resolved", evidence=seen[:1])) == "words_name"


@pytest.mark.parametrize(
    ("confidence", "evidence", "counter", "ground"),
    [
        ("certain", [("ledger", "finding")], [], "rows_prove"),
        ("certain", [("stream", "status")], [], "probe_proves"),
        ("certain", [], [], "facts_name"),
        ("likely", [("declared", "words")], [("stream", "status")], "contradicted"),
        ("likely", [("ledger", "finding")], [], "rows_fit"),
        ("likely", [("declared", "words"), ("arithmetic", "round_limit")], [], "figures_fit"),
        ("likely", [("control", "status"), ("declared", "words")], [], "probe_and_words"),
        ("likely", [("control", "status")], [], "probe_fits"),
        ("likely", [("declared", "words")], [], "words_name"),
        ("likely", [], [], "fits_best"),
        ("possible", [("control", "status")], [], "several"),
        ("possible", [("declared", "words")], [], "hinted"),
        ("possible", [("desk", "not_probed")], [], "nothing_seen"),
        ("likely", [("incident", "led_by")], [], "incident"),
    ],
)
def test_how_sure_it_is_has_its_reason(confidence, evidence, counter, ground):
    verdict = make_verdict(
        confidence=Confidence(confidence),
        evidence=tuple(Evidence(where, fact, 1) for where, fact in evidence),
        counter_evidence=tuple(Evidence(where, fact, 1) for where, fact in counter),
    )

    assert grounds_of(verdict) == ground
    assert ground in GROUNDS


# --- what would decide


@pytest.mark.parametrize("fact", FACT_SUPPLIERS)
def test_a_deciding_fact_names_who_has_it_and_is_one_click_away(fact):
    page = page_of(client_of(Role.ENGINEER), judged(overturned_by=fact, task_id="task_7"))

    part = overturn_in(page)
    way = {
        "customer": f"ask={fact}#reply",
        "engineer": 'href="#handoff"',
        "billing": 'href="#handoff"',
        "desk": "/further/?picked=1&steps=",
    }
    assert way[FACT_SUPPLIERS[fact]] in part


def test_the_step_is_picked_already_when_an_engineer_follows_the_link():
    engineer, investigation = client_of(Role.ENGINEER), judged(overturned_by="long_probe")
    address = re.search(r'href="([^"]+/further/\?[^"]+steps=long[^"]*)"', page_of(engineer, investigation))[1]

    page = engineer.get(address).content.decode()

    assert re.findall(r'value="(\w+)" id="pick-\w+"[^>]* checked', page) == ["long"]


def test_support_is_told_whom_to_ask_for_a_step():
    page = page_of(client_of(Role.SUPPORT), judged(overturned_by="long_probe"))

    assert "An engineer can run it: Long stream" in page
    assert "/further/?" not in page


def test_a_step_that_cannot_be_had_says_why():
    page = page_of(client_of(Role.ENGINEER), judged(overturned_by="task_status"))

    part = overturn_in(page)
    assert "The ticket names no task ID." in part
    assert "steps=" not in part


def test_what_our_own_people_have_to_look_up_stands_in_the_note():
    investigation = judged(overturned_by="gateway_log", alternatives=("timeout.our_proxy",))

    note = note_in(page_of(client_of(), investigation))

    assert "Needed: Please look into the gateway's log" in note
    assert "Or is it" in note
    assert "edge's log" in note


def test_another_fact_than_the_usual_one_is_not_told_in_the_usual_words():
    usual = page_of(client_of(), judged(code="inconclusive", overturned_by="error_text"))
    other = page_of(client_of(Role.ENGINEER), judged(code="inconclusive", overturned_by="long_probe"))

    assert "What is missing" in overturn_in(usual)
    assert "the full text of the error" in overturn_in(usual)
    assert "probe a longer stream" in overturn_in(other)
    assert "error text" not in overturn_in(other)


def test_what_the_ticket_holds_already_is_not_asked_again():
    told = page_of(client_of(), judged(overturned_by="base_url", base_url="https://api.shop.example/v1"))
    nothing = page_of(
        client_of(Role.ENGINEER), judged(code="inconclusive", overturned_by="error_text", error_text="hm")
    )

    assert 'href="#declared-base_url"' in overturn_in(told)
    assert "ask=base_url" not in told
    assert "ask=status_code#reply" in overturn_in(nothing)
    assert "ask=error_text" not in nothing


def test_the_desk_probes_first_before_a_customer_is_asked():
    evidence = Evidence("desk", "not_probed", "over_daily_budget")
    investigation = judged(evidence, code="inconclusive", overturned_by="error_text")
    investigation.run.attempts.update(facts={})

    part = overturn_in(page_of(client_of(Role.ENGINEER), investigation))

    assert f'href="/tickets/{investigation.ticket_id}/further/"' in part
    assert "ask=" not in part


# --- questions in the reply


def test_questions_are_added_to_the_reply_and_taken_out_again_by_links_alone():
    client, investigation = client_of(), judged(overturned_by="client_log")
    page = page_of(client, investigation)
    address = re.search(r'href="([^"]+\?ask=client_log#reply)"', page)[1]

    asked = html.unescape(client.get(address).content.decode())

    assert "retries and the timeout settings" in reply_in(asked)
    assert "never send us a full API key" in reply_in(asked)
    assert re.search(rf'href="/tickets/{investigation.ticket_id}/\?#reply"', asked)
    assert "never send us a full API key" not in reply_in(page)


def test_several_questions_are_kept_over_the_language_of_the_reply():
    client, investigation = client_of(), judged()

    page = page_of(client, investigation, "?reply=zh-hans&ask=occurred_at&ask=error_text")
    fragment = client.get(
        f"/tickets/{investigation.ticket_id}/reply/?reply=en&ask=occurred_at&ask=error_text"
    ).content.decode()

    assert "1. 出错的时间是什么时候" in reply_in(page)
    assert "2. 请把完整的错误原文" in reply_in(page)
    assert "?reply=en&ask=occurred_at&ask=error_text" in page
    assert "1. When did it happen?" in reply_in(fragment)
    assert "?reply=zh-hans&ask=error_text#reply" in page  # takes the first one out


@pytest.mark.parametrize("query", ["?ask=nonsense", "?ask=gateway_log", "?ask=closing", "?ask=%00", "?ask="])
def test_what_nobody_can_be_asked_is_left_out(query):
    page = page_of(client_of(), judged(), query)

    assert "never send us" not in reply_in(page)
    assert "ask=nonsense#reply" not in page


def test_a_question_is_asked_once_and_not_too_many_at_all():
    fields = ("error_text", "status_code", "occurred_at", "model", "stream", "client", "zone", "base_url")
    more = ("elapsed_s", "via_proxy")
    query = "?" + "&".join(f"ask={name}" for name in (*fields, *fields, *more))

    reply = reply_in(page_of(client_of(), judged(model=""), query))

    assert "8. " in reply
    assert "9. " not in reply


def test_only_what_the_ticket_leaves_open_is_offered():
    page = page_of(client_of(), judged(status_code=502, client="cherry studio"))

    offered = set(re.findall(r"\?ask=(\w+)#reply", page))
    assert "occurred_at" in offered
    assert not {"status_code", "client"} & offered


# --- the clock


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("America/New_York", "2026-11-20 19:00:00 (America/New_York, UTC-0500)"),
        ("Asia/Singapore", ""),  # the desk's own time
        ("", ""),
        ("Mars/Olympus", ""),
        ("../../etc/passwd", ""),
    ],
)
def test_the_retry_clock_is_told_in_the_customers_zone_where_it_differs(zone, told):
    assert clock_there(datetime(2026, 11, 21, tzinfo=UTC), zone) == told


def test_both_clocks_stand_on_the_page():
    at = datetime(2026, 11, 21, tzinfo=UTC)
    page = page_of(client_of(), judged(retry_not_before=at, zone="America/New_York"))

    assert "2026-11-21 08:00:00 (UTC+0800)" in page
    assert "At the customer's: 2026-11-20 19:00:00" in page
