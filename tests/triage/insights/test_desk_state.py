"""The state of the desk in words: who was last seen when, and what waits."""

import html
import re
from collections.abc import Iterator

import pytest
from django.conf import settings

from probes.net.quick_redis import quick_redis
from tests.triage.people.builders import client_of
from tests.triage.tickets.builders import make_investigation
from triage.heartbeat import note_beat
from triage.people.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_redis(redis_url: str) -> Iterator[None]:
    quick_redis(redis_url).flushdb()
    yield
    quick_redis(redis_url).flushdb()


def page() -> str:
    answer = client_of(Role.ENGINEER).get("/insights/desk/")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.content.decode())).split())


def test_a_consumed_queue_says_when_its_checker_was_last_seen():
    for queue in settings.CELERY_TASK_QUEUES:
        note_beat(queue)

    told = page()

    assert "Every queue is consumed" in told
    assert re.search(r"probe probes and their verdicts .{1,30} ago", told)


def test_a_silent_queue_is_told_beside_the_others_and_what_to_look_at():
    note_beat("probe")

    told = page()

    assert "Not every queue is consumed" in told
    assert told.count("not as long as Redis remembers") == 2
    assert "does the beat run?" in told


def test_what_waits_is_counted():
    make_investigation(concluded=False)
    make_investigation()
    quick_redis(settings.REDIS_URL).rpush("ledger", "a message")

    told = page()

    assert "Runs in the queue 1 the oldest since" in told
    assert "Tickets without a verdict 1 the oldest since" in told


def test_without_redis_the_page_says_so(settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    assert "Redis does not answer: tickets are filed, but nothing is probed" in page()


def test_support_does_not_need_it():
    assert client_of(Role.SUPPORT).get("/insights/desk/").status_code == 403
