"""A key in an address is masked before it is repeated anywhere."""

import logging
from urllib.parse import quote

import pytest
from django.test import Client

from probes.redaction.models import Catch
from tests.triage.people.builders import client_of
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
KEY = "sk-proj-" + "a1B2c3D4" * 6
MASKED = quote(f"sk-proj-…{KEY[-4:]}")


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        (f"/?q={KEY}", f"/?q={MASKED}"),
        (f"/?endpoint=shop&q={KEY}", f"/?endpoint=shop&q={MASKED}"),
        (f"/history/?model={KEY}", f"/history/?model={MASKED}"),
        (f"/tickets/new/?task_id={KEY}", f"/tickets/new/?task_id={MASKED}"),
        (f"/sign-in/?next=/history/{KEY}/", f"/sign-in/?next={quote('/history/', safe='')}{MASKED}%2F"),
        (f"/admin/probes/endpoint/?q={KEY}", f"/admin/probes/endpoint/?q={MASKED}"),
        (f"/tickets/{KEY}/", f"/tickets/{MASKED}/"),
        (f"/?{KEY}=1", f"/?{MASKED}=1"),
    ],
)
def test_who_opens_it_is_sent_to_the_masked_address(address, leads_to):
    answer = client_of(Role.ADMIN).get(address)

    assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (302, leads_to, "no-store")


@pytest.mark.parametrize("address", [f"/?q={KEY}", f"/history/?model={KEY}", f"/nowhere/{KEY}/"])
def test_no_page_and_no_log_repeats_it(address, caplog):
    with caplog.at_level(logging.DEBUG):
        page = client_of(Role.ENGINEER).get(address, follow=True).content.decode()

    assert KEY not in page
    assert KEY not in caplog.text


def test_a_form_sent_to_such_an_address_is_answered_under_the_masked_one():
    answer = client_of().post(f"/language/?next=/?q={KEY}", {"language": "en"})

    assert KEY not in answer["Location"]


def test_the_page_of_a_forged_form_does_not_repeat_it():
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})

    page = client.post(f"/sign-in/?next={KEY}", {"username": "mei"}).content.decode()

    assert "This page grew old" in page
    assert KEY not in page


@pytest.mark.parametrize(
    "address",
    ["/?q=T-000123", "/history/?model=deepseek-ai/DeepSeek-V3.1-Terminus", "/?q=req_0123456789abcdef0123"],
)
def test_what_people_look_for_stays(address):
    assert client_of(Role.ENGINEER).get(address).status_code == 200


def test_people_are_found_by_their_e_mail_address():
    assert client_of(Role.ADMIN).get("/admin/auth/user/?q=lin@shop.example").status_code == 200


def test_it_is_counted_once():
    client_of().get(f"/?q={KEY}", follow=True)

    assert list(Catch.objects.values_list("channel", "kind", "count")) == [
        ("address", "openai_project_key", 1)
    ]
