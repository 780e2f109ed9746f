"""What lost its worker is rung for; what nobody wants goes."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction

from tests.triage.charges.uploads import NOW, ROW, file_of, ignore, previewed, upload
from triage.charges.actions.commit_import import commit_import
from triage.charges.actions.sweep_imports import UNWANTED_AFTER, sweep_imports
from triage.charges.actions.work import claimed
from triage.charges.models import ImportState, SealedChunk

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(minutes=5)


def rung(at=LATER) -> tuple[list[int], list[int]]:
    """Who is called to read, and who to take in."""
    read, commit = [], []
    sweep_imports(at, enqueue_read=read.append, enqueue_commit=commit.append)
    return read, commit


def test_a_worker_is_called_for_what_nobody_works_on():
    reading = upload(file_of(ROW))
    committing = previewed(file_of(ROW))
    commit_import(committing.pk, by=None, now=NOW, enqueue=ignore)

    assert rung(NOW) == ([], []), "the first call may still be on its way"
    assert rung() == ([reading.pk], [committing.pk])
    assert rung() == ([], []), "it has just been rung for"


def test_nobody_is_called_for_what_another_worker_holds():
    record = upload(file_of(ROW))
    with transaction.atomic():
        assert claimed(record.pk)
        assert in_another_thread(rung) == ([], [])

    assert rung() == ([record.pk], [])


def in_another_thread(do):
    """What `do` returns over a connection of its own."""
    returned = []

    def run():
        returned.append(do())
        connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    return returned[0]


def test_an_upload_that_nobody_confirms_is_discarded():
    waiting, refused = previewed(file_of(ROW)), previewed(b"nothing,of,use\n1,2,3\n")

    rung(NOW + UNWANTED_AFTER - timedelta(minutes=1))
    assert SealedChunk.objects.count() == 2
    rung(NOW + UNWANTED_AFTER + timedelta(minutes=1))

    waiting.refresh_from_db()
    refused.refresh_from_db()
    assert (waiting.state, refused.state) == (ImportState.DISCARDED, ImportState.REFUSED)
    assert not SealedChunk.objects.exists()
