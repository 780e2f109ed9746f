"""An engineer's word against the machine's: who may say it, where it shows, and what two of them do."""

import html
import re
import threading

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from tests.triage.people.builders import client_of, make_person
from tests.triage.tickets.builders import conclude, follow_up, make_investigation
from triage.people.models import AuditEntry
from triage.people.roles import Role
from triage.tickets.actions.correct_verdict import CorrectionRefused, correct_verdict
from triage.tickets.models import Investigation, Ticket, VerdictCorrection
from triage.verdicts.case import Confidence, Evidence, Owner, Verdict
from triage.verdicts.codec import verdict_as_dict
from triage.verdicts.playbooks import title_of

pytestmark = pytest.mark.django_db
PASTED_KEY = "sk-" + "a1B2c3D4" * 6


def address_of(investigation: Investigation, more: str = "") -> str:
    return f"/tickets/{investigation.ticket_id}/{more}"


def correction(of: Investigation, **typed: object) -> dict[str, object]:
    return {
        "code": "edge.origin_slow",
        "owner": "edge",
        "reason": "the edge's log shows a 524 at that second",
        "investigation": of.pk,
        "seen": 0,
    } | typed


def correct(client: Client, of: Investigation, **typed: object):
    return client.post(address_of(of, "correct/"), correction(of, **typed))


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_a_correction_leads_the_page_the_reply_and_the_note_and_the_machine_stays_visible():
    investigation, engineer = make_investigation(), client_of(Role.ENGINEER)

    answer = correct(engineer, investigation)

    assert (answer.status_code, answer["Location"]) == (302, f"{address_of(investigation)}#corrected")
    page = page_of(client_of(Role.SUPPORT), address_of(investigation))
    assert title_of("edge.origin_slow", "en") in re.search(r'id="verdict-title">([^<]*)', page)[1]
    assert "Corrected by some-engineer" in page
    assert "the edge's log shows a 524" in page
    assert "The machine had said:" in page
    assert "stream.truncated" in page
    note = re.search(r'id="handoff-text"[^>]*>([^<]+)', page)[1]
    assert "edge.origin_slow · Edge" in note
    assert "Corrected by some-engineer" in note


def test_the_rows_keep_what_the_machine_said_and_the_trail_what_the_person_said():
    investigation, engineer = make_investigation(), client_of(Role.ENGINEER)

    correct(engineer, investigation)

    investigation.refresh_from_db()
    assert investigation.verdict_code == "stream.truncated"
    entry = AuditEntry.objects.get(action="verdict.corrected")
    assert entry.detail["machine"] == {"code": "stream.truncated", "owner": "upstream"}
    assert entry.detail["now"] == {"code": "edge.origin_slow", "owner": "edge"}


def test_the_trail_tells_it_as_a_sentence():
    investigation, engineer = make_investigation(), client_of(Role.ENGINEER)
    correct(engineer, investigation)

    page = page_of(client_of(Role.ADMIN), "/rules/trail/")

    assert "corrected a verdict" in page
    assert "the machine had said stream.truncated (Upstream); now edge.origin_slow (Edge)" in page


def test_lists_show_the_corrected_class_with_a_mark():
    investigation, engineer = make_investigation(), client_of(Role.ENGINEER)
    correct(engineer, investigation)

    for address in ("/", "/history/", f"/history/{investigation.run_id}/"):
        page = page_of(engineer, address)
        assert "edge.origin_slow" in page
        assert "Corrected" in page
        assert "stream.truncated" in page


def test_the_queue_of_an_owner_holds_what_was_corrected_to_them():
    investigation, engineer = make_investigation(), client_of(Role.ENGINEER)
    correct(engineer, investigation)

    assert investigation.ticket.ref in page_of(engineer, "/?owner=edge")
    assert investigation.ticket.ref not in page_of(engineer, "/?owner=upstream")


def test_the_history_finds_a_run_by_either_class():
    investigation, engineer = make_investigation(), client_of(Role.ENGINEER)
    correct(engineer, investigation)

    for verdict in ("stream.", "edge.origin_slow"):
        assert investigation.ticket.ref in page_of(engineer, f"/history/?verdict={verdict}")


def test_correcting_again_supersedes_and_going_back_is_counted_as_such():
    investigation, engineer = make_investigation(), client_of(Role.ENGINEER)
    correct(engineer, investigation)
    first = VerdictCorrection.objects.get()

    correct(
        engineer, investigation, code="stream.truncated", owner="upstream", reason="I misread", seen=first.pk
    )

    assert VerdictCorrection.objects.first().confirms
    page = page_of(engineer, address_of(investigation))
    assert "Checked by some-engineer: the machine was right" in page
    assert "the edge's log shows a 524" in page
    assert 'class="chip warn"' not in re.search(r'<header class="verdict-head">.*?</div>', page, re.S)[0]


def test_the_later_of_two_engineers_reads_the_other_first_and_loses_nothing():
    investigation = make_investigation()
    correct(client_of(Role.ENGINEER), investigation)
    later = Client(headers={"accept-language": "en"})
    later.force_login(make_person(Role.ENGINEER, name="li-na"))

    answer = correct(later, investigation, code="stream.cut", owner="gateway", reason="reset in the gateway")

    page = html.unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "the edge's log shows a 524" in page
    assert "reset in the gateway" in page
    assert VerdictCorrection.objects.count() == 1
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    assert (
        correct(later, investigation, code="stream.cut", owner="gateway", reason="x", seen=seen).status_code
        == 302
    )


def test_what_further_steps_found_is_read_before_it_is_corrected():
    investigation, engineer = make_investigation(), client_of(Role.ENGINEER)
    newer = follow_up(investigation)

    answer = correct(engineer, investigation)

    assert answer.status_code == 409
    assert f'name="investigation" value="{newer.pk}"' in answer.content.decode()
    assert not VerdictCorrection.objects.exists()


def test_a_verdict_of_another_ticket_is_not_corrected_from_here():
    investigation, other = make_investigation(), make_investigation()

    answer = correct(client_of(Role.ENGINEER), investigation, investigation=other.pk)

    assert answer.status_code == 409
    assert not VerdictCorrection.objects.exists()


def test_the_same_form_sent_twice_is_one_correction():
    investigation, engineer = make_investigation(), client_of(Role.ENGINEER)

    answers = [correct(engineer, investigation) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert VerdictCorrection.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_take_turns():
    investigation = make_investigation()
    people = [make_person(Role.ENGINEER, name=name) for name in ("wang", "li")]
    outcomes: list[str] = []

    def say(person) -> None:
        try:
            correct_verdict(
                investigation_id=investigation.pk, code="stream.cut", owner=Owner.GATEWAY,
                reason=person.username, seen=0, by=person, at=timezone.now(),
            )  # fmt: skip
            outcomes.append("stored")
        except CorrectionRefused as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=say, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["corrected_meanwhile", "stored"]


def test_a_key_in_the_reason_is_masked_before_it_is_stored_or_shown_again():
    investigation, engineer = make_investigation(), client_of(Role.ENGINEER)

    refused = correct(engineer, investigation, code="no.such", reason=f"see {PASTED_KEY}")
    correct(engineer, investigation, reason=f"see {PASTED_KEY}")

    assert refused.status_code == 422
    assert PASTED_KEY not in refused.content.decode()
    assert PASTED_KEY not in VerdictCorrection.objects.get().reason


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"code": "no.such"}, "code"),
        ({"code": ""}, "code"),
        ({"owner": "nobody"}, "owner"),
        ({"reason": " "}, "reason"),
        ({"reason": "\0"}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"seen": "a"}, "seen"),
        ({"investigation": ""}, "investigation"),
    ],
)
def test_what_makes_no_correction_comes_back_with_422(typed, field):
    answer = correct(client_of(Role.ENGINEER), make_investigation(), **typed)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not VerdictCorrection.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_class_may_be_named_by_its_title(language):
    client = client_of(Role.ENGINEER, language=language)
    investigation = make_investigation()
    page = page_of(client, address_of(investigation, "correct/"))
    title = re.search(r'<option value="stream.cut">([^<]+)<', page)[1]

    assert correct(client, investigation, code=f" {title} ").status_code == 302
    assert VerdictCorrection.objects.get().code == "stream.cut"


def test_going_back_to_the_machine_is_one_click_and_a_reason():
    investigation, engineer = make_investigation(), client_of(Role.ENGINEER)
    correct(engineer, investigation)

    page = page_of(engineer, address_of(investigation, "correct/?right=1"))

    assert 'name="code"' not in page
    assert 'name="owner"' not in page
    newest = VerdictCorrection.objects.get()
    reason = {"reason": "It was cut after all.", "investigation": investigation.pk, "seen": newest.pk}
    said = engineer.post(address_of(investigation, "correct/?right=1"), reason)
    assert said.status_code == 302
    assert VerdictCorrection.objects.first().confirms


def test_what_is_confirmed_is_no_first_reading_and_is_marked_in_the_queue():
    told = verdict_as_dict(
        Verdict(
            code="stream.truncated",
            confidence=Confidence.LIKELY,
            owner=Owner.UPSTREAM,
            evidence=(Evidence("declared", "words", "cut off"),),
        )
    )
    investigation, engineer = make_investigation(), client_of(Role.ENGINEER)
    Investigation.objects.filter(pk=investigation.pk).update(verdict=told)
    assert "This is a first reading" in page_of(engineer, address_of(investigation))
    assert "Confirmed" not in page_of(engineer, "/")

    correct(engineer, investigation, code="stream.truncated", owner="upstream", reason="seen in the logs")

    assert "This is a first reading" not in page_of(engineer, address_of(investigation))
    assert "not measured" not in page_of(engineer, address_of(investigation))
    assert "Confirmed" in page_of(engineer, "/")


def test_support_reads_corrections_but_makes_none():
    investigation, support = make_investigation(), client_of(Role.SUPPORT)

    assert "/correct/" not in page_of(support, address_of(investigation))
    assert support.get(address_of(investigation, "correct/")).status_code == 403
    assert correct(support, investigation).status_code == 403


def test_there_is_nothing_to_correct_without_a_ticket_or_a_verdict():
    running, engineer = make_investigation(concluded=False), client_of(Role.ENGINEER)

    assert engineer.get("/tickets/999/correct/").status_code == 404
    assert engineer.get(address_of(running, "correct/")).status_code == 404


def test_a_correction_to_a_dangerous_class_turns_the_light_red():
    investigation, engineer = make_investigation(), client_of(Role.ENGINEER)

    correct(engineer, investigation, code="timeout.client", owner="customer")

    assert 'class="light unsafe"' in page_of(engineer, address_of(investigation))


def test_a_word_of_an_engineers_alone_makes_no_light_green():
    """The desk's own stream was answered, so the customer's may have run as well."""
    investigation, engineer = make_investigation(), client_of(Role.ENGINEER)

    correct(engineer, investigation, code="client.wrong_base_url", owner="customer")

    assert 'class="light safe"' not in page_of(engineer, address_of(investigation))


def test_a_ticket_that_cannot_be_judged_can_still_be_corrected_and_read():
    investigation, engineer = make_investigation(concluded=False), client_of(Role.ENGINEER)
    evidence = (Evidence("desk", "not_probed", "desk_failed"),)
    conclude(investigation, code="inconclusive", owner="support", evidence=evidence, resend="unknown")
    Ticket.objects.update(charged="perhaps")  # no case can be read from it

    correct(engineer, investigation, code="client.wrong_base_url", owner="customer")

    assert 'class="light unknown"' in page_of(engineer, address_of(investigation))
