"""An admin stops all probes, says why, and lets them go on."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry

from probes.runs.halts import ProbesStopped, refuse_if_stopped
from probes.runs.models import Halt
from tests.triage.people.builders import client_of
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
HALTS, ADD = "/admin/probes/halt/", "/admin/probes/halt/add/"
PASTED_KEY = "sk-" + "a1B2c3D4" * 6


def test_a_halt_says_who_when_and_why_and_stops_everything():
    admin = client_of(Role.ADMIN, language="en")

    page = admin.post(ADD, {"reason": "the bill of May"}, follow=True).content.decode()

    halt = Halt.objects.get()
    assert (halt.reason, halt.by.username, halt.lifted_at) == ("the bill of May", "some-admin", None)
    assert "From now on nothing is sent" in page
    assert "some-admin" in page
    with pytest.raises(ProbesStopped):
        refuse_if_stopped()


def test_a_lifted_halt_stays_on_record_and_stops_nothing():
    admin = client_of(Role.ADMIN, language="en")
    admin.post(ADD, {"reason": "the bill"})
    picked = {"action": "lift", "_selected_action": [Halt.objects.get().pk]}

    page = admin.post(HALTS, picked, follow=True).content.decode()

    assert "1 halt was lifted." in page
    assert Halt.objects.get().lifted_at is not None
    refuse_if_stopped()
    lifted = LogEntry.objects.get(action_flag=CHANGE)
    assert (lifted.user.username, lifted.object_id) == (
        Halt.objects.get().by.username,
        str(Halt.objects.get().pk),
    )


def test_lifting_one_of_two_says_that_the_other_stands():
    admin = client_of(Role.ADMIN, language="en")
    for reason in ("one", "two"):
        admin.post(ADD, {"reason": reason})
    picked = {"action": "lift", "_selected_action": [Halt.objects.first().pk]}

    assert "Another halt still stands" in admin.post(HALTS, picked, follow=True).content.decode()


def test_a_halt_is_neither_rewritten_nor_deleted():
    admin = client_of(Role.ADMIN)
    admin.post(ADD, {"reason": "the bill"})
    halt = f"{HALTS}{Halt.objects.get().pk}"

    assert admin.get(f"{halt}/change/").status_code == 200
    assert admin.post(f"{halt}/change/", {"reason": "another"}).status_code == 403
    assert admin.post(f"{halt}/delete/", {"post": "yes"}).status_code == 403


def test_a_key_in_a_reason_is_not_stored():
    client_of(Role.ADMIN).post(ADD, {"reason": f"leaked {PASTED_KEY}"})

    assert PASTED_KEY not in Halt.objects.get().reason


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ENGINEER])
def test_nobody_else_stops_the_desk(role):
    assert client_of(role).post(ADD, {"reason": "why not"}, follow=True).status_code == 403
    assert not Halt.objects.exists()
