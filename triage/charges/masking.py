"""Secrets that ended up in a ledger's text cells, masked so that equal cells stay equal.

Ids and accounts are what findings compare: two different keys must not become one mask, so a masked cell
carries a keyed fingerprint. Long numbers in id columns are ids; only credentials are masked there.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any

from probes.redaction.engine import WITHHELD, Finding, Redactor
from probes.redaction.kinds import PERSONAL_KINDS
from probes.redaction.masking import key_fingerprint
from triage.charges.rows import LedgerRow

_LIKE_IDS = PERSONAL_KINDS - {"email"}  # numbers, as many ids are
_IDS = ("charge_id", "task_id", "task_key", "request_id", "request_key", "fingerprint", "ref_charge_id")
_NAMES = ("account", "model", "key_hint", "component")

# Shapes of ids that no credential has: numbers, hex digits, UUIDs, and what follows the prefix of an id.
# A million rows hold millions of them, and checking each with every rule would take longer than all else.
_ID = (
    r"\d{1,20}|[0-9a-f]{1,64}|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[A-Za-z0-9_.:\-]{1,11}"
    r"|(?:ch|txn?|log|bill|order|pay|task|video|image|img|job|req|request|chatcmpl|cmpl|resp|msg|gen|call|run)"
    r"[_\-](?:[a-z]{1,10}_)?[A-Za-z0-9]{1,64}"
)
_ids_of = attrgetter(*_IDS)
_names_of = attrgetter(*_NAMES)
_ONLY_IDS = re.compile(rf"(?:(?:{_ID})?[ \t]*\n)*", re.ASCII)


class Masker:
    """Masks rows with one redactor; `pepper` keys the fingerprints.

    `caught` counts what it masked, by (field, kind, rule).
    """

    def __init__(self, redactor: Redactor, pepper: str) -> None:
        self._redactor = redactor
        self._pepper = pepper.encode()
        self.caught: Counter[tuple[str, str, str]] = Counter()
        # Few accounts, keys and models, many rows.
        self._names_are_clean = lru_cache(maxsize=100_000)(self._are_clean)

    def row(self, row: LedgerRow) -> LedgerRow:
        """The same row, unless something in it had to be masked."""
        ids, names = _ids_of(row), _names_of(row)
        if self._names_are_clean(names) and _ONLY_IDS.fullmatch("\n".join(ids) + "\n"):
            return row
        masked: dict[str, Any] = {
            name: self._masked_id(name, text) for name, text in zip(_IDS, ids, strict=True)
        }
        masked |= {name: self._masked_name(name, text) for name, text in zip(_NAMES, names, strict=True)}
        return row._replace(**masked)

    def text(self, text: str, *, field: str = "row") -> str:
        """Free text, such as a rejected row, a header or the name of a file."""
        redacted = self._redactor.redact(text)
        self._count(field, redacted.findings)
        return redacted.text

    def _are_clean(self, names: tuple[str, ...]) -> bool:
        return all(self._redactor.redact(name).text == name for name in names)

    def _masked_id(self, field: str, text: str) -> str:
        redacted = self._redactor.redact(text)
        if redacted.text != WITHHELD and all(found.kind in _LIKE_IDS for found in redacted.findings):
            return text
        self._count(field, redacted.findings)
        return f"{redacted.text}#{self._fingerprint(text)}"

    def name(self, text: str) -> str:
        """An account or another name as the ledger keeps it."""
        return self._masked_name("account", text)

    def _masked_name(self, field: str, text: str) -> str:
        redacted = self._redactor.redact(text)
        if redacted.text == text:
            return text
        self._count(field, redacted.findings)
        return f"{redacted.text}#{self._fingerprint(text)}"

    def _count(self, field: str, findings: Iterable[Finding]) -> None:
        self.caught.update((field, finding.kind, finding.rule) for finding in findings)

    def _fingerprint(self, text: str) -> str:
        return key_fingerprint(text.strip(), pepper=self._pepper)
