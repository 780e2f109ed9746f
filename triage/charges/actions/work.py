"""One worker at a time on an import, in one transaction, and how far it has come told from outside of it."""

import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self, cast

from django.db import connection, transaction

from triage.charges.models import ChargeImport, ImportState

_LOCKS = 0x1E_D6E2  # the class of our advisory locks; the other half is the import's id
_EVERY_S = 0.5
MOST_TRIES = 5
# Nothing that a transaction wrote is left of a worker that died, so tries are counted from outside of it.
_BEGIN = """
UPDATE triage_chargeimport SET bytes_read = 0, heard_at = %(at)s,
    preview = preview || jsonb_build_object('tries', coalesce((preview ->> 'tries')::integer, 0) + 1)
WHERE id = %(id)s AND state = %(state)s
RETURNING (preview ->> 'tries')::integer
"""
_PATIENCE = "SET lock_timeout = '5s'"
_TELL = """
UPDATE triage_chargeimport SET bytes_read = %(read)s, heard_at = %(at)s
WHERE id = %(id)s AND state = %(state)s
RETURNING bytes_read
"""


class Superseded(Exception):
    """Somebody else changed the import's state meanwhile: what was done for it is not wanted any more."""


class GivenUp(Exception):
    """The import has cost several workers their life, or each found it broken."""


class Progress:
    """Tells from a connection of its own how much is read: the transaction shows nothing before its end."""

    def __init__(self, record: ChargeImport, clock: Callable[[], datetime]) -> None:
        self._record = record
        self._clock = clock
        self._told_at = 0.0
        self._connection = connection.copy()

    def __enter__(self) -> Self:
        with self._connection.cursor() as cursor:
            cursor.execute(_PATIENCE)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._connection.close()

    def begin(self) -> None:
        """Count this try. Raises GivenUp when there were too many, and Superseded as `tell` does."""
        tries = self._write(_BEGIN)
        if tries > MOST_TRIES:
            raise GivenUp

    def tell(self, bytes_read: int) -> None:
        """At most every half second. Raises Superseded when the import is not in its state any more."""
        if time.monotonic() - self._told_at >= _EVERY_S:
            self._told_at = time.monotonic()
            self._write(_TELL, read=bytes_read)

    def _write(self, statement: str, **told: int) -> int:
        told["id"] = self._record.pk
        with self._connection.cursor() as cursor:
            cursor.execute(statement, {**told, "state": self._record.state, "at": self._clock()})
            row = cursor.fetchone()
        if row is None:
            raise Superseded
        return int(row[0])


def work_on(
    pk: int,
    state: ImportState,
    do: Callable[[ChargeImport, Progress], None],
    *,
    clock: Callable[[], datetime],
) -> None:
    """Call `do` in a transaction, unless another worker has the import or it is not in `state` any more.

    When somebody discards the import meanwhile, nothing of what was done remains. Raises GivenUp.
    """
    try:
        with transaction.atomic():
            if not claimed(pk):
                return
            record = ChargeImport.objects.select_related("source").filter(pk=pk, state=state).first()
            if record is None:
                return
            with Progress(record, clock) as progress:
                progress.begin()
                do(record, progress)
    except Superseded:
        return


def claimed(pk: int) -> bool:
    """Whether this transaction may work on the import. The lock ends with it, also when its process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCKS, pk])
        return bool(cursor.fetchone()[0])


def finish(record: ChargeImport, *, was: ImportState) -> None:
    """Write the import back at the end of the work. Raises Superseded when it is not as it `was`."""
    columns = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
    del columns["id"]
    if not ChargeImport.objects.filter(pk=record.pk, state=was).update(**cast(Any, columns)):
        raise Superseded
