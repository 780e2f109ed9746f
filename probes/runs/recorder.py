"""Listens to one exchange: commits "sending" before the first byte, and knows what the page may show."""

import threading
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from probes.redaction.engine import Redactor
from probes.runs.connection import let_go, patiently
from probes.runs.models import Attempt, AttemptQuerySet, Run
from probes.runs.scrub import scrub
from probes.runs.ticker import Ticker
from probes.wire.facts import Facts
from probes.wire.moments import Chunk, Moment, Sending
from probes.wire.reader import Reader

_SHOW_EVERY_S = 0.7  # the page asks once a second


class RunLost(Exception):
    """The run was taken from this worker: nothing more may be sent or written for it."""


class Recorder:
    """Called with every moment of an exchange, in the thread that waits on it.

    That thread writes to the database once, before the first byte leaves: any other write would delay the
    reads whose times are the evidence. What the live page shows is written by `show`, from another thread.
    """

    def __init__(
        self, *, run: Run, attempt: Attempt, reader: Reader, redactor: Redactor, clock: Callable[[], datetime]
    ) -> None:
        self._run, self._attempt, self._reader = run, attempt, reader
        self._redactor, self._clock = redactor, clock
        self._lock = threading.Lock()
        self._news = ""  # the stage reached since the page was last told

    def __call__(self, moment: Moment) -> None:
        if isinstance(moment, Sending):
            self._mark_sending()
        with self._lock:
            self._reader.take(moment)
            self._news = "streaming" if isinstance(moment, Chunk) else type(moment).__name__.lower()

    def show(self) -> None:
        """Tell the page what is known so far. Does nothing once the attempt has its end."""
        with self._lock:
            stage, self._news = self._news, ""
            facts = self._reader.facts() if stage else None
        if facts is not None:
            self._ours().update(stage=stage, facts=scrub(facts, self._redactor).as_dict())

    def finish(self, facts: Facts) -> None:
        """The attempt's end. Raises RunLost."""
        ended = {"state": Attempt.State.DONE, "stage": "", "facts": facts.as_dict()}
        if not patiently(lambda: self._ours().update(finished_at=self._clock(), **ended)):
            raise RunLost

    def _mark_sending(self) -> None:
        """At most one POST: only one worker, once, can move an attempt from planned to sending."""
        planned = self._ours().filter(state=Attempt.State.PLANNED)
        with transaction.atomic():
            _survive_a_crash()
            marked = planned.update(state=Attempt.State.SENDING, sending_at=self._clock())
        if not marked:
            raise RunLost
        let_go()

    def _ours(self) -> AttemptQuerySet:
        return Attempt.objects.open_to(self._run).filter(pk=self._attempt.pk)


def _survive_a_crash() -> None:
    """This commit reaches the disk, however the server is set up: after a crash nobody may send again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO ON")


def _show_all(recorders: frozenset[Recorder]) -> None:
    for recorder in recorders:
        recorder.show()


LIVE: Ticker[Recorder] = Ticker(_show_all, every_s=_SHOW_EVERY_S, name="live page")
