"""A ledger's settings are changed, and the trail says what they were."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from triage.charges.actions.ledgers import locked_at_once
from triage.charges.masking import Masker
from triage.charges.models import LedgerSource
from triage.people.audit import record

EDITABLE = ("name", "zone", "quota_per_unit", "probe_payers")


def edit_source(
    slug: str,
    changed: Mapping[str, Any],
    *,
    forget_mapping: bool,
    masker: Masker,
    by: User,
    now: datetime,
    enqueue: Callable[[int], object],
) -> LedgerSource:
    """Store what is EDITABLE of `changed`, and one audit entry with what differs; none when nothing does.

    Payers are kept as the ledger keeps them, so that a masked one still matches its rows; when they have
    changed, `enqueue` (tasks.ring_remarker) is called with the ledger's id. Raises LedgerSource.DoesNotExist,
    and LedgerBusy at once: an import may take minutes.
    """
    with transaction.atomic():
        source = locked_at_once(slug=slug)
        before = _settings(source)
        for name in EDITABLE:
            setattr(source, name, changed[name])
        source.probe_payers = [masker.name(payer) for payer in changed["probe_payers"]]
        if forget_mapping:
            source.mapping = {}
        if differs := _differences(before, _settings(source)):
            source.save()
            record("ledger.changed", actor=by, subject=slug, at=now, detail=differs)
        if "probe_payers" in differs:
            enqueue(source.pk)
    return source


def _settings(source: LedgerSource) -> dict[str, Any]:
    return {name: getattr(source, name) for name in (*EDITABLE, "mapping")}


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}
