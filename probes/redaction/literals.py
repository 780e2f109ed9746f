"""Exact values, such as the probe key itself, in every form in which an endpoint may echo them."""

import base64
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from probes.redaction.masking import label
from probes.redaction.rule import Rank
from probes.redaction.search import Hit

_SHORTEST = 4


def literal_forms(values: Iterable[str]) -> frozenset[str]:
    """Each value as it may travel: itself, URL-encoded, hex, and base64 at its three alignments."""
    return frozenset(form for value in values if len(value) >= _SHORTEST for form in _forms(value))


def _forms(value: str) -> Iterator[str]:
    raw = value.encode("utf-8", "surrogatepass")
    yield from (value, quote(raw, safe=""), quote_plus(raw), raw.hex(), raw.hex().upper())
    for skip in range(3):
        # Characters that share bits with the neighbours differ from text to text and are left out.
        encoded = base64.b64encode(b"\0" * skip + raw).decode().rstrip("=")
        inner = encoded[(0, 2, 3)[skip] : len(encoded) - (1 if (skip + len(raw)) % 3 else 0)]
        if len(inner) >= 8:
            yield from (inner, inner.replace("+", "-").replace("/", "_"))


def literal_hits(text: str, literals: frozenset[str]) -> Iterator[Hit]:
    for form in literals:
        start = text.find(form)
        while start >= 0:
            yield Hit(start, start + len(form), "literal", "literal", label("literal"), Rank.LITERAL.value)
            start = text.find(form, start + len(form))
