"""An uploaded file is sealed piece by piece, and a worker is called to read it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from triage.charges.models import ChargeImport


def begin_upload(
    *,
    source: str,
    file_name: str,
    pieces: Iterable[bytes],
    declared: Mapping[str, Any],
    by: User | None,
    now: datetime,
    enqueue: Callable[[int], object],
) -> ChargeImport:
    """Keep the pieces sealed, in state READING, and `enqueue` the import's id (tasks.ring_reader).

    `source` is the slug of the ledger, made when it is new. `declared` holds what the uploader chose, each
    of it optional: {"mapping": {field: header}, "zone": "", "covered_from": ISO, "covered_until": ISO}.
    Raises FileRefused for an empty file, one that is too large, and an unknown zone.
    """
    raise NotImplementedError
