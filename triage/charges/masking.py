"""Secrets that ended up in a ledger's text cells, masked so that equal cells stay equal.

Ids and accounts are what findings compare: two different keys must not become one mask, so a masked cell
carries a keyed fingerprint. Long numbers in id columns are ids; only credentials are masked there.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from typing import Any

from probes.redaction.engine import WITHHELD, Finding, Redacted, Redactor, redact_leaves
from probes.redaction.kinds import PERSONAL_KINDS
from probes.redaction.masking import key_fingerprint
from triage.charges.alike import Alike
from triage.charges.jsonlines import object_in
from triage.charges.normalise import id_key, plain, squeezed
from triage.charges.rows import LedgerRow

_LIKE_IDS = PERSONAL_KINDS - {"email"}  # numbers, as many ids are
_IDS = ("charge_id", "task_id", "task_key", "request_id", "request_key", "fingerprint", "ref_charge_id")
_KEY_OF = {"task_id": "task_key", "request_id": "request_key"}
NAMES = ("account", "model", "key_hint", "component")

# Shapes of ids that no credential has: numbers, hex digits, UUIDs, and what follows the prefix of an id.
# A million rows hold millions of them, and checking each with every rule would take longer than all else.
_ID = (
    r"\d{1,20}|[0-9a-f]{1,64}|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[A-Za-z0-9_.:\-]{1,11}"
    r"|(?:ch|txn?|log|bill|order|pay|task|video|image|img|job|req|request|chatcmpl|cmpl|resp|msg|gen|call|run)"
    r"[_\-](?:[a-z]{1,10}_)?[A-Za-z0-9]{1,64}"
)
_ids_of = attrgetter(*_IDS)
_names_of = attrgetter(*NAMES)
HARMLESS_IDS = Alike(rf"(?:{_ID})?[ \t]*")
# Characters that neither split nor encode anything: a text without a finding has none in any of its lines.
_LITERAL = re.compile(r"[A-Za-z0-9_.:\-]*+", re.ASCII)
_LEVELS = 8  # of names in a header that stands for JSON
_FEW = 8
_BETWEEN = "\n;\n"  # keeps lines from being read as one that was wrapped


class Masker:
    """Masks rows with one redactor; `pepper` keys the fingerprints.

    `caught` counts what it masked, by (field, kind, rule).
    """

    def __init__(self, redactor: Redactor, pepper: str) -> None:
        self._redactor = redactor
        self._pepper = pepper.encode()
        self.caught: Counter[tuple[str, str, str]] = Counter()
        # Few accounts, keys and models, many rows.
        self._checked = lru_cache(maxsize=100_000)(self._check)

    def row(self, row: LedgerRow) -> LedgerRow:
        """The same row, unless something in it had to be masked."""
        masked: dict[str, Any] = {}
        for field, text in zip(NAMES, _names_of(row), strict=True):
            if (shown := self._masked_name(field, text)) != text:
                masked[field] = shown
        ids = _ids_of(row)
        if HARMLESS_IDS.others(ids):
            masked |= {name: self._masked_id(name, text) for name, text in zip(_IDS, ids, strict=True)}
            masked |= _keys_of_masked(row, masked)
        return row._replace(**masked) if masked else row

    def suspects(self, ids: Sequence[str]) -> set[str]:
        """All of many ids that might be masked, and perhaps some more; found without a look at each."""
        literal = [text for text in ids if _LITERAL.fullmatch(text)]
        return {*ids}.difference(literal).union(self._suspects(literal))

    def _suspects(self, ids: Sequence[str]) -> Iterator[str]:
        lines = _BETWEEN.join(ids)
        if self._redactor.redact(lines).text == lines:
            return
        if len(ids) <= _FEW:
            yield from ids
            return
        half = len(ids) // 2
        yield from self._suspects(ids[:half])
        yield from self._suspects(ids[half:])

    def text(self, text: str, *, field: str = "row") -> str:
        """Free text, such as a rejected row, a header or the name of a file."""
        redacted = self._redactor.redact(text)
        self.count(field, redacted.findings)
        return redacted.text

    def cell(self, header: str, text: str, *, field: str = "row") -> str:
        """A cell as it stands in a file. The header is the path of names that JSON in the file had."""
        inner = object_in(text)
        leaf: Any = text if inner is None else inner
        names = header.split(".", _LEVELS)
        for name in reversed(names):
            leaf = {name: leaf}
        shown, findings = redact_leaves(leaf, self._redactor)
        self.count(field, findings)
        for _ in names:
            (shown,) = shown.values()
        return (
            shown if isinstance(shown, str) else self.text(json.dumps(shown, ensure_ascii=False), field=field)
        )

    def _masked_id(self, field: str, text: str) -> str:
        redacted = self._redactor.redact(text)
        if redacted.text == text or (_is_like_an_id(text) and _only_numbers(redacted)):
            return text
        self.count(field, redacted.findings)
        return f"{plain(redacted.text)}#{self._fingerprint(text)}"  # as ids are compared, so that it is found

    def id(self, text: str) -> str:
        """A task or request id as the ledger keeps it."""
        return self._masked_id("task_id", text) if HARMLESS_IDS.others([text]) else text

    def name(self, text: str) -> str:
        """An account or another name as the ledger keeps it."""
        return self._masked_name("account", text)

    def checked(self, field: str, name: str) -> Redacted:
        """A name as the ledger keeps it, with what was found in it; nothing is counted.

        Components are compared by their letters and digits alone, in which no rule would know a key again.
        """
        checked = self._checked(name)
        return replace(checked, text=squeezed(checked.text)) if field == "component" else checked

    def _masked_name(self, field: str, text: str) -> str:
        checked = self.checked(field, text)
        self.count(field, checked.findings)
        return checked.text

    def _check(self, text: str) -> Redacted:
        redacted = self._redactor.redact(text)
        if redacted.text == text:
            return Redacted(text, ())
        return Redacted(f"{redacted.text}#{self._fingerprint(text)}", redacted.findings)

    def count(self, field: str, findings: Iterable[Finding]) -> None:
        """Count what was masked in one cell."""
        self.caught.update((field, finding.kind, finding.rule) for finding in findings)

    def _fingerprint(self, text: str) -> str:
        return key_fingerprint(text.strip(), pepper=self._pepper)


def _keys_of_masked(row: LedgerRow, masked: dict[str, Any]) -> dict[str, str]:
    """A key is made of what was masked: without its quotation marks a secret might not be known for one."""
    shown = ((name, masked[name]) for name in _KEY_OF if masked[name] != getattr(row, name))
    return {_KEY_OF[name]: id_key(text) for name, text in shown}


def _is_like_an_id(text: str) -> bool:
    """An ID has no words around it: those would say that a number is somebody's."""
    return bool(_LITERAL.fullmatch(text.strip()))


def _only_numbers(redacted: Redacted) -> bool:
    return redacted.text != WITHHELD and all(found.kind in _LIKE_IDS for found in redacted.findings)
