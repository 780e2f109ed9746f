"""Rows of a ledger read column by column: what is written plainly, a thousand cells at a time.

Rows are mostly alike. One look at a whole column tells that all of its cells are ids, amounts or times
that need no reading, and words are read once each. Other cells are read by the very functions of rows.py,
and a row that they refuse, or whose ids may have to be masked, is left to RowReader and Masker: both ways
give the same rows.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from functools import partial

from probes.redaction.engine import Finding
from triage.charges.amounts import PLAIN_AMOUNTS, read_amount
from triage.charges.mapping import FIELDS
from triage.charges.masking import HARMLESS_IDS, NAMES, Masker
from triage.charges.normalise import PLAIN_IDS, currency_of, id_key, outcome_of, plain
from triage.charges.refusals import Refused
from triage.charges.rows import is_storable, read_account, read_currency, read_kind
from triage.charges.times import Clock, read_time

Column = Sequence[str]
_MARKS = re.compile(r"[\\\t\r\n]")  # of COPY
_MOST_WORDS = 50_000  # of one column that are remembered
_READ_NAME: dict[str, Callable[[str], str]] = {
    "account": read_account,
    "model": str.strip,
    "key_hint": str.strip,
    "component": plain,
}


class Columns:
    """Makes lines for COPY of cells, and remembers the words that it has read."""

    def __init__(self, zone: tzinfo, masker: Masker) -> None:
        self._zone = zone
        self._clock = Clock(zone)
        self._masker = masker
        self._caught: dict[str, dict[str, tuple[Finding, ...]]] = {name: {} for name in NAMES}
        self._names = {name: _Words(partial(self._name, name)) for name in NAMES}
        self._outcomes = _Words(outcome_of)
        self._currencies = _Words(lambda word: currency_of(word) or None)
        self._kinds = _Kinds()

    def lines(self, numbers: Iterable[int], columns: Sequence[Column]) -> list[str | None]:
        """A line for each row, without its end; None for a row that has to be read by itself.

        `columns` are cells in the order of FIELDS, and `numbers` the rows' numbers.
        """
        self._forget()
        cells = dict(zip(FIELDS, columns, strict=True))
        odd: set[int] = set()
        rows = zip(map(str, numbers), *self._values(cells, odd), strict=True)
        lines: list[str | None] = list(map("\t".join, rows))
        for index in odd:
            lines[index] = None
        self._count(cells, odd)
        return lines

    def _values(self, cells: dict[str, Column], odd: set[int]) -> tuple[Column, ...]:
        """The columns of LedgerRow after the number; rows whose values do not count are added to `odd`."""
        kinds, came_back = self._kinds_of(cells, odd)
        charge_ids, charge_keys = self._ids(cells["charge_id"], odd)
        refs, ref_keys = self._ids(cells["ref_charge_id"], odd)
        if "" in charge_keys:
            odd.update(place for place, key in enumerate(charge_keys) if not key)
        return (
            charge_ids,
            kinds,
            *self._ids(cells["task_id"], odd),
            *self._ids(cells["request_id"], odd),
            *(_words(self._names[name], cells[name], odd) for name in ("account", "model", "key_hint")),
            self._ids(cells["fingerprint"], odd)[1],
            [ref if key else "" for ref, key in zip(refs, ref_keys, strict=True)],
            _words(self._names["component"], cells["component"], odd),
            _words(self._outcomes, cells["outcome"], odd),
            _amounts(cells["amount"], came_back, odd),
            self._currencies_of(cells["currency"], cells["amount"], odd),
            self._times(cells["occurred_at"], odd),
        )

    def _ids(self, cells: Column, odd: set[int]) -> tuple[Column, Column]:
        """Ids as they stand, and what they are compared by."""
        others = {*PLAIN_IDS.others(cells), *HARMLESS_IDS.others(cells)}
        if not others:
            return cells, cells
        texts, keys = list(cells), list(cells)
        for place in others:
            texts[place], keys[place] = cells[place].strip(), id_key(cells[place])
        odd.update(place for place in others if not _is_simple(cells[place]))
        ids = dict.fromkeys(text for place in others - odd for text in (texts[place], keys[place]))
        suspects = self._masker.suspects([text for text in ids if not HARMLESS_IDS.fits(text)])
        odd.update(place for place in others if texts[place] in suspects or keys[place] in suspects)
        return texts, keys

    def _kinds_of(self, cells: dict[str, Column], odd: set[int]) -> tuple[Column, list[bool]]:
        settles = map(bool, cells["settles"])
        keys = zip(cells["kind"], cells["log_type"], settles, strict=True)
        kinds = list(map(self._kinds.__getitem__, keys))
        if None in kinds:
            odd.update(index for index, kind in enumerate(kinds) if kind is None)
        read = [kind or ("", False) for kind in kinds]
        return [kind for kind, _ in read], [back for _, back in read]

    def _currencies_of(self, cells: Column, amounts: Column, odd: set[int]) -> Column:
        """An amount may name its currency where the column of currencies does not."""
        unread: set[int] = set()
        texts = list(_words(self._currencies, cells, unread))
        for index in unread:
            texts[index] = _or_odd(partial(read_currency, cells[index]), amounts[index], index, odd)
        return texts

    def _times(self, cells: Column, odd: set[int]) -> Column:
        texts, others = self._clock.read(cells)
        return _read_singly(self._time, texts, others, odd)

    def _time(self, cell: str) -> str:
        return read_time(cell, self._zone).isoformat()

    def _name(self, field: str, word: str) -> str | None:
        try:
            checked = self._masker.checked(field, _READ_NAME[field](word))
        except Refused:
            return None
        if checked.findings:
            self._caught[field][word] = checked.findings
        return checked.text if _is_line(checked.text) else None

    def _count(self, cells: dict[str, Column], odd: set[int]) -> None:
        """What was masked, row by row; RowReader's rows are counted where they are masked."""
        for name, caught in self._caught.items():
            if caught:
                for index, cell in enumerate(cells[name]):
                    if index not in odd:
                        self._masker.count(name, caught.get(cell, ()))

    def _forget(self) -> None:
        for name, words in self._names.items():
            if len(words) > _MOST_WORDS:
                words.clear()
                self._caught[name].clear()
        for others in (self._outcomes, self._currencies, self._kinds):
            if len(others) > _MOST_WORDS:
                others.clear()


class _Words(dict[str, str | None]):
    """What words say, read once each; None for a word that one row alone can tell of."""

    def __init__(self, read: Callable[[str], str | None]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, word: str) -> str | None:
        text = self[word] = self._read(word) if is_storable(word) else None
        return text


class _Kinds(dict[tuple[str, str, bool], tuple[str, bool] | None]):
    """Kinds by word, log type and whether something was settled; with each whether money came back."""

    def __missing__(self, key: tuple[str, str, bool]) -> tuple[str, bool] | None:
        word, log_type, settles = key
        try:
            kind = read_kind(word, log_type, "settles" if settles else "") if is_storable(word) else None
        except Refused:
            kind = None
        self[key] = kind
        return kind


def _words(words: _Words, cells: Column, odd: set[int]) -> Column:
    texts = list(map(words.__getitem__, cells))
    if None in texts:
        odd.update(place for place, text in enumerate(texts) if text is None)
    return [text or "" for text in texts]


def _amounts(cells: Column, came_back: Sequence[bool], odd: set[int]) -> Column:
    texts = _read_singly(lambda cell: str(read_amount(cell)), cells, PLAIN_AMOUNTS.others(cells), odd)
    if not any(came_back):
        return texts
    return [f"-{text.lstrip('-')}" if back else text for text, back in zip(texts, came_back, strict=True)]


def _read_singly(read: Callable[[str], str], cells: Column, places: Sequence[int], odd: set[int]) -> Column:
    """The cells with those at some places read; what cannot be read is odd."""
    if not places:
        return cells
    texts = list(cells)
    for place in places:
        texts[place] = _or_odd(read, cells[place], place, odd)
    return texts


def _or_odd(read: Callable[[str], str], cell: str, place: int, odd: set[int]) -> str:
    try:
        return read(cell)
    except Refused:
        odd.add(place)
        return ""


def _is_simple(cell: str) -> bool:
    """Whether an id can be told by its ASCII characters alone."""
    return cell.isascii() and is_storable(cell) and _is_line(cell.strip())


def _is_line(text: str) -> bool:
    """Whether COPY takes a text as it is."""
    return _MARKS.search(text) is None
