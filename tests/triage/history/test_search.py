"""Words typed into the search: what they ask for, and that the index and the plain look agree on it."""

import pytest
from django.db.models import QuerySet

from tests.probes.runs.builders import make_run
from tests.triage.tickets.test_waterfall import make_facts
from triage.history.models import Entry
from triage.history.search import holding, indexed, pieces_of, too_short, with_grams


@pytest.mark.parametrize(
    ("typed", "pieces"),
    [
        ("rate limit", ("rate", "limit")),
        ('"rate limit" 余额', ("rate limit", "余额")),
        ('"rate limit', ("rate", "limit")),
        ("   ", ()),
        ('" "', ()),
        ("a b c d e f g h i j", tuple("abcdefgh")),
    ],
)
def test_words_and_what_stands_in_quotation_marks(typed, pieces):
    assert pieces_of(typed) == pieces


@pytest.mark.parametrize(
    ("piece", "short"),
    [("ab", True), ("abc", False), ("超", True), ("超时", False), ("a超", True), ("5xx", False)],
)
def test_what_no_index_has_is_too_short(piece, short):
    assert too_short(piece) is short


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "typed", "found"),
    [
        ("Insufficient Balance", "insufficient", True),
        ("Insufficient Balance", "cient bal", True),
        ("Insufficient Balance", '"cient bal"', True),
        ("Insufficient Balance", "balance missing", False),
        ("ÜBERLASTET", "überlast", True),
        ("当前分组上游负载已饱和", "负载", True),
        ("当前分组上游负载已饱和", "饱和 上游", True),
        ("当前分组上游负载已饱和", "余额", False),
        ("used 100% of quota_a", "100%", True),
        ("used 1000 of quota_a", "100%", False),
        ("path C:\\temp", "c:\\t", True),
        ("quotaXa", "quota_a", False),
        ("emoji 🙂🙂🙂 here", "🙂🙂", True),
    ],
)
def test_the_index_finds_what_a_look_at_the_text_finds(said, typed, found):
    attempt = make_run().attempts.first()
    attempt.state, attempt.facts = "done", make_facts(error_message=said).as_dict()
    attempt.save()

    def has(entries: "QuerySet[Entry]") -> bool:
        return entries.filter(attempt=attempt).exists()

    pieces = pieces_of(typed)
    assert has(Entry.objects.filter(holding(pieces))) is found
    assert has(with_grams(Entry.objects.all()).filter(indexed(pieces))) is found
