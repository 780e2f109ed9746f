"""The made-up year: as many rows as asked for, of every kind, and pages that read them like real ones."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from probes.runs.models import Attempt, Run
from tests.triage.people.builders import client_of
from triage.history.actions.seed_history import seed_history
from triage.history.models import Entry
from triage.history.seeding.scenarios import SCENARIOS
from triage.history.seeding.stories import stories
from triage.people.roles import Role
from triage.tickets.models import Investigation, Ticket
from triage.verdicts.codes import ISSUES


def test_every_scenario_has_a_class_of_the_table():
    assert {scenario.verdict.code for scenario in SCENARIOS} <= set(ISSUES)


def test_the_same_wish_makes_the_same_stories():
    wish = {"tickets": 30, "attempts": 150, "until": timezone.now(), "endpoints": 4, "authors": 2}

    assert list(stories(**wish)) == list(stories(**wish))


@pytest.mark.parametrize(("tickets", "attempts"), [(7, 14), (50, 250), (11, 97)])
def test_there_are_as_many_requests_as_asked_for(tickets, attempts):
    told = stories(tickets=tickets, attempts=attempts, until=timezone.now(), endpoints=4, authors=2)

    assert sum(len(run.steps) for story in told for run in story.runs) == attempts


@pytest.mark.django_db(transaction=True)
def test_a_seeded_desk_is_read_like_any_other():
    before = indexes()

    seed_history(tickets=60, attempts=300, now=timezone.now())

    assert (Ticket.objects.count(), Attempt.objects.count(), Entry.objects.count()) == (60, 300, 300)
    assert indexes() == before
    engineer, run = client_of(Role.ENGINEER), Run.objects.filter(investigation__isnull=False).first()
    assert "300 requests" in engineer.get("/history/").content.decode()
    assert engineer.get(f"/history/{run.pk}/").status_code == 200
    assert engineer.get(run.investigation.ticket.get_absolute_url()).status_code == 200

    Investigation.objects.filter(run=run).update(verdict_code="edge.blocked")  # the triggers are back
    assert set(run.entries.values_list("verdict", flat=True)) == {"edge.blocked"}
    assert Ticket.objects.create(created_at=timezone.now()).pk == 61  # and the numbers go on


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'triage_entry'")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_a_desk_with_tickets_is_not_seeded_by_mistake():
    Ticket.objects.create(created_at=timezone.now())

    with pytest.raises(CommandError, match="holds tickets already"):
        call_command("seed", "--tickets", "10")

    assert Ticket.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [["--tickets", "0"], ["--tickets", "many"], ["--attempts", "5"]])
def test_a_wish_that_cannot_be_met_is_refused(wrong):
    with pytest.raises(CommandError):
        call_command("seed", *wrong)
