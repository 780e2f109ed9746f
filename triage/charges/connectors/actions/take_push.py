"""A push into the ledger, once per idempotency key: the same push again gets the same answer again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction

from triage.charges.actions.import_ledger import ImportSummary
from triage.charges.actions.import_records import import_records
from triage.charges.actions.ledgers import raise_if_busy
from triage.charges.connectors.models import LedgerToken, PushReceipt
from triage.charges.connectors.push_body import Push, PushRefused
from triage.charges.mapping import AS_THEY_ARE
from triage.charges.masking import Masker
from triage.charges.models import COUNTS, Channel, ImportState, LedgerSource
from triage.charges.refusals import Rejection
from triage.charges.wording import why_refused

OK = 200
SHOWN_REJECTIONS = 100
_LONGEST_NAME = 60
RECEIPTS_KEPT = timedelta(days=30)
_PATIENCE = "5s"  # an import of a whole file may be at work on the same ledger


class NothingUsable(PushRefused):
    """Every row was refused; `errors` says why, row by row."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__("push.no_usable_row")
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer, and whether it was given before."""

    answer: dict[str, Any]
    replayed: bool


def take_push(
    push: Push, *, token: LedgerToken, key: str, digest: str, masker: Masker, now: datetime
) -> Taken:
    """Take the rows in as one transaction with the receipt of the answer.

    Raises PushRefused (push.key_reused) when `key` came with another body, NothingUsable when every row is
    refused, LedgerBusy when the ledger cannot be locked.
    """
    try:
        with transaction.atomic():
            _lock(token.source_id)
            if receipt := _receipt(token.source_id, key):
                return _again(receipt, digest)
            return Taken(_take_in(push, token, key, digest, masker, now), replayed=False)
    except OperationalError as error:
        raise_if_busy(error)
        raise


def forget_receipts(now: datetime) -> None:
    """A push that is sent again so late is taken as a new one, which changes nothing either."""
    PushReceipt.objects.filter(at__lt=now - RECEIPTS_KEPT).delete()


def _lock(source: int) -> None:
    """Two pushes with one key must not both find no receipt."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout TO '{_PATIENCE}'")
    LedgerSource.objects.select_for_update(no_key=True).get(pk=source)


def _receipt(source: int, key: str) -> PushReceipt | None:
    """None also when the rows were taken back since: who sends them again wants them in the ledger."""
    receipts = PushReceipt.objects.filter(source_id=source, key=key)
    receipts.filter(batch__state=ImportState.UNDONE).delete()
    return receipts.first()


def _again(receipt: PushReceipt, digest: str) -> Taken:
    if receipt.body_hash != digest:
        raise PushRefused("push.key_reused")
    return Taken(receipt.answer, replayed=True)


def _take_in(
    push: Push, token: LedgerToken, key: str, digest: str, masker: Masker, now: datetime
) -> dict[str, Any]:
    summary = import_records(
        push.rows,
        source=token.source.slug,
        mapping=AS_THEY_ARE,
        channel=Channel.PUSH,
        masker=masker,
        now=now,
        covered_from=push.complete_from,
        covered_until=push.complete_until,
        name=f"{token.prefix} {now:%Y-%m-%dT%H:%M:%SZ}",
    )
    errors = [_error(rejection, push) for rejection in summary.rejections]
    if summary.record.rejected == summary.record.read and errors:
        raise NothingUsable(errors[:SHOWN_REJECTIONS])
    answer = _answer(summary, push, errors, masker)
    PushReceipt.objects.create(
        source=token.source,
        key=key,
        body_hash=digest,
        batch=summary.record,
        status=OK,
        answer=answer,
        at=now,
    )
    return answer


def _answer(
    summary: ImportSummary, push: Push, errors: list[dict[str, Any]], masker: Masker
) -> dict[str, Any]:
    record = summary.record
    return {
        "import": record.pk,
        "source": record.source.slug,
        **{count: getattr(record, count) for count in COUNTS},
        "rejected_rows": errors[:SHOWN_REJECTIONS],
        "ignored_fields": [masker.text(name, field="ignored")[:_LONGEST_NAME] for name in push.ignored],
    }


def _error(rejection: Rejection, push: Push) -> dict[str, Any]:
    """Where and why, never what: the sender has the row."""
    error: dict[str, Any] = {"row": rejection.row}
    if push.lines:
        error["line"] = push.lines[rejection.row - 1]
    reason = str(why_refused(rejection.refusal))
    return {**error, "field": rejection.column, "code": str(rejection.refusal), "reason": reason}
