"""However many threads of a process come at once, PostgreSQL is asked for a few connections."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from triage.postgres import base
from triage.postgres.base import DatabaseWrapper

pytestmark = pytest.mark.django_db
SEATS = 2
THREADS = 12


@pytest.fixture
def few_seats(settings):
    settings.DATABASE_CONNECTIONS = SEATS
    base._seats.cache_clear()
    yield
    base._seats.cache_clear()


def of_this_test() -> DatabaseWrapper:
    options = {**connection.settings_dict["OPTIONS"], "application_name": "seats"}
    return DatabaseWrapper({**connection.settings_dict, "OPTIONS": options})


def connections_seen_by_one_more(everybody: threading.Barrier) -> int:
    everybody.wait(10)
    mine = of_this_test()
    with mine.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'seats'")
        (seen,) = cursor.fetchone()
    mine.close()
    return seen


def test_threads_that_come_at_once_wait_for_each_other(few_seats):
    everybody = threading.Barrier(THREADS)

    with ThreadPoolExecutor(THREADS) as pool:
        seen = list(pool.map(connections_seen_by_one_more, [everybody] * THREADS))

    assert len(seen) == THREADS
    assert max(seen) <= SEATS


def test_a_connection_that_nobody_closed_gives_its_seat_back(few_seats):
    for _ in range(SEATS + 1):
        of_this_test().ensure_connection()
        gc.collect()  # a connection and its wrapper hold each other


def test_closing_twice_gives_back_one_seat(few_seats):
    one = of_this_test()
    one.ensure_connection()

    one.close()
    one.close()

    assert base._seats()._value == SEATS


def test_a_server_that_turns_us_away_keeps_no_seat(few_seats):
    wrong = DatabaseWrapper({**connection.settings_dict, "NAME": "no_such_database"})

    for _ in range(SEATS + 1):
        with pytest.raises(Exception, match="no_such_database"):
            wrong.ensure_connection()
