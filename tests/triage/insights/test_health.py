"""What monitors are told: up is not yet consuming, and who falls silent is named."""

import json
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from probes.net.quick_redis import quick_redis
from tests.journeys.desk import await_that
from tests.supervision.worker import Worker
from triage.heartbeat import beats, heartbeat, note_beat

ALL_BUT_LEDGER = ("probe", "housekeeping")


@pytest.fixture
def empty_redis(redis_url: str) -> Iterator[None]:
    quick_redis(redis_url).flushdb()
    yield
    quick_redis(redis_url).flushdb()


def asked(path: str) -> tuple[int, dict]:
    answer = Client().get(path)
    return answer.status_code, json.loads(answer.content)


@pytest.mark.django_db
def test_a_desk_whose_queues_are_all_consumed_says_so_to_anybody(empty_redis):
    for queue in settings.CELERY_TASK_QUEUES:
        note_beat(queue)

    status, told = asked("/readyz")

    assert status == 200
    assert told["status"] == "consuming"
    assert set(told["consumed_s_ago"]) == set(settings.CELERY_TASK_QUEUES)


@pytest.mark.django_db
def test_up_is_told_apart_from_consuming(empty_redis):
    assert asked("/healthz")[0] == 200
    assert asked("/readyz")[0] == 503


@pytest.mark.django_db
def test_the_queue_that_fell_silent_is_named_with_its_age(empty_redis):
    for queue in ALL_BUT_LEDGER:
        note_beat(queue)
    seconds, _micros = quick_redis(settings.REDIS_URL).time()
    quick_redis(settings.REDIS_URL).hset("heartbeat", "ledger", seconds - 300)

    status, told = asked("/readyz")

    assert status == 503
    assert told["says"].startswith("The queue ledger was last consumed 30")
    assert "probe" not in told["says"]


@pytest.mark.django_db
def test_without_redis_the_desk_is_up_and_does_not_consume(settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    assert asked("/healthz")[0] == 200
    status, told = asked("/readyz")
    assert status == 503
    assert "Redis does not answer" in told["says"]


@pytest.mark.django_db(transaction=True)
def test_without_its_database_it_is_down(monkeypatch):
    connection.close()
    with monkeypatch.context() as elsewhere:
        elsewhere.setitem(connection.settings_dict, "NAME", "no_such_database")
        found = asked("/healthz"), asked("/readyz")
        connection.close()

    assert [status for status, _told in found] == [503, 503]
    assert all("PostgreSQL does not" in told["says"] for _status, told in found)


def test_a_worker_writes_down_each_queue_that_it_consumes(worker: Worker):
    for queue in settings.CELERY_TASK_QUEUES:
        heartbeat.apply_async(queue=queue)

    await_that(lambda: all(beat.is_fresh for beat in beats()), "a heartbeat of every queue")
    assert asked("/readyz")[0] == 200


def test_the_beat_rings_at_every_queue():
    rung = [
        entry["options"]["queue"] for name, entry in settings.CELERY_BEAT_SCHEDULE.items() if "heart" in name
    ]

    assert rung == list(settings.CELERY_TASK_QUEUES)
