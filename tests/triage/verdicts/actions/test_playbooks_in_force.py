"""Published revisions stand over the shipped words, at once and for every reader."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime

import pytest

from triage.verdicts.actions.playbooks_in_force import playbooks_in_force
from triage.verdicts.case import Confidence, Owner, Verdict
from triage.verdicts.models import PlaybookRevision
from triage.verdicts.playbooks import shipped_playbooks, title_of, words_for

pytestmark = pytest.mark.django_db
CUT = Verdict(code="stream.cut", confidence=Confidence.LIKELY, owner=Owner.UPSTREAM)
AT = datetime(2026, 11, 21, tzinfo=UTC)


def revision(
    number: int = 1, *, code: str = "stream.cut", state: str = "published", **english: str
) -> PlaybookRevision:
    shipped = shipped_playbooks()[code]
    return PlaybookRevision.objects.create(
        code=code,
        number=number,
        zh=asdict(shipped["zh"]),
        en=asdict(replace(shipped["en"], **english)),
        reason="clearer",
        recheck_on=date(2027, 1, 1),
        state=state,
        written_at=AT,
    )


def test_without_revisions_the_shipped_words_are_in_force():
    assert playbooks_in_force() == shipped_playbooks()


def test_a_published_revision_replaces_them_and_a_draft_does_not():
    revision(1, title="Cut off")
    revision(2, state="draft", title="Not yet")

    words = words_for(CUT, "en", playbooks=playbooks_in_force())

    assert words.title == title_of("stream.cut", "en", playbooks=playbooks_in_force()) == "Cut off"
    assert words_for(CUT, "en").title != "Cut off"
    assert words_for(CUT, "zh-hans", playbooks=playbooks_in_force()) == words_for(CUT, "zh-hans")


def test_a_withdrawn_one_gives_the_shipped_words_back():
    row = revision(title="Cut off")
    assert playbooks_in_force()["stream.cut"]["en"].title == "Cut off"

    PlaybookRevision.objects.filter(pk=row.pk).update(state="withdrawn")

    assert playbooks_in_force() == shipped_playbooks()


def test_a_draft_that_is_older_than_another_classes_revision_binds_at_once():
    first = revision(1, title="Cut off")
    draft = revision(2, state="draft", title="Cut off, again")
    revision(1, code="upstream.error", title="Other")
    playbooks_in_force()

    PlaybookRevision.objects.filter(pk=first.pk).update(state="superseded")
    PlaybookRevision.objects.filter(pk=draft.pk).update(state="published")

    assert playbooks_in_force()["stream.cut"]["en"].title == "Cut off, again"


def test_what_is_known_already_costs_one_query(django_assert_num_queries):
    revision(title="Cut off")
    playbooks_in_force()

    with django_assert_num_queries(1):
        playbooks_in_force()


def test_a_revision_of_before_a_text_was_added_reads_that_text_as_shipped():
    row = revision(title="Cut off")
    PlaybookRevision.objects.filter(pk=row.pk).update(en={"title": "Cut off", "of_old": "?"})

    assert playbooks_in_force()["stream.cut"]["en"] == replace(
        shipped_playbooks()["stream.cut"]["en"], title="Cut off"
    )
