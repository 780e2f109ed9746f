"""A file's way through the pages: uploaded, read, confirmed once, undone; and what a bad one is told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.supervision.worker import Worker
from tests.triage.charges.builders import make_import, make_source
from tests.triage.people.builders import client_of
from triage.charges.actions.commit_import import take_in
from triage.charges.actions.ledgers import locked_ledger
from triage.charges.actions.read_upload import read_upload
from triage.charges.models import Charge, ChargeImport, ImportState, LedgerSource, SealedChunk
from triage.people.models import AuditEntry
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
SECRET = "sk-" + "a1B2" * 12
LEDGER = """\
id,account,amount,currency,created_at,task_id
c1,u1,0.90,USD,2026-03-01 09:30:00,t1
c2,u1,"0,123",USD,2026-03-01 09:31:00,t2
c3,u1,1.20,USD,2026-03-01 09:32:00,t3
"""
UNKNOWN_HEADERS = LEDGER.replace("amount", "how much").replace("currency", "which")


@pytest.fixture
def engineer() -> Client:
    return client_of(Role.ENGINEER)


@pytest.fixture
def importer(transactional_db: None, worker_process: Worker) -> Client:
    """An engineer whose files are read: progress is told over a connection of its own.

    No worker that an earlier test has left running may read them first.
    """
    worker_process.stop()
    return client_of(Role.ENGINEER)


def upload(client: Client, content: str | bytes = LEDGER, *, name: str = "march.csv", **typed: str):
    raw = content.encode() if isinstance(content, str) else content
    typed = {"new_source": "gw"} | typed
    return client.post(reverse("charges:upload"), {"file": SimpleUploadedFile(name, raw)} | typed)


def previewed(client: Client, content: str | bytes = LEDGER, **typed: str) -> ChargeImport:
    answer = upload(client, content, **typed)
    assert answer.status_code == 302, answer.content.decode()
    record = ChargeImport.objects.latest("pk")
    worked_on(record, read_upload)
    return record


def worked_on(record: ChargeImport, work: Callable[[int], None]) -> None:
    """What a worker does when it is rung for."""
    work(record.pk)
    record.refresh_from_db()


def step(client: Client, name: str, record: ChargeImport, **typed: str):
    answer = client.post(reverse(f"charges:{name}", args=[record.pk]), typed)
    record.refresh_from_db()
    return answer


def page_of(client: Client, record: ChargeImport) -> str:
    answer = client.get(reverse("charges:import", args=[record.pk]))
    return " ".join(answer.content.decode().split())


def test_a_file_is_sealed_read_confirmed_and_taken_in(importer):
    record = previewed(importer)

    assert record.state == ImportState.PREVIEW
    assert not Charge.objects.exists()
    assert "Take in 2 new rows" in page_of(importer, record)

    assert step(importer, "commit", record).status_code == 302
    assert "Taking the rows in" in page_of(importer, record)
    worked_on(record, take_in)
    assert "2 new rows are in the ledger." in page_of(importer, record)
    assert Charge.objects.count() == 2
    assert not SealedChunk.objects.exists()


def test_confirming_twice_takes_it_in_once(importer):
    record = previewed(importer)

    answers = [step(importer, "commit", record).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert AuditEntry.objects.filter(action="ledger.confirmed").count() == 1


def test_what_is_confirmed_cannot_be_discarded_any_more(importer):
    record = previewed(importer)
    step(importer, "commit", record)

    answer = step(importer, "discard", record)

    assert answer.status_code == 409
    assert "The file is being taken in at this moment." in answer.content.decode()


def test_a_discarded_file_leaves_nothing_behind(importer):
    record = previewed(importer)

    step(importer, "discard", record)

    assert "Nothing of this file is in the ledger" in page_of(importer, record)
    assert not SealedChunk.objects.exists()


def test_the_same_file_once_more_says_so_and_changes_nothing(importer):
    first = previewed(importer)
    step(importer, "commit", first)
    worked_on(first, take_in)

    second = previewed(importer, source="gw", new_source="")

    assert (second.new, second.unchanged, second.rejected) == (0, 2, 1)
    shown = page_of(importer, second)
    assert "This very file was taken in before" in shown
    assert "Confirm: nothing changes" in shown


def test_an_import_is_undone_by_its_page(importer):
    record = previewed(importer)
    step(importer, "commit", record)
    worked_on(record, take_in)

    assert step(importer, "undo", record).status_code == 302

    assert record.state == ImportState.UNDONE
    assert not Charge.objects.exists()
    assert step(importer, "undo", record).status_code == 302


def test_an_import_that_never_came_in_cannot_be_undone(importer):
    record = previewed(importer)

    answer = step(importer, "undo", record)

    assert answer.status_code == 409
    assert "nothing of it is in the ledger yet" in answer.content.decode()


def test_unknown_columns_are_chosen_on_the_page_and_the_file_is_read_again(importer):
    record = previewed(importer, UNKNOWN_HEADERS)
    assert record.state == ImportState.REFUSED
    assert "The desk found no column for: Amount, Currency." in page_of(importer, record)

    answer = step(
        importer,
        "mapping",
        record,
        charge_id="id",
        account="account",
        amount="how much",
        currency="which",
        occurred_at="created_at",
        task_id="task_id",
    )
    assert (answer.status_code, record.state) == (302, ImportState.READING)
    worked_on(record, read_upload)

    assert (record.state, record.new, record.rejected) == (ImportState.PREVIEW, 2, 1)


def test_the_zone_and_the_span_are_taken_as_declared(importer):
    make_source(zone="UTC")

    record = previewed(
        importer,
        source="gw",
        new_source="",
        covered_from="2026-03-01T00:00",
        covered_until="2026-03-02T00:00",
    )

    assert record.covered_from.isoformat() == "2026-03-01T00:00:00+00:00"
    assert record.covered_until.isoformat() == "2026-03-02T00:00:00+00:00"


def test_a_key_in_the_name_of_a_file_or_in_a_cell_is_shown_and_stored_masked(importer):
    rows = LEDGER.replace("t1\n", f"{SECRET}\n").replace("t2\n", f"{SECRET}\n")

    record = previewed(importer, rows, name=f"{SECRET}.csv")

    assert SECRET not in page_of(importer, record)
    kept = [*ChargeImport.objects.values(), *record.rejections.values(), *AuditEntry.objects.values()]
    assert SECRET not in str(kept)
    assert SECRET.encode() not in b"".join(bytes(chunk.ciphertext) for chunk in SealedChunk.objects.all())


def test_a_file_without_a_readable_row_is_not_said_to_be_known(importer):
    record = previewed(importer, LEDGER.replace("2026-", "20-"))

    shown = page_of(importer, record)
    assert "No row of this file could be read" in shown
    assert 'id="commit"' not in shown


@pytest.mark.parametrize(
    ("content", "typed", "told"),
    [
        (LEDGER, {"new_source": ""}, "Choose the ledger, or give a new one a short name."),
        (LEDGER, {"new_source": "sk-" + "9f8e7d6c5b4a3928" * 2}, "This contains what looks like a secret"),
        (LEDGER, {"new_source": "Gateway EU"}, "Use small letters, digits, - and _ only."),
        (LEDGER, {"source": "gone"}, "This ledger does not exist."),
        (LEDGER, {"zone": "Mars/Phobos"}, "Mars/Phobos is not a time zone."),
        (LEDGER, {"zone": "UTC\0"}, "Null characters are not allowed."),
        (LEDGER, {"covered_from": "yesterday"}, "This is no time."),
        (
            LEDGER,
            {"covered_from": "2026-03-02T00:00", "covered_until": "2026-03-01T00:00"},
            "This must be later than the beginning.",
        ),
        (LEDGER, {"covered_until": "2199-01-01T00:00"}, "This lies in the future"),
        ("", {}, "The file is empty: there is nothing to take in."),
        (b"%PDF-1.7\n", {}, "This is a PDF."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", {}, "Save it as .xlsx or CSV."),
        (b"\x1f\x8b\x08", {}, "Unpack it first."),
    ],
)
def test_what_is_wrong_with_an_upload_is_said(engineer, content, typed, told):
    answer = upload(engineer, content, **typed)

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not ChargeImport.objects.exists()
    assert not LedgerSource.objects.exists()


def test_an_upload_without_a_file_says_so(engineer):
    answer = engineer.post(reverse("charges:upload"), {"new_source": "gw"})

    assert answer.status_code == 422
    assert "Choose a file, or drop one on the field." in answer.content.decode()


def test_a_file_that_is_too_large_is_told_the_limit(engineer, monkeypatch):
    monkeypatch.setattr(settings, "LEDGER_UPLOAD_MB", 1)

    answer = upload(engineer, LEDGER + "x" * 2**20)

    assert answer.status_code == 422
    assert "the desk takes at most 1.0" in answer.content.decode()
    assert not SealedChunk.objects.exists()


def test_a_secret_in_a_field_is_not_sent_back(engineer):
    answer = upload(engineer, zone=SECRET)

    assert answer.status_code == 422
    assert SECRET not in answer.content.decode()


def test_an_upload_without_the_forms_token_is_refused(engineer):
    client = Client(enforce_csrf_checks=True)
    client.cookies = engineer.cookies

    answer = upload(client)

    assert answer.status_code == 403
    assert not ChargeImport.objects.exists()


def test_what_reads_no_more_than_binary_says_why(importer):
    record = previewed(importer, bytes(range(256)) * 10)

    assert record.state == ImportState.REFUSED
    shown = page_of(importer, record)
    assert "The file was not read" in shown
    assert "Read again with these columns" not in shown


def test_a_file_that_is_gone_cannot_be_read_again(engineer):
    record = make_import(ImportState.PREVIEW)
    columns = {"charge_id": "流水号", "account": "账号", "amount": "金额"}

    answer = step(engineer, "mapping", record, **columns, currency="=USD", occurred_at="时间")

    assert answer.status_code == 409


@pytest.fixture
def ledger_in_use(transactional_db: None) -> Iterator[None]:
    """Somebody else's import holds the ledger, for as long as the test lasts."""
    make_source()
    begun, over = threading.Event(), threading.Event()

    def hold() -> None:
        with closing(connection), transaction.atomic():
            locked_ledger("gw")
            begun.set()
            over.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    begun.wait()
    yield
    over.set()
    holder.join()


def test_an_upload_does_not_wait_for_another_import_into_the_same_ledger(importer, ledger_in_use):
    assert upload(importer, source="gw", new_source="").status_code == 302


def test_settings_are_not_saved_into_a_running_import(ledger_in_use):
    answer = client_of(Role.ADMIN).post(
        reverse("charges:source_edit", args=["gw"]), {"zone": "UTC", "quota_per_unit": "7"}
    )

    assert answer.status_code == 422
    assert "An import into this ledger is under way." in answer.content.decode()
    assert LedgerSource.objects.get().zone != "UTC"


def test_an_undo_waits_for_no_other_import(ledger_in_use):
    record = make_import()

    answer = step(client_of(Role.ENGINEER), "undo", record)

    assert answer.status_code == 409
    assert "Another import into this ledger is under way." in answer.content.decode()
    assert record.state == ImportState.DONE
