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


class Seated:
    """How many threads hold a connection, counted on this side: the server forgets those that left later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.now = self.most = self.served = 0

    def __enter__(self) -> None:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.now -= 1
            self.served += 1


def test_threads_that_come_at_once_wait_for_each_other(few_seats):
    everybody, seated = threading.Barrier(THREADS), Seated()

    def come() -> None:
        everybody.wait(10)
        mine = of_this_test()
        with mine.cursor() as cursor, seated:
            cursor.execute("SELECT pg_sleep(0.02)")
        mine.close()

    with ThreadPoolExecutor(THREADS) as pool:
        for visit in [pool.submit(come) for _ in range(THREADS)]:
            visit.result()

    assert seated.served == THREADS
    assert seated.most <= SEATS


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
