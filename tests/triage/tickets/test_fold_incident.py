"""Tickets and probes that meet one fault become one incident, whoever concludes first."""

import threading
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from probes.redaction.actions import current_redactor
from probes.runs.actions.create_run import terms_of
from probes.runs.connection import let_go
from probes.runs.kinds import Wish
from probes.runs.models import Run
from probes.runs.plan import plan_steps
from tests.probes.runs.builders import answering, make_endpoint, moments
from tests.triage.people.builders import make_person
from triage.incidents.actions.close_incident import close_incident
from triage.incidents.actions.open_incident import open_incident
from triage.incidents.models import Incident
from triage.people.audit import verify
from triage.people.models import AuditEntry
from triage.people.roles import Role
from triage.tickets.actions.correct_verdict import correct_verdict
from triage.tickets.actions.probe_further import probe_further
from triage.tickets.actions.rejudge_stored import rejudge_stored
from triage.tickets.actions.run_investigation import run_investigation
from triage.tickets.actions.submit_ticket import submit_ticket
from triage.tickets.models import Investigation
from triage.verdicts.case import Owner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
OVERLOADED = moments(
    503, "application/json", orjson.dumps({"error": {"message": "busy", "code": "server_is_overloaded"}})
)
WRONG_KEY = moments(
    401, "application/json", orjson.dumps({"error": {"message": "no such key", "code": "invalid_api_key"}})
)
PAGE_502 = moments(502, "text/html", b"<html><h1>502 Bad Gateway</h1><hr>nginx</html>")


@pytest.fixture(autouse=True)
def endpoint():
    return make_endpoint(slug="shop")


def file(*, minute: int = 0, **typed) -> Investigation:
    ticket = submit_ticket(
        fields_typed={"endpoint": "shop"} | typed,
        author=None,
        now=NOW + timedelta(minutes=minute),
        redactor=current_redactor(),
        enqueue=lambda _: None,
    )
    return ticket.investigations.get()


def carry_out(investigation: Investigation, answer=OVERLOADED, *, minute: int = 0) -> Investigation:
    send = answering([], control=answer) if answer else answering([])
    run_investigation(investigation.pk, clock=lambda: NOW + timedelta(minutes=minute), send=send)
    investigation.refresh_from_db()
    return investigation


def met(answer=OVERLOADED, *, minute: int = 0, **typed) -> Investigation:
    """A ticket whose probe was answered so."""
    return carry_out(file(minute=minute, **typed), answer, minute=minute)


def actions() -> list[str]:
    return [entry.action for entry in AuditEntry.objects.order_by("pk")]


# --- what opens one


def test_three_probes_in_a_row_open_one_and_are_folded_into_it():
    three = [met(minute=minute) for minute in (0, 1, 2)]

    incident = Incident.objects.get()
    for one in three:
        one.refresh_from_db()
    assert (incident.verdict_code, incident.model, incident.owner) == (
        "upstream.overloaded",
        "gpt-4o-mini",
        "upstream",
    )
    assert incident.counted == {"tickets": 3, "accounts": 0, "runs": 3, "window_s": 1800}
    assert [one.incident for one in three] == [incident] * 3
    assert three[2].verdict["params"]["incident"] == incident.ref
    assert actions() == ["incident.opened"]
    assert verify().bad is None


def test_three_tickets_of_two_accounts_open_one_without_any_probe(settings, endpoint):
    settings.PROBES_STOPPED = True
    told = {"error_text": "server_is_overloaded", "status_code": "503"}

    for account in ("acme", "acme", "globex"):
        met(account_ref=account, **told)

    assert Incident.objects.get().counted | {"window_s": 0} == {
        "tickets": 3,
        "accounts": 2,
        "runs": 0,
        "window_s": 0,
    }


@pytest.mark.parametrize(
    ("answer", "typed"),
    [
        (WRONG_KEY, {}),  # the desk's own key is refused
        (None, {"error_text": "Incorrect API key provided", "status_code": "401"}),
        (None, {"error_text": "server_is_overloaded", "status_code": "503"}),  # the desk's probes are well
        (None, {}),
    ],
)
def test_what_is_each_customers_own_or_not_met_never_opens_one(answer, typed):
    for n in range(5):
        met(answer, account_ref=f"account-{n}", **typed)

    assert not Incident.objects.exists()


def test_one_customer_alone_is_no_incident(settings):
    settings.PROBES_STOPPED = True

    for _ in range(5):
        met(account_ref="acme", error_text="server_is_overloaded", status_code="503")

    assert not Incident.objects.exists()


def test_a_probe_that_was_well_between_them_begins_the_count_anew():
    for answer in (OVERLOADED, OVERLOADED, None, OVERLOADED, OVERLOADED):
        met(answer)

    assert not Incident.objects.exists()


def test_what_lies_further_apart_than_the_window_is_not_counted_together():
    for minute in (0, 20, 40):
        met(minute=minute, account_ref=f"account-{minute}")

    assert not Incident.objects.exists()


def test_faults_of_other_endpoints_and_models_count_for_themselves():
    make_endpoint(slug="other")
    for typed in ({}, {}, {"model": "glm-4"}, {"endpoint": "other"}):
        met(**typed)

    assert not Incident.objects.exists()


def test_several_models_of_several_accounts_make_it_everybodys():
    for n, model in enumerate(("a", "b", "c")):
        met(model=model, account_ref=f"account-{n}")

    assert Incident.objects.get().model == ""


def test_probes_of_one_model_in_a_row_say_nothing_of_another():
    other = met(model="b")
    for _ in range(3):
        met(model="a")

    other.refresh_from_db()
    assert Incident.objects.get().model == "a"
    assert other.incident is None


def test_a_page_of_the_edge_at_a_second_model_widens_it():
    for _ in range(3):
        met(PAGE_502, model="a")
    assert Incident.objects.get().model == "a"

    second = met(PAGE_502, model="b")

    assert Incident.objects.get().model == ""
    assert second.incident == Incident.objects.get()
    assert actions() == ["incident.opened", "incident.widened"]


@pytest.mark.parametrize("off", [{"INCIDENT_RUNS": 0, "INCIDENT_TICKETS": 0}])
def test_a_desk_may_have_none_open_by_themselves(settings, off):
    for name, value in off.items():
        setattr(settings, name, value)

    for n in range(4):
        met(account_ref=f"account-{n}")

    assert not Incident.objects.exists()


# --- what it does while it is open


@pytest.fixture
def incident(endpoint) -> Incident:
    return open_incident(endpoint_id=endpoint.pk, code="upstream.overloaded", model="", now=NOW)


def test_a_ticket_that_it_explains_is_answered_without_a_probe(incident):
    fourth = file(minute=3, notes="不能用了", account_ref="acme")

    assert (fourth.not_probed, fourth.run, fourth.incident) == ("incident", None, incident)
    carry_out(fourth, minute=3)

    assert fourth.verdict_code == "upstream.overloaded"
    assert fourth.incident == incident
    assert not Run.objects.exists()
    assert list(rejudge_stored()) == []


@pytest.mark.parametrize(
    ("typed", "is_met"),
    [({"notes": "不能用了"}, False), ({"error_text": "server_is_overloaded", "status_code": "503"}, True)],
)
def test_only_what_is_told_to_be_of_its_class_keeps_it_fresh(incident, typed, is_met):
    carry_out(file(minute=3, **typed), minute=3)

    incident.refresh_from_db()
    assert (incident.last_seen_at > NOW) is is_met


def test_one_that_was_not_met_for_a_day_pauses_nothing_until_it_is_met_anew(incident):
    day = 24 * 60

    carry_out(file(minute=day - 1, notes="不能用了"), None, minute=day - 1)
    probed = met(minute=day, notes="不能用了")

    assert probed.run is not None
    assert probed.incident == incident
    assert file(minute=day + 1, notes="不能用了").not_probed == "incident"


@pytest.mark.parametrize(
    "typed",
    [
        {"error_text": "Incorrect API key provided", "status_code": "401"},
        {"symptom": "charged_twice", "task_id": "t-1"},
        {"workload": "video", "task_id": "t-1"},  # a look-up costs nothing and asks no model
    ],
)
def test_a_ticket_of_something_else_is_probed_as_usual(incident, typed):
    assert file(**typed).run is not None


def test_one_of_another_model_is_probed_as_usual(endpoint):
    open_incident(endpoint_id=endpoint.pk, code="upstream.overloaded", model="a", now=NOW)

    assert file(model="a").run is None
    assert file(model="b").run is not None


def test_a_probe_that_is_well_does_not_end_it_and_is_not_folded(incident):
    probed = met(None, error_text="Incorrect API key provided", status_code="401")

    assert probed.incident is None
    assert Incident.objects.open().get() == incident


def test_an_engineer_can_still_probe_by_hand(incident, endpoint):
    paused = carry_out(file(notes="不能用了"))
    plan = plan_steps(terms_of(endpoint), [Wish(kind="control"), Wish(kind="stream")])

    further = probe_further(
        ticket_id=paused.ticket_id,
        builds_on=paused.pk,
        plan=plan,
        at_most=plan.worst_case,
        asked_by=make_person(Role.ENGINEER),
        now=NOW,
        enqueue=lambda _: None,
    )
    carry_out(further, None)

    assert further.verdict_code.startswith("ok.")
    assert further.incident is None
    assert "upstream.overloaded" in further.verdict["alternatives"]


# --- the desk looks again


def test_one_ticket_in_ten_minutes_is_probed_whatever_else_comes_and_folded_if_it_is_still_so(incident):
    first, *others = [file(minute=minute, notes="不能用了") for minute in (10, 11, 19)]
    again = file(minute=20, notes="不能用了")

    assert [one.run is not None for one in (first, *others, again)] == [True, False, False, True]
    carry_out(first, minute=11)

    assert (first.verdict_code, first.incident) == ("upstream.overloaded", incident)
    incident.refresh_from_db()
    assert incident.last_seen_at == NOW + timedelta(minutes=11)


@pytest.mark.parametrize(
    ("others_probe", "looks"),
    [
        ({"error_text": "Incorrect API key provided", "status_code": "401"}, False),  # it calls the model too
        ({"workload": "video", "task_id": "t-1"}, True),  # a look-up says nothing of the model
    ],
)
def test_any_other_probe_of_the_model_is_a_look_as_well(incident, others_probe, looks):
    assert file(minute=12, **others_probe).run is not None

    assert (file(minute=13, notes="不能用了").run is not None) is looks


def test_a_look_that_is_refused_is_answered_with_the_incident_and_not_tried_again_at_once(settings, incident):
    settings.PROBES_STOPPED = True

    refused = carry_out(file(minute=10, notes="不能用了"), minute=10)

    assert (refused.run.state, refused.incident) == (Run.State.REFUSED, incident)
    assert file(minute=11, notes="不能用了").run is None


def test_a_look_that_is_well_keeps_its_own_verdict_and_closes_nothing(incident):
    looked = carry_out(file(minute=10, notes="不能用了"), None, minute=10)

    assert looked.verdict_code.startswith("ok.")
    assert looked.incident is None
    assert Incident.objects.open().get() == incident


def test_a_desk_may_never_look_by_itself(settings, incident):
    settings.INCIDENT_LOOK_S = 0

    assert file(minute=600, notes="不能用了").run is None


@pytest.mark.django_db(transaction=True)
def test_of_tickets_that_are_filed_at_once_one_looks(incident):
    barrier, looked = threading.Barrier(4), []

    def work() -> None:
        barrier.wait()
        try:
            looked.append(file(minute=10, notes="不能用了").run is not None)
        finally:
            let_go()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(looked) == [False, False, False, True]


# --- what engineers say of its tickets


def correct(investigation: Investigation, code: str = "auth.key_unknown", *, seen: int = 0) -> int:
    said = correct_verdict(
        investigation_id=investigation.pk,
        code=code,
        owner=Owner(investigation.owner),
        reason="the log says so",
        seen=seen,
        by=make_person(Role.ENGINEER, f"engineer-{seen}"),
        at=NOW,
    )
    return said.pk


def test_a_ticket_that_was_corrected_leaves_it_and_comes_back_when_that_is_taken_back():
    one, *_others = [met(minute=minute) for minute in (0, 1, 2)]
    one.refresh_from_db()
    incident = one.incident

    def counted() -> int:
        return Incident.objects.with_tickets().get(pk=incident.pk).tickets

    assert counted() == 3
    said = correct(one)
    assert (counted(), Investigation.objects.get(pk=one.pk).belongs_to) == (2, None)
    correct(one, "upstream.overloaded", seen=said)
    assert (counted(), Investigation.objects.get(pk=one.pk).belongs_to) == (3, incident)


def test_a_corrected_ticket_does_not_count_towards_one():
    correct(met(minute=0))
    for minute in (1, 2):
        met(minute=minute)
    assert not Incident.objects.exists()

    met(minute=3)

    assert Incident.objects.get().counted["runs"] == 3
    assert Incident.objects.get().investigations.count() == 3


def test_after_it_was_closed_tickets_are_probed_again_and_the_count_begins_anew():
    folded = [met() for _ in range(3)]
    close_incident(Incident.objects.get(), by=make_person(Role.ENGINEER), now=NOW + timedelta(seconds=30))

    again = [met(minute=minute, account_ref=f"account-{minute}") for minute in (1, 2)]

    assert all(one.run and one.incident is None for one in again)
    assert not Incident.objects.open().exists()
    assert Investigation.objects.exclude(incident=None).count() == len(folded)

    met(minute=3, account_ref="acme")

    assert Incident.objects.open().exists()


def test_one_that_is_closed_before_the_conclusion_still_answers_its_ticket(incident):
    paused = file(notes="不能用了")
    close_incident(incident, by=make_person(Role.ENGINEER), now=NOW)

    carry_out(paused)

    assert (paused.verdict_code, paused.incident) == ("upstream.overloaded", incident)


# --- at once, and at length


@pytest.mark.django_db(transaction=True)
def test_workers_that_conclude_at_once_make_one(settings):
    settings.INCIDENT_RUNS = 0  # the tickets alone count
    waiting = [file(account_ref=f"account-{n}") for n in range(6)]
    barrier = threading.Barrier(len(waiting))

    def work(investigation: Investigation) -> None:
        barrier.wait()
        try:
            carry_out(investigation)
        finally:
            let_go()

    workers = [threading.Thread(target=work, args=(one,)) for one in waiting]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    incident = Incident.objects.get()
    assert incident.counted["tickets"] == 3
    assert Investigation.objects.filter(incident=incident).count() == 6


def test_the_conclusion_asks_the_same_few_questions_however_much_there_is(endpoint):
    def questions(minute: int) -> int:
        waiting = file(minute=minute, error_text="Incorrect API key provided")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            carry_out(waiting, WRONG_KEY, minute=minute)
        return len(asked)

    met(WRONG_KEY)
    before = questions(1)
    for minute in range(2, 12):
        met(WRONG_KEY, minute=minute)

    assert questions(12) == before


def test_tickets_judged_alone_open_nothing_and_are_told_nothing_of_each_other():
    for account in ("a", "b", "c", "d"):
        investigation = file(account_ref=account)
        run_investigation(
            investigation.pk, clock=lambda: NOW, send=answering([], control=OVERLOADED), alone=True
        )
        investigation.refresh_from_db()
        assert {item["where"] for item in investigation.verdict["evidence"]} == {"control"}

    assert not Incident.objects.exists()
