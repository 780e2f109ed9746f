"""What all workers share: a rate that holds, and a breaker that lets one probe through."""

import socket
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import redis

from probes.net.pacing import Breaker, BreakerOpen, Outcome, Pacer, PacingUnavailable, Permit

QUICK = Breaker(failures=5, within_s=60, pause_s=0.2)


@pytest.fixture
def name() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def pacer(redis_url: str) -> Pacer:
    return Pacer(redis_url, breaker=QUICK)


def fail(pacer: Pacer, name: str, times: int = 1) -> None:
    for _ in range(times):
        pacer.report(Permit((name,)), name, Outcome.FAILED)


def state_of(pacer: Pacer, name: str) -> BreakerOpen | None:
    try:
        pacer.look([name])
    except BreakerOpen as broken:
        return broken
    return None


def wait_until_half_open(pacer: Pacer, name: str) -> None:
    while broken := state_of(pacer, name):
        assert broken.until is not None
        time.sleep(max(broken.until.timestamp() - time.time(), 0) + 0.005)


@pytest.mark.parametrize(("per_minute", "at_once"), [(120, 40), (6, 2), (3, 1), (1, 1)])
def test_a_rate_holds_among_many_workers(redis_url, name, per_minute, at_once):
    pacers = [Pacer(redis_url) for _ in range(4)]

    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda i: pacers[i % 4].take_turn(name, per_minute=per_minute), range(80)))

    assert waits.count(0) == at_once
    assert all(0 < wait <= max(20, 60 / per_minute) for wait in waits if wait)


def test_a_turn_comes_when_the_limiter_said(redis_url, name):
    pacer = Pacer(redis_url)
    pacer.take_turn(name, per_minute=1)

    wait = pacer.take_turn(name, per_minute=1)

    assert 59 < wait <= 60


def test_the_fifth_failure_opens_for_everybody(pacer, redis_url, name):
    fail(pacer, name, times=4)
    assert state_of(pacer, name) is None

    fail(pacer, name)

    broken = state_of(Pacer(redis_url), name)
    assert broken is not None and broken.until is not None
    assert (broken.until - broken.since).total_seconds() == pytest.approx(0.2)
    assert state_of(pacer, "another" + name) is None


def test_failures_out_of_the_window_do_not_count(redis_url, name):
    pacer = Pacer(redis_url, breaker=Breaker(failures=2, within_s=0.05))
    fail(pacer, name)
    time.sleep(0.06)

    fail(pacer, name)

    assert state_of(pacer, name) is None


def test_a_success_between_them_hides_no_failure(pacer, name):
    for _ in range(4):
        fail(pacer, name)
        pacer.report(pacer.take_permit([name], permit_s=5), name, Outcome.PASSED)

    fail(pacer, name)

    assert state_of(pacer, name) is not None


def test_half_open_lets_one_of_64_through(pacer, redis_url, name):
    fail(pacer, name, times=5)
    wait_until_half_open(pacer, name)
    pacers = [Pacer(redis_url) for _ in range(4)]
    together = threading.Barrier(64)

    def try_it(i: int) -> bool:
        together.wait()
        try:
            pacers[i % 4].take_permit([name], permit_s=30)
        except BreakerOpen as broken:
            assert broken.until is None  # one probe is on its way
            return False
        return True

    with ThreadPoolExecutor(64) as pool:
        assert sum(pool.map(try_it, range(64))) == 1


@pytest.mark.parametrize(
    ("outcome", "opens"), [(Outcome.PASSED, False), (Outcome.FAILED, True), (Outcome.NOTHING, False)]
)
def test_the_one_probe_decides(pacer, name, outcome, opens):
    fail(pacer, name, times=5)
    since = state_of(pacer, name).since
    wait_until_half_open(pacer, name)
    permit = pacer.take_permit([name], permit_s=30)

    fail(pacer, name)  # a straggler, sent before the breaker opened
    pacer.report(permit, name, outcome)

    broken = state_of(pacer, name)
    assert (broken is not None) is opens
    assert broken is None or broken.since == since


def test_a_prober_that_dies_does_not_take_the_permit_with_it(pacer, name):
    fail(pacer, name, times=5)
    wait_until_half_open(pacer, name)
    pacer.take_permit([name], permit_s=0.05)
    assert state_of(pacer, name) is not None
    time.sleep(0.06)

    pacer.take_permit([name], permit_s=30)


def test_a_permit_of_two_circuits_needs_both(pacer, name):
    fail(pacer, name, times=5)

    with pytest.raises(BreakerOpen) as refused:
        pacer.take_permit(["way" + name, name], permit_s=30)

    assert refused.value.circuit == name


def test_a_flushed_redis_closes_every_breaker_and_breaks_nothing(pacer, name, redis_url):
    fail(pacer, name, times=5)

    with closing(redis.Redis.from_url(redis_url)) as client:
        client.flushdb()
        client.script_flush()

    assert state_of(pacer, name) is None
    assert pacer.take_turn(name, per_minute=60) == 0


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_without_redis_it_says_so_within_about_a_second(silent_port):
    for address in ("redis://127.0.0.1:1", "unix:///nowhere", f"redis://127.0.0.1:{silent_port}"):
        pacer, start = Pacer(address), time.monotonic()

        with pytest.raises(PacingUnavailable):
            pacer.look(["x"])

        assert time.monotonic() - start < 1.5


def test_every_question_fails_closed():
    pacer, permit = Pacer("redis://127.0.0.1:1"), Permit(("x",))

    for ask in (
        lambda: pacer.take_turn("x", per_minute=60),
        lambda: pacer.take_permit(["x"], permit_s=1),
        lambda: pacer.report(permit, "x", Outcome.PASSED),
    ):
        with pytest.raises(PacingUnavailable):
            ask()


def test_no_address_is_no_redis():
    with pytest.raises(PacingUnavailable):
        Pacer("")
