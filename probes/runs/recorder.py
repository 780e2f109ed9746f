"""Listens to one exchange: commits "sending" before the first byte, and keeps the page up to date."""

import time
from collections.abc import Callable
from datetime import datetime

from probes.redaction.engine import Redactor
from probes.runs.connection import let_go
from probes.runs.models import Attempt, AttemptQuerySet, Run
from probes.runs.scrub import scrub
from probes.wire.facts import Facts
from probes.wire.moments import Chunk, Moment, Sending
from probes.wire.reader import Reader

_SAVE_EVERY_S = 0.7  # while bytes arrive; the page asks once a second


class RunLost(Exception):
    """The run was taken from this worker: nothing more may be sent or written for it."""


class Recorder:
    """Called with every moment of an exchange, in the thread that waits on it."""

    def __init__(
        self, *, run: Run, attempt: Attempt, reader: Reader, redactor: Redactor, clock: Callable[[], datetime]
    ) -> None:
        self._run, self._attempt, self._reader = run, attempt, reader
        self._redactor, self._clock = redactor, clock
        self._saved_at = 0.0
        self._stage = ""

    def __call__(self, moment: Moment) -> None:
        if isinstance(moment, Sending):
            self._mark_sending()
        self._reader.take(moment)
        stage = "streaming" if isinstance(moment, Chunk) else type(moment).__name__.lower()
        if stage != self._stage or time.monotonic() - self._saved_at > _SAVE_EVERY_S:
            self._save(stage)

    def finish(self, facts: Facts) -> None:
        self._write(state=Attempt.State.DONE, stage="", facts=facts.as_dict(), finished_at=self._clock())

    def _mark_sending(self) -> None:
        """At most one POST: only one worker, once, can move an attempt from planned to sending."""
        planned = self._ours().filter(state=Attempt.State.PLANNED)
        if not planned.update(state=Attempt.State.SENDING, sending_at=self._clock()):
            raise RunLost

    def _save(self, stage: str) -> None:
        self._stage, self._saved_at = stage, time.monotonic()
        self._write(stage=stage, facts=scrub(self._reader.facts(), self._redactor).as_dict())

    def _write(self, **columns: object) -> None:
        if not self._ours().update(**columns):
            raise RunLost
        let_go()

    def _ours(self) -> AttemptQuerySet:
        return Attempt.objects.open_to(self._run).filter(pk=self._attempt.pk)
