"""Addresses that nobody would type by hand: each gets a page, none breaks the desk."""

import pytest

from tests.triage.people.builders import client_of
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
FAR = "9" * 30


@pytest.mark.parametrize(
    "address",
    ["/?q=%00", "/?endpoint=%00", "/?owner=%00", "/?q=T-" + "9" * 17, "/history/?model=%00&verdict=%00"],
)
def test_a_filter_that_fits_nothing_shows_nothing(address):
    assert client_of(Role.ENGINEER).get(address).status_code in (200, 404, 422)


@pytest.mark.parametrize(
    "address", [f"/tickets/{FAR}/", f"/tickets/{FAR}/live/", f"/tickets/{FAR}/reply/", f"/history/{FAR}/"]
)
def test_a_number_beyond_all_tickets_is_not_found(address):
    assert client_of(Role.ENGINEER).get(address).status_code == 404


@pytest.mark.parametrize(
    "target", ["nowhere", "tickets:nowhere", "//evil.example", "/\\evil.example", "\x00"]
)
def test_a_target_that_is_no_page_of_the_desk_leads_to_its_start(target):
    client = client_of()

    assert client.get("/sign-in/", {"next": target})["Location"] == "/"
    assert client.post("/language/", {"next": target, "language": "en"})["Location"] == "/"
