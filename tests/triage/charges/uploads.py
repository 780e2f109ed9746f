"""Uploads as the page makes them, worked on in this process."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from triage.charges.actions.begin_upload import begin_upload
from triage.charges.actions.commit_import import commit_import, take_in
from triage.charges.actions.read_upload import read_upload
from triage.charges.models import ChargeImport

NOW = datetime(2026, 11, 21, tzinfo=UTC)
HEADER = "charge_id,task_id,account,model,kind,amount,currency,created_at,fingerprint"
ROW = "c1,t1,u1,video,charge,0.9,USD,2026-01-05T08:00:00Z,f1"
COUNTS = ("read", "new", "unchanged", "changed", "conflicting", "rejected", "reexports", "skipped")


def ignore(_pk: int) -> None:
    """In the place of a queue."""


def file_of(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *lines, "")).encode()


def upload(
    content: bytes, *, enqueue: Callable[[int], object] = ignore, name: str = "march.csv", **declared: Any
) -> ChargeImport:
    return begin_upload(
        source="s", file_name=name, pieces=[content], declared=declared, by=None, now=NOW, enqueue=enqueue
    )


def previewed(content: bytes, **declared: Any) -> ChargeImport:
    record = upload(content, **declared)
    read_upload(record.pk, clock=lambda: NOW)
    return ChargeImport.objects.select_related("source").get(pk=record.pk)


def taken_in(content: bytes, **declared: Any) -> ChargeImport:
    record = previewed(content, **declared)
    commit_import(record.pk, by=None, now=NOW, enqueue=ignore)
    take_in(record.pk, clock=lambda: NOW)
    return ChargeImport.objects.select_related("source").get(pk=record.pk)


def counts(record: ChargeImport) -> dict[str, int]:
    """The counts that are not zero."""
    return {name: value for name in COUNTS if (value := getattr(record, name))}
