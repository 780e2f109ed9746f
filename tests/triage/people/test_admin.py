import pytest
from django.contrib.auth.models import User

from tests.triage.people.builders import client_of, make_person
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
INLINE = {"member-INITIAL_FORMS": "0", "member-TOTAL_FORMS": "1", "member-0-theme": "auto"}
SECRET = "blue-Heron-" + "4711-pond"


def test_a_new_person_gets_the_role_that_the_form_shows():
    answer = client_of(Role.ADMIN).post(
        "/admin/auth/user/add/",
        {"username": "lin", "password1": SECRET, "password2": SECRET, "usable_password": "true"}
        | INLINE
        | {"member-0-role": "support"},
    )

    assert answer.status_code == 302
    assert User.objects.get(username="lin").member.role == Role.SUPPORT


def test_an_admin_can_raise_a_role():
    client, person = client_of(Role.ADMIN), make_person(Role.SUPPORT, name="lin")
    given = {"username": "lin", "date_joined_0": "2026-01-05", "date_joined_1": "04:00", "is_active": "on"}
    member = {
        "member-INITIAL_FORMS": "1",
        "member-TOTAL_FORMS": "1",
        "member-0-id": str(person.member.pk),
        "member-0-user": str(person.pk),
        "member-0-role": "engineer",
        "member-0-theme": "auto",
    }

    answer = client.post(f"/admin/auth/user/{person.pk}/change/", given | member)

    assert answer.status_code == 302
    assert User.objects.get(pk=person.pk).member.role == Role.ENGINEER
