"""The watch names the deadline that passes first."""

import time

import pytest

from probes.net.limits import DeadlinePassed, Deadlines, GraceOver, Watch
from probes.wire.facts import Failure

NOW = 0.0


def passed(watch: Watch) -> Failure:
    with pytest.raises(DeadlinePassed) as reached:
        watch.left()
    return reached.value.failure


def test_the_connect_deadline_runs_from_the_start():
    assert passed(Watch(Deadlines(connect_s=NOW))) is Failure.CONNECT_TIMEOUT


def test_the_first_byte_deadline_runs_from_the_first_byte_sent():
    watch = Watch(Deadlines(connect_s=5, first_byte_s=NOW))
    assert watch.left() > 4
    watch.sending()
    assert passed(watch) is Failure.FIRST_BYTE_TIMEOUT


def test_reads_before_the_body_do_not_move_the_first_byte_deadline():
    watch = Watch(Deadlines(first_byte_s=NOW, idle_s=9))
    watch.sending()
    watch.read_something()
    assert passed(watch) is Failure.FIRST_BYTE_TIMEOUT


def test_the_idle_deadline_runs_between_reads_of_the_body():
    watch = Watch(Deadlines(first_byte_s=9, idle_s=NOW))
    watch.sending()
    watch.body_began()
    assert passed(watch) is Failure.IDLE_TIMEOUT


def test_the_total_deadline_wins_when_it_comes_first():
    assert passed(Watch(Deadlines(connect_s=5, total_s=NOW))) is Failure.TOTAL_TIMEOUT


def test_while_the_watch_is_stopped_no_time_of_the_attempt_passes():
    watch = Watch(Deadlines(total_s=0.05))

    with watch.stopped():
        time.sleep(0.06)
    watch.sending()

    assert watch.ms() < 50
    assert watch.left() > 0


@pytest.mark.parametrize("deadlines", [Deadlines(grace_s=NOW), Deadlines(total_s=NOW)])
def test_in_the_grace_no_deadline_is_a_failure(deadlines):
    watch = Watch(deadlines)
    watch.only_grace()
    watch.read_something()
    with pytest.raises(GraceOver):
        watch.left()
