import time

import pytest
from django.core.cache import cache, caches
from django.test import Client

from tests.triage.people.builders import PASSWORD, client_of, make_person
from triage.people.models import Member
from triage.people.roles import Role
from triage.people.throttle import TRIES

pytestmark = pytest.mark.django_db
AWAY = "redis://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _nobody_is_paused():
    cache.clear()


def try_password(password: str, name: str = "mei", **extra: str):
    client = Client(headers={"accept-language": "en"})
    return client.post("/sign-in/", {"username": name, "password": password} | extra)


def test_the_right_password_leads_to_where_the_person_was_going():
    make_person(name="mei")

    answer = try_password(PASSWORD, next="/tickets/new/")

    assert (answer.status_code, answer["Location"]) == (302, "/tickets/new/")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_a_sign_in_never_leads_away_from_the_desk(target):
    make_person(name="mei")

    assert try_password(PASSWORD, next=target)["Location"] == "/"


def test_a_wrong_password_says_so_at_the_form():
    make_person(name="mei")

    answer = try_password("guess")

    assert answer.status_code == 422
    assert "The name or the password is not right" in answer.content.decode()


def test_the_eleventh_try_is_paused_even_with_the_right_password():
    make_person(name="mei")
    for _ in range(TRIES):
        try_password("guess")

    answer = try_password(PASSWORD, name=" MEI ")

    assert answer.status_code == 422
    assert "paused for up to 15 minutes" in answer.content.decode()


def test_a_pause_holds_for_one_name_only():
    make_person(name="mei")
    make_person(name="an")
    for _ in range(TRIES):
        try_password("guess")

    assert try_password(PASSWORD, name="an").status_code == 302


def test_a_success_starts_the_count_anew():
    make_person(name="mei")
    for _ in range(TRIES - 1):
        try_password("guess")
    try_password(PASSWORD)

    try_password("guess")

    assert try_password(PASSWORD).status_code == 302


def test_language_and_theme_come_back_with_the_person():
    user = make_person(name="mei")
    Member.objects.filter(user=user).update(language="en", theme="dark")

    answer = Client().post("/sign-in/", {"username": "mei", "password": PASSWORD}, follow=True)

    page = answer.content.decode()
    assert '<html lang="en" data-theme="dark">' in page


def test_choosing_a_language_keeps_the_page_and_is_remembered():
    client = client_of(Role.SUPPORT, language="en")

    answer = client.post("/language/", {"language": "zh-hans", "next": "/tickets/new/?a=b"})

    assert answer["Location"] == "/tickets/new/?a=b"
    assert Member.objects.get().language == "zh-hans"
    assert 'lang="zh-Hans"' in client.get("/").content.decode()


def test_a_language_that_the_desk_does_not_speak_changes_nothing():
    client = client_of(Role.SUPPORT, language="en")

    client.post("/language/", {"language": "tlh"})

    assert Member.objects.get().language == ""


def test_an_expired_session_moves_the_whole_page_not_the_fragment():
    answer = Client().get(
        "/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/tickets/new/?x=1"},
    )

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/sign-in/?next=/tickets/new/%3Fx%3D1"


def test_signing_out_needs_a_post_and_ends_the_session():
    client = client_of()

    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")

    assert client.get("/").status_code == 302


@pytest.fixture
def no_redis(settings):
    settings.CACHES = {**settings.CACHES, "default": settings.CACHES["default"] | {"LOCATION": AWAY}}
    caches["nearby"].clear()


def test_without_redis_people_sign_in_within_a_moment(no_redis):
    make_person(name="mei")
    start = time.monotonic()

    assert try_password(PASSWORD).status_code == 302

    assert time.monotonic() - start < 3


def test_without_redis_guesses_are_still_counted(no_redis):
    make_person(name="mei")
    for _ in range(TRIES):
        try_password("guess")

    assert "paused for up to 15 minutes" in try_password(PASSWORD).content.decode()


KEY = "sk-proj-" + "a1B2c3D4" * 6


def test_a_key_in_the_box_of_the_name_is_repeated_by_no_page_and_no_log(caplog):
    with caplog.at_level("DEBUG"):
        page = try_password("guess", name=KEY).content.decode()

    assert "The name or the password is not right" in page
    assert KEY[8:30] not in page
    assert KEY not in caplog.text
