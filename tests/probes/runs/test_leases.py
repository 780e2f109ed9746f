"""A lease is renewed for as long as its run is worked on, through whatever happens to the database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from probes.runs.leases import LeaseKeeper
from probes.runs.models import LEASE, Run
from tests.journeys.desk import await_that
from tests.probes.runs.builders import make_run

pytestmark = pytest.mark.django_db(transaction=True)


def claimed(run: Run | None = None) -> Run:
    """A run that is ours, its lease long overdue."""
    ours = Run.objects.claim((run or make_run()).pk, at=timezone.now())
    age(ours)
    return ours


def is_fresh(run: Run) -> bool:
    run.refresh_from_db(fields=["lease_until"])
    return run.lease_until > timezone.now() + LEASE / 2


def age(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(hours=1))


def rename(old: str, new: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {old} RENAME TO {new}")


def test_a_kept_lease_is_renewed():
    run = claimed()

    with LeaseKeeper(renew_every_s=0.02).keeping(run):
        await_that(lambda: is_fresh(run), "a renewed lease")


def test_leases_are_renewed_again_after_the_database_was_away(caplog):
    run = claimed()

    with LeaseKeeper(renew_every_s=0.02).keeping(run):
        rename("probes_run", "away")
        try:
            await_that(lambda: "leases: the database is away" in caplog.text, "the warning")
        finally:
            rename("away", "probes_run")
        age(run)

        await_that(lambda: is_fresh(run), "a renewed lease")


def test_a_run_that_another_worker_claimed_since_is_not_kept_for_it():
    keeper, lost = LeaseKeeper(renew_every_s=0.02), claimed()
    Run.objects.filter(pk=lost.pk).update(fence=lost.fence + 1)
    ours = claimed(make_run(lost.endpoint))

    with keeper.keeping(lost), keeper.keeping(ours):
        await_that(lambda: is_fresh(ours), "a renewed lease")

    assert not is_fresh(lost)


def test_letting_go_of_a_lost_run_keeps_the_lease_of_its_second_claim():
    keeper, first = LeaseKeeper(renew_every_s=0.02), claimed()
    Run.objects.filter(pk=first.pk).update(state=Run.State.QUEUED)
    second = claimed(first)

    with keeper.keeping(second):
        with keeper.keeping(first):
            pass

        await_that(lambda: is_fresh(second), "a renewed lease")


def test_a_run_that_is_just_being_ended_keeps_no_other_lease_waiting():
    busy = claimed()
    free = claimed(make_run(busy.endpoint))
    keeper, in_other_thread = LeaseKeeper(renew_every_s=0.02), ThreadPoolExecutor(1)

    def renewed_meanwhile() -> bool:
        try:
            await_that(lambda: is_fresh(free), "a renewed lease")
        finally:
            connection.close()
        return True

    with transaction.atomic():
        Run.objects.select_for_update().get(pk=busy.pk)
        with keeper.keeping(busy), keeper.keeping(free), in_other_thread:
            assert in_other_thread.submit(renewed_meanwhile).result(20)
