"""The meter of unsafe pastes: counts for engineers, nothing else."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from probes.redaction.models import Catch
from tests.triage.people.builders import client_of
from triage.insights.pastes import meter_of
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def catch(*, days_ago: int = 0, count: int = 1, today: date = TODAY, **place: str) -> None:
    given = {"channel": "form", "field": "notes", "kind": "email", "rule": "email"} | place
    Catch.objects.create(day=today - timedelta(days=days_ago), count=count, **given)


def test_each_table_sums_over_the_others():
    catch(count=3)
    catch(kind="openai_project_key", rule="openai_project_key", channel="file", count=2)
    catch(kind="openai_project_key", rule="openai_project_key", field="error_text", count=4, days_ago=6)
    catch(count=100, days_ago=7)

    with translation.override("en"):
        meter = meter_of(days=7, today=TODAY)

    tables = {title: [(line.label, line.count) for line in lines] for title, lines in meter.tables}
    assert meter.total == 9
    assert tables["By kind"] == [("key (openai project key)", 6), ("e-mail address", 3)]
    assert [count for _label, count in tables["By field"]] == [5, 4]
    assert tables["By way in"] == [("ticket form", 7), ("file of tickets", 2)]


def test_the_tallest_bar_fills_the_chart_and_every_day_has_its_place():
    catch(count=10, days_ago=1)
    catch(count=5, days_ago=3)

    days = meter_of(days=30, today=TODAY).chart

    assert len(days) == 30
    assert (days[-2].height, days[-2].y) == (120, 0)
    assert (days[-4].height, days[-1].height) == (60, 0)


def test_a_long_table_ends_with_the_sum_of_the_others():
    for n in range(15):
        catch(kind=f"kind_{n:02}", rule="r")

    kinds = meter_of(days=7, today=TODAY).tables[0][1]

    assert (len(kinds), kinds[-1].count, sum(line.count for line in kinds)) == (13, 3, 15)


def test_the_page_is_for_engineers():
    assert client_of(Role.SUPPORT).get("/insights/pastes/").status_code == 403
    assert client_of(Role.ENGINEER).get("/insights/pastes/").status_code == 200


def test_the_page_counts_what_was_just_pasted_and_shows_no_value():
    key = "sk-proj-" + "a1B2c3D4" * 6
    client = client_of(Role.ENGINEER)
    client.post("/tickets/new/", {"symptom": "timeout", "notes": f"key {key}, mail lin@shop.example"})

    page = client.get("/insights/pastes/?days=30").content.decode()

    assert "2 pieces were masked" in page
    assert "key (openai project key)" in page
    assert "lin@shop" not in page and key not in page


@pytest.mark.parametrize("days", ["", "8", "-7", "7; drop", "９０"])
def test_a_span_that_is_not_offered_is_the_week(days):
    page = client_of(Role.ENGINEER).get("/insights/pastes/", {"days": days}).content.decode()

    assert re.search(r'href="\?days=7" aria-current="page"', page)


def test_numbers_in_the_picture_are_those_that_svg_can_read():
    for ago in range(3):
        catch(days_ago=ago, count=ago + 1, today=timezone.now().date())

    page = client_of(Role.ENGINEER, language="zh-hans").get("/insights/pastes/").content.decode()

    assert re.search(r'<rect class="flowing" x="[\d.]+" y="[\d.]+" width="[\d.]+" height="[\d.]+"', page)
