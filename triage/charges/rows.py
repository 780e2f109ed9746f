"""A record of a file becomes a row of the ledger, or a refusal with its column."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple

from triage.charges.amounts import currency_in, read_amount
from triage.charges.finding import ChargeKind
from triage.charges.mapping import FIELDS, guess
from triage.charges.normalise import (
    NOT_BILLING,
    currency_of,
    id_key,
    is_mangled_id,
    kind_of,
    outcome_of,
    plain,
    squeezed,
)
from triage.charges.records import Record
from triage.charges.refusals import Refusal, Refused, Rejection
from triage.charges.times import read_time, zone_of_column

MAX_TEXT = 200  # characters of one id or name
_NEGATIVE = frozenset((ChargeKind.REFUND, ChargeKind.REVERSAL, ChargeKind.RELEASE))
_HALF = re.compile("[\ud800-\udfff]")
_MONEY_BACK = "6"  # the log type of one-api and new-api


Cells = list[str] | dict[str, str]
Picker = Callable[[Cells], tuple[str, ...]]
Known = tuple[ChargeKind, bool]  # a kind, and whether money came back with it


class LedgerRow(NamedTuple):
    """One row in the order of the staging table's columns, ready to be stored once a Masker has seen it."""

    row_number: int
    charge_id: str
    kind: ChargeKind
    task_id: str
    task_key: str
    request_id: str
    request_key: str
    account: str
    model: str
    key_hint: str
    fingerprint: str
    ref_charge_id: str
    component: str
    outcome: str
    amount: Decimal
    currency: str
    occurred_at: datetime


class RowReader:
    """Reads records under one mapping. `read` gives None for rows that bill nobody, such as top-ups."""

    def __init__(self, mapping: Mapping[str, str], headers: Sequence[str], zone: tzinfo) -> None:
        self.mapping = dict(mapping)
        self.zone = zone_of_column(self.mapping.get("occurred_at", "")) or zone
        self._headers = list(headers)
        self._seen = set(headers)
        self._pick = _picker(self.mapping, self._headers)

    def pick(self, record: Record) -> tuple[str, ...]:
        """The record's cells in the order of FIELDS."""
        if isinstance(record.cells, dict) and not self._seen.issuperset(record.cells):
            self._learn(record.cells)
        return self._pick(record.cells)

    def columns(self, records: Sequence[list[str]]) -> list[Sequence[str]]:
        """The same for many records that have as many cells as the header: a column for each of FIELDS."""
        columns = list(zip(*records, strict=True))
        places = [self.mapping.get(field, "=") for field in FIELDS]
        return [
            [place[1:]] * len(records) if place.startswith("=") else columns[self._headers.index(place)]
            for place in places
        ]

    def read(self, record: Record) -> LedgerRow | Rejection | None:
        try:
            return _row(record.row, *self.pick(record), zone=self.zone)
        except Refused as refused:
            column = self.mapping.get(refused.field, refused.field).lstrip("=")
            return Rejection(record.row, record.line, column, refused.refusal, text_of(record))

    def _learn(self, cells: Mapping[str, str]) -> None:
        """JSON names a key only where it has something to say: later records may bring new ones."""
        self._headers += [header for header in cells if header not in self._seen]
        self._seen.update(cells)
        self.mapping = guess(self._headers) | self.mapping
        self._pick = _picker(self.mapping, self._headers)


def text_of(record: Record) -> str:
    """The record as one line, for the list of rejected rows."""
    cells = record.cells.values() if isinstance(record.cells, dict) else record.cells
    return " | ".join(cells)


def _picker(mapping: Mapping[str, str], headers: Sequence[str]) -> Picker:
    """The cells of a record in the order of FIELDS; what has no place is empty."""
    places = [mapping.get(field, "=") for field in FIELDS]
    constants = [place[1:] for place in places if place.startswith("=")]
    width = len(headers)
    positions = [
        width + constants.index(place[1:]) if place.startswith("=") else headers.index(place)
        for place in places
    ]
    in_order: Picker = itemgetter(*positions)

    def pick(cells: Cells) -> tuple[str, ...]:
        if isinstance(cells, dict):
            cells = [cells.get(header, "") for header in headers]
        return in_order(cells + constants)

    return pick


def _row(
    number: int,
    charge_id: str,
    kind_word: str,
    task_id: str,
    request_id: str,
    account: str,
    model: str,
    key_hint: str,
    fingerprint: str,
    ref_charge_id: str,
    component: str,
    outcome_word: str,
    amount_text: str,
    currency_word: str,
    time_text: str,
    log_type: str,
    settles: str,
    *,
    zone: tzinfo,
) -> LedgerRow | None:
    _check_texts(
        *(charge_id, kind_word, task_id, request_id, account),
        *(model, key_hint, fingerprint, ref_charge_id, component, outcome_word),
    )
    known = read_kind(kind_word, log_type, settles)
    if known is None:
        return None
    kind, comes_back = known
    amount = read_amount(amount_text)
    if comes_back:
        amount = -abs(amount)
    return LedgerRow(
        row_number=number,
        charge_id=_charge_id(charge_id),
        kind=kind,
        task_id=task_id.strip(),
        task_key=id_key(task_id),
        request_id=request_id.strip(),
        request_key=id_key(request_id),
        account=read_account(account),
        model=model.strip(),
        key_hint=key_hint.strip(),
        fingerprint=id_key(fingerprint),
        ref_charge_id=id_key(ref_charge_id) and plain(ref_charge_id),
        component=plain(component),
        outcome=outcome_of(outcome_word),
        amount=amount,
        currency=read_currency(currency_word, amount_text),
        occurred_at=read_time(time_text, zone),
    )


def read_kind(word: str, log_type: str, settles: str) -> Known | None:
    """What a row is; None when it bills nobody. Raises Refused for a word that is no kind."""
    word = word or log_type
    kind = kind_of(word)
    if kind is None and squeezed(word) in NOT_BILLING:
        return None
    if kind is None:
        raise Refused(Refusal.UNKNOWN_KIND if word.strip() else Refusal.EMPTY, "kind")
    comes_back = kind in _NEGATIVE or log_type == _MONEY_BACK
    if settles and kind in (ChargeKind.CHARGE, ChargeKind.REFUND):
        kind = ChargeKind.SETTLEMENT
    return kind, comes_back


def is_storable(text: str) -> bool:
    """Whether a text may stand in a row as it is."""
    return len(text) <= MAX_TEXT and "\x00" not in text and _is_decoded(text)


def _check_texts(*texts: str) -> None:
    if is_storable("".join(texts)):
        return
    for field, text in zip(FIELDS, texts, strict=False):
        if "\x00" in text:
            raise Refused(Refusal.CONTROL_CHARACTER, field)
        if not _is_decoded(text):
            raise Refused(Refusal.UNDECODABLE, field)
        if len(text) > MAX_TEXT:
            raise Refused(Refusal.CELL_TOO_LONG, field)


def _is_decoded(text: str) -> bool:
    """Without marks of bytes that could not be read, and without the half characters that JSON can hold."""
    if text.isascii():
        return True
    return "\ufffd" not in text and not _HALF.search(text)


def _charge_id(text: str) -> str:
    if id_key(text):
        return plain(text)
    raise Refused(Refusal.MANGLED_ID if is_mangled_id(plain(text)) else Refusal.EMPTY, "charge_id")


def read_account(text: str) -> str:
    account = plain(text)
    if not account:
        raise Refused(Refusal.EMPTY, "account")
    return account


def read_currency(word: str, amount: str) -> str:
    if currency := currency_of(word):
        return currency
    if word.strip():
        raise Refused(Refusal.UNKNOWN_CURRENCY, "currency")
    if currency := currency_in(amount):
        return currency
    raise Refused(Refusal.EMPTY, "currency")
