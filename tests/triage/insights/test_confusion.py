"""The report on machine and people: what it counts, against what, and what its table cannot run."""

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.triage.people.builders import client_of, make_person
from tests.triage.tickets.builders import conclude, make_investigation
from triage.insights import confusion
from triage.people.roles import Role
from triage.tickets.models import Investigation, VerdictCorrection

pytestmark = pytest.mark.django_db


def say(
    investigation: Investigation, code: str, owner: str = "gateway", reason: str = "seen in the log"
) -> None:
    VerdictCorrection.objects.create(
        investigation=investigation, code=code, owner=owner, reason=reason, corrected_at=timezone.now()
    )


@pytest.fixture
def engineer() -> Client:
    return client_of(Role.ENGINEER)


def page_of(engineer: Client, query: str = "") -> str:
    answer = engineer.get(f"/insights/verdicts/{query}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def figures(page: str) -> list[str]:
    return re.findall(r'class="count">(\d+)<', page)


def table(page: str, title: str) -> list[str]:
    """The rows of one table as plain words."""
    part = re.search(rf'id="{title}".*?<tbody>(.*?)</tbody>', page, re.S)[1]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in part.split("</tr>") if row.strip()]


def test_pairs_are_counted_with_links_to_their_tickets(engineer):
    two, one = [make_investigation() for _ in range(2)], make_investigation()
    for investigation in two:
        say(investigation, "stream.cut")
    say(one, "edge.origin_slow", "edge")

    page = page_of(engineer)

    pairs = table(page, "pairs-title")
    assert figures(page) == ["3", "3", "3"]
    assert "stream.truncated" in pairs[0]
    assert "stream.cut" in pairs[0]
    assert all(investigation.ticket.ref in pairs[0] for investigation in two)
    assert one.ticket.ref in pairs[1]


def test_a_rate_names_both_of_its_denominators(engineer):
    investigations = [make_investigation() for _ in range(4)]
    say(investigations[0], "stream.cut")
    say(investigations[1], "stream.truncated", "upstream")

    page = page_of(engineer)

    assert figures(page) == ["4", "2", "1"]
    assert table(page, "rates-title")[0].endswith("stream.truncated 4 2 1 25.0 % 50.0 %")


def test_the_newest_word_counts_and_going_back_confirms_the_machine(engineer):
    investigation = make_investigation()
    say(investigation, "stream.cut")
    say(investigation, "stream.truncated", "upstream")

    page = page_of(engineer)

    assert figures(page) == ["1", "1", "0"]
    assert "the machine was right" in table(page, "pairs-title")[0]


def test_another_owner_alone_is_a_disagreement_of_its_own(engineer):
    say(make_investigation(), "stream.truncated", "edge")

    assert "only the owner" in table(page_of(engineer), "pairs-title")[0]


def test_period_and_rules_are_in_the_address(engineer):
    old = make_investigation()
    Investigation.objects.filter(pk=old.pk).update(concluded_at=timezone.now() - timedelta(days=50))
    newer = make_investigation(concluded=False)
    conclude(newer, rules_version="2026.11.10")
    for investigation in (old, newer):
        say(investigation, "stream.cut")

    assert figures(page_of(engineer)) == ["1", "1", "1"]
    assert figures(page_of(engineer, "?days=90")) == ["2", "2", "2"]
    assert figures(page_of(engineer, "?days=90&rules=1")) == ["1", "1", "1"]
    for query, versions in (("?days=90", ["2026.11.10", "1"]), ("", ["2026.11.10"])):
        assert re.findall(r'<option value="([\d.]+)"[^>]*>\1<', page_of(engineer, query)) == versions
    assert 'href="/insights/verdicts.csv?days=90&rules=1"' in page_of(engineer, "?days=90&rules=1")


def test_of_more_verdicts_than_are_counted_the_newest_are_and_the_page_says_since_when(engineer, monkeypatch):
    monkeypatch.setattr(confusion, "MOST_VERDICTS", 2)
    now = timezone.now()
    for days in (3, 2, 1):
        one = make_investigation()
        Investigation.objects.filter(pk=one.pk).update(concluded_at=now - timedelta(days=days))
        say(one, "stream.cut")

    page = page_of(engineer)

    assert figures(page) == ["2", "2", "2"]
    assert "The time that was chosen holds more: only its newest 2 are counted." in page
    since = (now - timedelta(days=2)).isoformat(timespec="minutes")[:16].replace("T", " ")
    assert since in re.search(r'id="period".*?</p>', page, re.S)[0]


@pytest.mark.parametrize("query", ["?days=0", "?days=x", "?rules=9", "?rules=%00"])
def test_a_filter_that_names_nothing_is_said_and_left_out(engineer, query):
    say(make_investigation(), "stream.cut")

    assert figures(page_of(engineer, query)) == ["1", "1", "1"]


def test_an_empty_report_does_not_praise_the_rules(engineer):
    assert "No verdict was drawn in this time" in page_of(engineer)

    make_investigation()

    page = page_of(engineer)
    assert "Nobody has looked at these verdicts yet" in page
    assert "%" not in re.search(r"<main.*</main>", page, re.S)[0]


def test_the_table_cannot_run_as_a_formula():
    investigation = make_investigation()
    say(investigation, "stream.cut", reason='=HYPERLINK("http://x")')
    VerdictCorrection.objects.update(corrected_by=make_person(Role.ENGINEER, name="@wang"))

    answer = client_of(Role.ADMIN).get("/insights/verdicts.csv")

    content = b"".join(answer.streaming_content).decode().lstrip("\ufeff")
    (row,) = csv.DictReader(io.StringIO(content))
    assert row["ticket"] == investigation.ticket.ref
    assert (row["machine_class"], row["person_class"]) == ("stream.truncated", "stream.cut")
    assert row["reason"].startswith("'=")
    assert row["corrected_by"] == "'@wang"


@pytest.mark.parametrize("address", ["/insights/verdicts/", "/insights/verdicts.csv"])
def test_the_report_is_for_engineers(address):
    assert client_of(Role.SUPPORT).get(address).status_code == 403
