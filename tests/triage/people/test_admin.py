import pytest
from django.contrib.auth.models import User

from tests.triage.people.builders import client_of, make_person
from triage.people.access import role_of
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

    answer = client.post(address(person), answers(person, **{"member-0-role": "engineer"}))

    assert answer.status_code == 302
    assert User.objects.get(pk=person.pk).member.role == Role.ENGINEER


def address(person: User) -> str:
    return f"/admin/auth/user/{person.pk}/change/"


def answers(person: User, **changed: str) -> dict[str, str]:
    given = {"username": person.username, "date_joined_0": "2026-01-05", "date_joined_1": "04:00"}
    member = {
        "member-INITIAL_FORMS": "1",
        "member-TOTAL_FORMS": "1",
        "member-0-id": str(person.member.pk),
        "member-0-user": str(person.pk),
        "member-0-role": person.member.role,
        "member-0-theme": "auto",
    }
    return given | {"is_active": "on"} | member | changed


@pytest.mark.parametrize("changed", [{"member-0-role": "support"}, {"is_active": ""}])
def test_the_last_active_admin_stays_one(changed):
    client = client_of(Role.ADMIN)
    last = User.objects.get()
    User.objects.filter(pk=make_person(Role.ADMIN, name="gone").pk).update(is_active=False)

    page = client.post(address(last), answers(last, **changed))

    assert "This is the last active admin" in page.content.decode()
    assert role_of(User.objects.get(pk=last.pk)) is Role.ADMIN


@pytest.mark.parametrize("changed", [{"member-0-role": "support"}, {"is_active": ""}])
def test_an_admin_may_go_while_another_stays(changed):
    client, other = client_of(Role.ADMIN), make_person(Role.ADMIN, name="lin")

    assert client.post(address(other), answers(other, **changed)).status_code == 302
    assert role_of(User.objects.get(pk=other.pk)) is not Role.ADMIN


def test_the_last_admin_cannot_be_deleted_but_others_can():
    client, other = client_of(Role.ADMIN), make_person(Role.SUPPORT, name="lin")
    last = User.objects.get(member__role=Role.ADMIN)

    assert client.post(f"/admin/auth/user/{last.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/admin/auth/user/{other.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(User.objects.all()) == [last]


def test_people_are_not_deleted_in_bulk():
    assert "delete_selected" not in client_of(Role.ADMIN).get("/admin/auth/user/").content.decode()


def test_a_key_in_the_name_of_a_person_is_masked_and_an_e_mail_address_is_not():
    key, admin = "sk-proj-" + "a1B2c3D4" * 6, client_of(Role.ADMIN)
    person = make_person(name="lin@shop.example")
    address = f"/admin/auth/user/{person.pk}/change/"

    page = admin.post(address, {"username": "lin@shop.example", "first_name": key}).content.decode()

    assert "Something sensitive was masked here" in page
    assert key[8:30] not in page
    assert 'value="lin@shop.example"' in page
