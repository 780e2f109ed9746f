"""The audit trail: what was changed behind its back shows."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from triage.people.audit import record, verify
from triage.people.models import AuditEntry


def write(subject: str, **detail: object) -> AuditEntry:
    return record("rule.published", actor=None, subject=subject, at=timezone.now(), detail=detail)


@pytest.mark.django_db
def test_entries_fit_together_and_the_last_seal_is_the_head():
    entries = [write("a"), write("b", version=3, warnings=["too_broad"]), write("中文", why="é\u2028")]

    found = verify()

    assert (found.entries, found.head, found.bad) == (3, entries[-1].hash, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed", [{"subject": "x"}, {"action": "x"}, {"detail": {"version": 4}}, {"at": "2020-01-01T00:00Z"}]
)
def test_the_first_entry_that_was_changed_is_named(changed):
    entries = [write(name, version=3) for name in "abc"]

    AuditEntry.objects.filter(pk=entries[1].pk).update(**changed)

    assert verify().bad == entries[1].pk


@pytest.mark.django_db
def test_a_removed_entry_shows_in_the_one_after_it():
    entries = [write(name) for name in "abc"]

    AuditEntry.objects.filter(pk=entries[1].pk).delete()

    assert (verify().entries, verify().bad) == (1, entries[2].pk)


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_no_entry():
    with pytest.raises(RuntimeError), transaction.atomic():
        write("a")
        raise RuntimeError

    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_take_turns():
    def in_thread(number: int) -> None:
        write(str(number))
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(in_thread, range(24)))

    assert (verify().entries, verify().bad) == (24, None)


@pytest.mark.django_db
def test_the_command_says_so(capsys):
    entry = write("a")

    call_command("audit", "verify")
    assert f"1 entries fit together; head {entry.hash}" in capsys.readouterr().out

    AuditEntry.objects.update(subject="b")
    with pytest.raises(CommandError, match=f"entry {entry.pk}"):
        call_command("audit", "verify")
