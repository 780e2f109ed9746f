"""What holds on every page: content policy, no inline code, the frame, the error pages."""

import re

import pytest
from django.test import Client, RequestFactory

from tests.triage.people.builders import client_of
from triage.people.errors import server_error
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
PAGES = ["/", "/tickets/new/", "/try/", "/history/", "/nothing/here/"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_carries_the_strict_content_policy(page):
    policy = client_of(Role.ADMIN).get(page)["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("page", PAGES)
def test_no_page_needs_what_the_policy_forbids(page):
    html = client_of(Role.ADMIN).get(page).content.decode()

    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"\s(style|on\w+|hx-on[^=]*)=", html)
    assert not re.search(r"(src|href)=\"(https?:)?//", html)


def test_htmx_2_is_served_not_the_beta_of_4():
    html = client_of().get("/").content.decode()

    assert "htmx-2.min.js" in html


def test_an_unknown_address_is_a_page_of_the_desk():
    answer = Client(headers={"accept-language": "en"}).get("/nothing/here/")

    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()


def test_a_stale_form_says_that_nothing_was_saved():
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})

    answer = client.post("/sign-in/", {"username": "mei"})

    assert answer.status_code == 403
    assert "Nothing was saved" in answer.content.decode()


def test_a_server_error_gives_a_reference_and_nothing_of_the_inside():
    answer = server_error(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert re.search(r"<code>[0-9a-f]{8}</code>", answer.content.decode())
