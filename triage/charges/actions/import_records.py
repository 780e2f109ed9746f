"""Rows that come as objects, from a connector or a push: one transaction, idempotent by charge id."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.auth.models import User

from triage.charges.actions.import_ledger import ImportSummary
from triage.charges.masking import Masker
from triage.charges.models import Channel


def import_records(
    records: Iterable[Mapping[str, str]],
    *,
    source: str,
    mapping: Mapping[str, str],
    channel: Channel,
    masker: Masker,
    now: datetime,
    by: User | None = None,
    covered_from: datetime | None = None,
    covered_until: datetime | None = None,
    name: str = "",
) -> ImportSummary:
    """Take objects in, keys to texts, as one import called `name` (masked), or nothing.

    `mapping` goes from our fields to their keys; what it leaves out is guessed from the first hundred
    objects. `covered_from` and `covered_until` say for what span the records are complete; without them
    the span is that of the rows. Raises FileRefused when a needed field has no key.
    """
    raise NotImplementedError
