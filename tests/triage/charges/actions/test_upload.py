"""An upload on its way: sealed, previewed exactly, taken in once, or discarded without a trace."""

import json
import random
from contextlib import suppress
from threading import Thread

import pytest
from django.db import connection

from tests.triage.charges.uploads import (
    HEADER,
    NOW,
    ROW,
    counts,
    file_of,
    ignore,
    previewed,
    taken_in,
    upload,
)
from triage.charges.actions.commit_import import commit_import, take_in
from triage.charges.actions.discard_import import discard_import
from triage.charges.actions.import_states import WrongState
from triage.charges.actions.read_upload import read_upload
from triage.charges.models import (
    Charge,
    ChargeConflict,
    ChargeImport,
    ImportState,
    LedgerSource,
    RejectedRow,
    SealedChunk,
)
from triage.charges.refusals import FileRefused
from triage.people.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "sk-proj-" + "a1B2c3D4e5" * 5


def test_what_is_uploaded_lies_sealed_until_a_worker_reads_it():
    rung = []
    record = upload(file_of(ROW), enqueue=rung.append)

    assert record.state == ImportState.READING
    assert rung == [record.pk]
    stored = b"".join(bytes(chunk.ciphertext) for chunk in record.chunks.all())
    assert stored and b"charge" not in stored


def test_a_preview_says_what_a_commit_would_do_and_leaves_the_ledger_alone():
    taken_in(file_of(ROW, ROW.replace("c1", "c2").replace(",f1", ",")))
    before = list(Charge.objects.order_by("pk").values())

    record = previewed(
        file_of(
            ROW,
            ROW.replace("c1", "c2"),
            ROW.replace("c1", "c3"),
            ROW.replace("0.9", "1.9"),
            ROW.replace("0.9", "much"),
        )
    )

    assert record.state == ImportState.PREVIEW
    assert counts(record) == {
        "read": 5, "new": 1, "unchanged": 1, "changed": 1, "conflicting": 1, "rejected": 1,
    }  # fmt: skip
    samples = record.preview["samples"]
    assert [sample["values"]["charge_id"] for sample in samples["new"]] == ["c3"]
    assert samples["changed"][0]["differs"] == {"fingerprint": ["", "f1"]}
    assert samples["conflicting"][0]["differs"] == {"amount": ["0.9", "1.9"]}
    assert record.preview["headers"] == HEADER.split(",")
    assert record.preview["rows"][0] == ROW.split(",")
    assert RejectedRow.objects.values_list("row", "line", "column", "refusal").get() == (
        5, 6, "amount", "amount.unreadable",
    )  # fmt: skip
    assert list(Charge.objects.order_by("pk").values()) == before
    assert not ChargeConflict.objects.exists()


def test_a_commit_takes_in_what_was_previewed_and_drops_the_sealed_file():
    record = taken_in(file_of(ROW, ROW.replace("0.9", "?"), ""))

    assert (record.state, counts(record)) == (
        ImportState.DONE,
        {"read": 2, "new": 1, "rejected": 1, "skipped": 1},
    )
    assert record.bytes_read == record.bytes_total > 0
    assert RejectedRow.objects.count() == 1
    assert not SealedChunk.objects.exists()
    assert Charge.objects.get().batch_id == record.pk
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "ledger.uploaded",
        "ledger.confirmed",
    ]


@pytest.mark.parametrize("seed", range(6))
def test_previews_are_exact_whatever_the_rows_are(seed):
    chance = random.Random(seed)
    for _ in range(3):
        content = file_of(*(any_row(chance) for _ in range(60)))
        preview = counts(previewed(content))
        assert counts(taken_in(content)) == preview


def any_row(chance: random.Random) -> str:
    """Few charges, told in many ways: repeats, gaps and contradictions come by themselves."""
    number = chance.randint(1, 25)
    return ",".join(
        (
            f"c{number}",
            chance.choice((f"t{number}", "", "t0")),
            chance.choice(("u1",) * 9 + ("u2",)),
            chance.choice(("video", "")),
            "charge",
            chance.choice(("0.9",) * 9 + ("1.9", "much")),
            "USD",
            "2026-01-05T08:00:00Z",
            chance.choice(("f1", "", "f2")),
        )
    )


def test_the_very_same_file_is_known_and_changes_nothing():
    first = taken_in(file_of(ROW))

    again = previewed(file_of(ROW))

    assert again.preview["same_file_id"] == first.pk
    assert counts(again) == {"read": 1, "unchanged": 1}
    assert counts(taken_in(file_of(ROW))) == {"read": 1, "unchanged": 1}
    assert Charge.objects.count() == 1


def test_a_file_without_the_needed_columns_is_refused_and_still_shows_its_headers():
    record = previewed(file_of(ROW, header=HEADER.replace("account", "payer")))

    assert (record.state, record.refusal) == (ImportState.REFUSED, "file.missing_column")
    assert "account" in record.refusal_detail
    assert "payer" in record.preview["headers"]
    assert record.mapping["amount"] == "amount"
    assert SealedChunk.objects.exists()


def test_declared_columns_zone_and_span_are_used():
    row = ROW.replace("T08:00:00Z", " 08:00:00")
    record = taken_in(
        file_of(row, header=HEADER.replace("account", "payer")),
        mapping={"account": "payer"},
        zone="UTC",
        covered_from="2026-01-01T00:00:00+00:00",
        covered_until="2027-01-01T00:00:00+00:00",
    )

    assert Charge.objects.get().occurred_at.isoformat() == "2026-01-05T08:00:00+00:00"
    assert record.covered_from.isoformat() == "2026-01-01T00:00:00+00:00"
    assert record.covered_until == NOW, "never beyond now"
    assert record.source.covered_until == NOW
    assert (record.source.zone, record.source.mapping["account"]) == ("UTC", "payer")


def test_a_secret_in_the_name_the_headers_or_the_rows_is_kept_nowhere():
    content = file_of(
        f"c1,t1,{KEY},video,charge,0.9,USD,2026-01-05T08:00:00Z,{KEY}",
        f"c2,t2,u1,video,charge,not money {KEY},USD,2026-01-05T08:00:00Z,",
        header=HEADER.replace("amount", KEY),
    )
    record = upload(content, name=f"export-{KEY}.csv", mapping={})
    read_upload(record.pk, clock=lambda: NOW)
    record.refresh_from_db()
    assert record.state == ImportState.REFUSED
    masked = next(header for header in record.preview["headers"] if header not in HEADER)
    ChargeImport.objects.update(state=ImportState.READING, declared={"mapping": {"amount": masked}})
    read_upload(record.pk, clock=lambda: NOW)
    commit_import(record.pk, by=None, now=NOW, enqueue=ignore)
    take_in(record.pk, clock=lambda: NOW)

    record.refresh_from_db()
    assert (record.state, counts(record)) == (ImportState.DONE, {"read": 2, "new": 1, "rejected": 1})
    tables = (ChargeImport, LedgerSource, Charge, RejectedRow, AuditEntry)
    kept = json.dumps([list(table.objects.values()) for table in tables], default=str)
    assert KEY[8:30] not in kept


def test_an_empty_file_leaves_nothing_behind():
    with pytest.raises(FileRefused, match=r"file\.empty"):
        upload(b"")
    assert not ChargeImport.objects.exists()


def test_steps_that_cannot_be_taken_now_say_so():
    record = upload(file_of(ROW))
    with pytest.raises(WrongState) as refused:
        commit_import(record.pk, by=None, now=NOW, enqueue=ignore)
    assert refused.value.code == "import.reading"
    discard_import(record.pk, by=None, now=NOW)
    with pytest.raises(WrongState, match="discarded"):
        discard_import(record.pk, by=None, now=NOW)


def test_a_commit_that_is_clicked_twice_happens_once():
    rung = []
    record = previewed(file_of(ROW))
    commit_import(record.pk, by=None, now=NOW, enqueue=rung.append)
    with pytest.raises(WrongState, match="committing"):
        commit_import(record.pk, by=None, now=NOW, enqueue=rung.append)
    for pk in (*rung, record.pk):
        take_in(pk, clock=lambda: NOW)

    assert rung == [record.pk]
    assert Charge.objects.count() == 1
    assert counts(ChargeImport.objects.get()) == {"read": 1, "new": 1}


def test_what_is_discarded_while_it_is_read_stays_discarded():
    record = upload(file_of(*(ROW.replace("c1", f"c{number}") for number in range(3000))))

    def clock():  # asked for each time that progress is told
        somebody = Thread(target=discard, args=(record.pk,))
        somebody.start()
        somebody.join()
        return NOW

    read_upload(record.pk, clock=clock)

    record.refresh_from_db()
    assert record.state == ImportState.DISCARDED
    assert record.read == 0
    assert not RejectedRow.objects.exists()


def discard(pk: int) -> None:
    with suppress(WrongState):
        discard_import(pk, by=None, now=NOW)
    connection.close()


def test_a_file_that_costs_every_worker_its_life_is_given_up():
    record = upload(file_of(ROW))
    ChargeImport.objects.update(preview={"tries": 5})
    read_upload(record.pk, clock=lambda: NOW)
    record.refresh_from_db()
    assert (record.state, record.refusal) == (ImportState.REFUSED, "file.unreadable")

    record = previewed(file_of(ROW))
    commit_import(record.pk, by=None, now=NOW, enqueue=ignore)
    ChargeImport.objects.filter(pk=record.pk).update(preview={"tries": 5})
    take_in(record.pk, clock=lambda: NOW)
    record.refresh_from_db()
    assert record.state == ImportState.PREVIEW
    assert not Charge.objects.exists()


def test_pieces_that_were_changed_are_not_read():
    record = upload(file_of(ROW))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE triage_sealedchunk SET ciphertext = ciphertext || '\\x00'::bytea")
    with pytest.raises(Exception, match="sealed"):
        read_upload(record.pk, clock=lambda: NOW)
