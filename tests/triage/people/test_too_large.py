"""A request that is too large is answered by a page of the desk that says so, and holds nothing of it."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.triage.people.builders import client_of
from triage.people.roles import Role
from triage.tickets.models import Ticket

pytestmark = pytest.mark.django_db
SECRET = "sk-" + "a1B2" * 12
TOO_LONG = f"{SECRET} " * (10 * 2**20 // (len(SECRET) + 1))  # 10 MB
DOORS = ["/tickets/new/", "/tickets/new/details/", "/tickets/new/guard-counts/", "/rules/bench/", "/sign-in/"]


def post(client: Client, address: str, text: str = TOO_LONG) -> HttpResponse:
    return client.post(address, f"notes={text}&text={text}", content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("address", DOORS)
def test_ten_megabytes_in_a_field_are_refused_with_what_to_do(address):
    answer = post(client_of(Role.ADMIN), address)

    page = answer.content.decode()
    assert answer.status_code == 413
    assert "may have 2 MB; this was more" in page
    assert "Nothing of it was read, stored or sent on." in page
    assert SECRET not in page
    assert not Ticket.objects.exists()


def test_it_says_so_in_chinese():
    page = post(client_of(language="zh-hans"), "/tickets/new/").content.decode()

    assert "一个表单的所有字段合计最多 2 MB" in page


def test_parts_of_a_form_with_files_count_as_well():
    answer = client_of().post("/tickets/new/", {"notes": TOO_LONG})

    assert answer.status_code == 413


def test_too_many_fields_are_refused_in_their_own_words():
    fields = {f"field{n}": SECRET for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}

    answer = client_of().post("/tickets/new/", fields)

    assert answer.status_code == 413
    assert "more than 200 fields" in answer.content.decode()
    assert SECRET not in answer.content.decode()


def test_a_stranger_reads_it_too():
    answer = post(Client(headers={"accept-language": "en"}), "/sign-in/")

    assert (answer.status_code, SECRET in answer.content.decode()) == (413, False)


def test_whatever_else_cannot_be_read_is_plainly_refused():
    answer = Client().get("/", headers={"host": "elsewhere.example"})

    assert (answer.status_code, b"elsewhere" in answer.content) == (400, False)
