"""Words and pieces of words in redacted error texts: what the endpoint said, and what the customer pasted.

No dictionary is asked, so Chinese is found like English: every three characters in a row are indexed, and for
scripts without spaces every two, see `history_grams` in migration 0008.
"""

import re
from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value

from triage.history.models import Entry
from triage.tickets.models import Ticket

LEAST, LEAST_WITHOUT_SPACES = 3, 2  # characters
_FIRST_WITHOUT_SPACES = "\u2e80"  # from here on: Chinese, Japanese, Korean
_PIECE = re.compile(r'"([^"]+)"|(\S+)')
_MOST_PIECES = 8


def pieces_of(typed: str) -> tuple[str, ...]:
    """What must all occur: words, and what stands in quotation marks as it stands there."""
    found = (quoted or word.strip('"') for quoted, word in _PIECE.findall(typed))
    return tuple(piece for piece in found if piece.strip())[:_MOST_PIECES]


def too_short(piece: str) -> bool:
    """Whether a piece is less than any index has."""
    dense = all(character >= _FIRST_WITHOUT_SPACES for character in piece)
    return len(piece) < (LEAST_WITHOUT_SPACES if dense else LEAST)


def holding(pieces: Sequence[str]) -> Q:
    """Entries whose own text, or whose ticket's, holds all of it. Asks no index: for few rows."""
    own, told = Q(), Q()
    for piece in pieces:
        own &= Q(error_text__icontains=piece)
        told &= Q(ticket__error_text__icontains=piece)
    return own | told


def with_grams(entries: "QuerySet[Entry]") -> "QuerySet[Entry]":
    """Entries that `indexed` can be asked of."""
    return entries.alias(grams=_grams(F("error_text")))


def indexed(pieces: Sequence[str]) -> Q:
    """The same by the indexes. The tickets are gathered first, since no index spans both tables."""
    tickets = Ticket.objects.alias(grams=_grams(F("error_text"))).filter(_by_grams(pieces))
    return _by_grams(pieces) | Q(_IsAnyOf(F("ticket_id"), ArraySubquery(tickets.values("pk"))))


class _IsAnyOf(Func):
    """Unlike IN with a query, this one lets PostgreSQL look each of them up in an index."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def _by_grams(pieces: Sequence[str]) -> Q:
    where = ~Q(error_text="")  # as the index says
    for piece in pieces:
        where &= Q(grams__contains=_grams(Value(piece)), error_text__icontains=piece)
    return where


def _grams(text: F | Value) -> Func:
    return Func(text, function="history_grams", output_field=ArrayField(TextField()))
