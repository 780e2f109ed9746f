"""Every address of the desk asks for a role, or is on the short list of those that need none."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.triage.people.builders import client_of, make_person
from triage.people.roles import Role

OPEN_TO_ALL = {
    *("people:sign_in", "people:sign_out", "people:choose_language", "people:choose_theme"),
    *("help:list", "help:page", "help:template"),
    *("machines:healthz", "machines:readyz"),  # a word and a sentence, for monitors
}
GUARDED_BY_TOKEN = {
    "ledger_api:charges",  # programs push here; tested with the connectors
    "machines:metrics",  # Prometheus reads here; tested with the insights
}
GUARDED_BY_DJANGO_ADMIN = "admin:"  # DeskAdmin.has_permission asks for the Admin role, tested below


def every_view(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            space = f"{entry.namespace}:" if entry.namespace else ""
            yield from every_view(entry, prefix + space)
        else:
            yield prefix + (entry.name or str(entry.pattern)), entry


def test_every_address_asks_for_a_role():
    unguarded = {
        name
        for name, entry in every_view(get_resolver())
        if not hasattr(entry.callback, "required_role") and not name.startswith(GUARDED_BY_DJANGO_ADMIN)
    }

    assert unguarded == OPEN_TO_ALL | GUARDED_BY_TOKEN


@pytest.mark.django_db
def test_an_anonymous_visitor_is_sent_to_the_sign_in_and_back():
    answer = Client().get("/tickets/new/?workload=video")

    assert answer.status_code == 302
    assert answer["Location"] == reverse("people:sign_in") + "?next=/tickets/new/%3Fworkload%3Dvideo"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        (Role.SUPPORT, "/", 200),
        (Role.SUPPORT, "/history/", 403),
        (Role.SUPPORT, "/admin/", 302),
        (Role.ENGINEER, "/history/", 200),
        (Role.ENGINEER, "/admin/", 302),
        (Role.ADMIN, "/history/", 200),
        (Role.ADMIN, "/admin/", 200),
        (None, "/", 403),
    ],
)
def test_each_role_enters_its_own_rooms_only(role, address, status):
    assert client_of(role).get(address).status_code == status


@pytest.mark.django_db
def test_the_forbidden_page_names_the_role_and_who_can_grant_it():
    make_person(Role.ADMIN, name="wang-min")

    page = client_of(Role.SUPPORT).get("/history/").content.decode()

    assert "Engineer" in page
    assert "wang-min" in page


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ENGINEER])
def test_djangos_admin_turns_other_roles_away(role):
    answer = client_of(role).get("/admin/auth/user/", follow=True)

    assert answer.status_code == 403
    assert "Admin" in answer.content.decode()


@pytest.mark.django_db
def test_a_disabled_person_is_out_at_the_next_request():
    client = client_of(Role.SUPPORT)
    assert client.get("/").status_code == 200

    User.objects.update(is_active=False)

    assert client.get("/").status_code == 302
