"""The pages of incidents: what they show, who may change them, and that they keep no secret."""

from datetime import timedelta

import pytest
from django.utils import timezone

from probes.runs.models import Run
from probes.wire.facts import Facts
from tests.probes.runs.builders import make_endpoint
from tests.triage.people.builders import client_of
from tests.triage.tickets.builders import make_investigation
from triage.incidents.actions.close_incident import close_incident
from triage.incidents.actions.open_incident import open_incident
from triage.incidents.models import Incident
from triage.people.models import AuditEntry
from triage.people.roles import Role
from triage.tickets.models import Investigation, VerdictCorrection

pytestmark = pytest.mark.django_db
KEY = "sk-" + "a1B2" * 12
CODE = "upstream.overloaded"


@pytest.fixture
def endpoint():
    return make_endpoint(slug="shop", name="The shop")


@pytest.fixture
def incident(endpoint) -> Incident:
    return open_incident(
        endpoint_id=endpoint.pk,
        code=CODE,
        model="glm-4",
        now=timezone.now(),
        counted={"tickets": 3, "accounts": 2, "runs": 1, "window_s": 1800},
    )


def folded(incident: Incident, **typed) -> Investigation:
    investigation = make_investigation(endpoint=incident.endpoint, **typed)
    Investigation.objects.filter(pk=investigation.pk).update(incident=incident)
    return investigation


def page(address: str, role: Role = Role.SUPPORT) -> str:
    return client_of(role).get(address).content.decode()


def test_without_incidents_the_list_says_how_one_comes_to_be():
    shown = page("/incidents/")

    assert "No incident so far" in shown
    assert "/incidents/new/" not in shown


def test_open_ones_stand_before_closed_ones(endpoint, incident):
    later = open_incident(endpoint_id=endpoint.pk, code="reach.connect", model="", now=timezone.now())
    support = client_of(Role.ENGINEER)
    support.post(f"/incidents/{later.pk}/close/")

    shown = support.get("/incidents/").content.decode()

    assert shown.index(incident.ref) < shown.index(later.ref)
    assert later.ref not in support.get("/incidents/?state=open").content.decode()
    assert incident.ref not in support.get("/incidents/?state=closed").content.decode()
    assert (
        "No incident fits this filter" in support.get("/incidents/?class=model.no_channel").content.decode()
    )
    assert "something unknown" in support.get("/incidents/?endpoint=nowhere").content.decode()


def test_one_that_nothing_met_for_a_day_is_perhaps_over(incident):
    assert "perhaps over</span>" not in page("/incidents/")

    Incident.objects.update(last_seen_at=timezone.now() - timedelta(hours=25))

    shown = client_of(Role.ENGINEER).get("/incidents/?state=quiet").content.decode()
    assert incident.ref in shown
    assert "perhaps over</span>" in shown


def test_the_page_tells_what_was_counted_and_which_tickets_are_folded_in(incident):
    part = folded(incident, account_ref="acme")

    shown = page(incident.get_absolute_url())

    assert "tickets 3, of 2 named accounts; probes in a row 1." in shown
    assert "All within 30 minutes." in shown
    assert f'<a href="{part.ticket.get_absolute_url()}">{part.ticket.ref}</a>' in shown
    assert "acme" in shown
    assert f"/history/{part.run_id}/" not in shown  # support may not read the history
    assert "Close the incident" not in shown


def test_an_engineer_opens_one_by_hand_and_the_same_one_only_once(endpoint):
    engineer = client_of(Role.ENGINEER)
    typed = {"endpoint": "shop", "verdict_code": CODE, "model": "", "note": f"they said {KEY}"}

    first = engineer.post("/incidents/new/", typed)
    second = engineer.post("/incidents/new/", typed)

    incident = Incident.objects.get()
    assert first.url == second.url == incident.get_absolute_url()
    assert KEY not in incident.note
    assert "they said" in incident.note
    assert "opened it by hand" in engineer.get(first.url).content.decode()
    assert AuditEntry.objects.get().detail == {"endpoint": "shop", "class": CODE}


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"endpoint": "nowhere", "verdict_code": CODE},
        {"endpoint": "shop", "verdict_code": "auth.key_unknown"},
        {"endpoint": "shop", "verdict_code": CODE, "model": "x" * 201},
    ],
)
def test_what_names_no_fault_of_the_service_opens_none(endpoint, typed):
    answer = client_of(Role.ENGINEER).post("/incidents/new/", typed | {"note": KEY})

    assert answer.status_code == 422
    assert KEY not in answer.content.decode()
    assert not Incident.objects.exists()


def test_a_note_is_masked_and_stands_in_the_trail(incident):
    engineer = client_of(Role.ENGINEER)

    engineer.post(f"/incidents/{incident.pk}/note/", {"note": f"channel 7, {KEY}"})

    incident.refresh_from_db()
    assert incident.note.startswith("channel 7, ")
    assert KEY not in incident.note
    assert KEY not in str(AuditEntry.objects.get(action="incident.noted").detail)
    assert "channel 7" in engineer.get(incident.get_absolute_url()).content.decode()


def test_a_note_that_is_too_long_is_told_so_and_not_cut(incident):
    answer = client_of(Role.ENGINEER).post(f"/incidents/{incident.pk}/note/", {"note": "word " * 500 + "end"})

    assert answer.status_code == 422
    assert "end</textarea>" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="incident.noted").exists()


@pytest.mark.parametrize("inside", [12, 16, 24])
def test_no_half_of_a_key_survives_at_the_end_of_a_note(incident, inside):
    note = "word " * 400

    client_of(Role.ENGINEER).post(f"/incidents/{incident.pk}/note/", {"note": note[: 2000 - inside] + KEY})

    incident.refresh_from_db()
    assert KEY[:8] not in incident.note


def test_closing_keeps_the_tickets_and_says_who_did_it(incident):
    part = folded(incident)
    engineer = client_of(Role.ENGINEER)

    engineer.post(f"/incidents/{incident.pk}/close/")

    incident.refresh_from_db()
    assert (incident.is_open, incident.closed_by.username) == (False, "some-engineer")
    shown = engineer.get(incident.get_absolute_url()).content.decode()
    assert part.ticket.ref in shown
    assert "The incident was closed" in shown
    assert AuditEntry.objects.get(action="incident.closed").detail == {"tickets": 1}
    assert engineer.post(f"/incidents/{incident.pk}/close/").status_code == 409
    assert engineer.post(f"/incidents/{incident.pk}/note/", {"note": "x"}).status_code == 409


# --- whether it is over, and what is left of it


def looked(incident: Incident, **facts) -> None:
    """A probe of the model after it opened; without facts of its own, its stream broke off."""
    part = make_investigation(endpoint=incident.endpoint)
    Run.objects.filter(pk=part.run_id).update(model="glm-4")
    for attempt in part.run.attempts.all() if facts else ():
        attempt.facts = Facts(step=attempt.step, **facts).as_dict()
        attempt.save()


def test_an_open_one_tells_when_the_desk_looked_and_what_it_saw(incident):
    support = client_of(Role.SUPPORT)
    assert "Not since it was opened." in support.get(incident.get_absolute_url()).content.decode()

    looked(incident, status=529, error_type="overloaded_error", content_type="application/json")

    shown = support.get(incident.get_absolute_url()).content.decode()
    last = shown[shown.index('id="last-look"') :].split("</dd>")[0]
    assert f'<code class="muted">{CODE}</code>' in last
    assert "Looks again with the next ticket that fits" in last
    assert "perhaps over</span>" not in shown


def test_one_that_the_desk_no_longer_meets_may_be_over_and_has_the_button_to_close_it(incident):
    looked(incident)
    engineer = client_of(Role.ENGINEER)

    shown = engineer.get(incident.get_absolute_url()).content.decode()

    note = shown[shown.index('id="perhaps-over"') :].split("</form>")[0]
    assert "no longer met this fault, but another" in note
    assert f'action="/incidents/{incident.pk}/close/"' in note
    assert incident.ref in engineer.get("/incidents/?state=quiet").content.decode()
    assert Incident.objects.open().exists()


def test_it_says_when_too_little_is_left_of_it(incident):
    ours, theirs = folded(incident, account_ref="acme"), folded(incident, account_ref="globex")
    VerdictCorrection.objects.create(
        investigation=theirs,
        code="auth.key_unknown",
        owner="customer",
        reason="log",
        corrected_at=timezone.now(),
    )

    support = client_of(Role.SUPPORT)
    shown = support.get(incident.get_absolute_url()).content.decode()

    assert "1 ticket left it" in shown
    assert "What is left would not have opened it: tickets 1, of 1 named accounts; probes 2." in shown
    assert ours.ticket.ref in shown
    assert theirs.ticket.ref not in shown
    assert "Known incident" not in support.get(theirs.ticket.get_absolute_url()).content.decode()


@pytest.mark.parametrize("address", ["new/", "{pk}/note/", "{pk}/close/"])
def test_support_reads_but_changes_nothing(incident, address):
    answer = client_of(Role.SUPPORT).post(f"/incidents/{address.format(pk=incident.pk)}", {"note": "x"})

    assert answer.status_code == 403
    assert Incident.objects.open().get().note == ""


@pytest.mark.parametrize("address", ["/incidents/404/", "/incidents/404/note/", "/incidents/404/close/"])
def test_an_incident_that_is_not_there_is_not_found(address):
    assert client_of(Role.ENGINEER).post(address).status_code in (404, 405)


# --- the banner on other pages


def test_the_queue_and_a_tickets_page_lead_with_it(incident):
    part = folded(incident)
    support = client_of(Role.SUPPORT)

    for address in ("/", part.ticket.get_absolute_url()):
        shown = support.get(address).content.decode()
        assert "Known incident" in shown
        assert f'href="{incident.get_absolute_url()}"' in shown


def test_the_form_asks_for_what_is_known_of_the_chosen_endpoint(incident):
    support = client_of(Role.SUPPORT)

    assert 'hx-get="/incidents/banner/"' in support.get("/tickets/new/").content.decode()
    assert incident.ref in support.get("/incidents/banner/?endpoint=shop").content.decode()
    for nothing in ("", "?endpoint=nowhere", "?endpoint=%00"):
        assert not support.get(f"/incidents/banner/{nothing}").content.decode().strip()


def test_a_closed_one_stands_no_longer_above_the_queue_but_on_its_tickets(incident):
    part = folded(incident)
    close_incident(incident, by=part.ticket.created_by, now=timezone.now())

    assert "Known incident" not in page("/")
    assert (
        "This incident is closed"
        in client_of(Role.ENGINEER).get(part.ticket.get_absolute_url()).content.decode()
    )


def test_a_ticket_of_a_shared_class_offers_the_form_filled_in(endpoint):
    ticket = make_investigation(endpoint=endpoint, model="glm-4").ticket
    engineer = client_of(Role.ENGINEER)
    address = "/incidents/new/?endpoint=shop&amp;class=stream.truncated&amp;model=glm-4"

    assert address in engineer.get(ticket.get_absolute_url()).content.decode()
    form = engineer.get(address.replace("&amp;", "&")).content.decode()

    assert '<option value="shop" selected>' in form
    assert '<option value="stream.truncated" selected>' in form
    assert 'value="glm-4"' in form
    assert address not in page(ticket.get_absolute_url())


def test_the_form_asks_for_the_note_last_and_in_the_same_words_as_the_page(incident):
    engineer = client_of(Role.ENGINEER)
    opening, noting = (
        engineer.get(address).content.decode() for address in ("/incidents/new/", incident.get_absolute_url())
    )

    names = [f'name="{name}"' for name in ("endpoint", "verdict_code", "model", "note")]
    assert sorted(names, key=opening.index) == names
    for shown in (opening, noting):
        assert "What is known, who works on it." in shown
        assert 'maxlength="2000"' in shown
