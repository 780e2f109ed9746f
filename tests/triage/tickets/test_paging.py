import pytest
from django.contrib.auth.models import User
from django.http import QueryDict

from triage.tickets.paging import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return User.objects.bulk_create(User(username=f"p{n}") for n in range(7))


def names(page):
    return [user.username for user in page.rows]


def turn(query: str):
    return page_of(User.objects.all(), QueryDict(query), size=3)


@pytest.mark.usefixtures("people")
def test_older_and_newer_lead_through_the_whole_list_and_back():
    first = turn("")
    second = turn(first.older)
    third = turn(second.older)

    assert [names(page) for page in (first, second, third)] == [
        ["p6", "p5", "p4"],
        ["p3", "p2", "p1"],
        ["p0"],
    ]
    assert (first.newer, third.older) == ("", "")
    assert names(turn(third.newer)) == names(second)
    assert names(turn(second.newer)) == names(first)


@pytest.mark.usefixtures("people")
def test_turning_a_page_keeps_the_filter():
    assert QueryDict(turn("owner=edge&q=").older).dict() == {
        "owner": "edge",
        "before": turn("").older.partition("=")[2],
    }


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=٣", "after=", "before=" + "9" * 40])
def test_a_place_that_is_none_shows_the_newest(query):
    assert names(turn(query)) == ["p6", "p5", "p4"]
