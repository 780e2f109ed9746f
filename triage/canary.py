"""Each worker calls itself through the queue; one that stays deaf ends, to be started again.

A worker may keep its connection to Redis and hear nothing any more (celery#8030, #10205, #10302).
"""

import logging
import os
import signal
import threading
import time
from typing import Any

from celery import shared_task
from celery.signals import task_received, worker_ready
from celery.worker import state
from django.conf import settings
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

NAME = "triage.canary"
_TO_END_S = 20.0  # what a stopping worker may take before it is ended by force


@shared_task(name=NAME, ignore_result=True)
def canary() -> None:
    """Nothing to do: that it was received is the news."""


class Canary:
    """Calls every few seconds, on a queue that only this worker listens to."""

    def __init__(self, consumer: Any, *, every_s: float, deaf_after_s: float) -> None:
        self._consumer, self._every_s, self._deaf_after_s = consumer, every_s, deaf_after_s
        self._unheard_since: float | None = None
        self.queue = f"canary.{consumer.hostname}"
        # The nameless exchange needs no binding, which a flush of Redis would take away.
        consumer.add_task_queue(self.queue, exchange="", routing_key=self.queue)

    def heard(self) -> None:
        self._unheard_since = None

    def watch(self) -> None:
        while not self._is_deaf():
            self._call()
            time.sleep(self._every_s)
        log.error("this worker hears nothing from the queue any more; it ends, to be started again")
        os.kill(os.getpid(), signal.SIGTERM)  # its runs get their true end
        time.sleep(_TO_END_S)
        os._exit(1)

    def _call(self) -> None:
        """A Redis that is away, and a worker that takes no more as it is full, say nothing about its ears."""
        if len(state.reserved_requests) >= self._consumer.qos.value:
            self._unheard_since = None
            return
        try:
            canary.apply_async(queue=self.queue, expires=self._deaf_after_s, retry=False)
        except OperationalError:
            self._unheard_since = None
        else:
            self._unheard_since = self._unheard_since or time.monotonic()

    def _is_deaf(self) -> bool:
        since = self._unheard_since
        return since is not None and time.monotonic() - since > self._deaf_after_s


@worker_ready.connect
def keep_one(sender: Any, **told: Any) -> None:
    one = Canary(sender, every_s=settings.CANARY_EVERY_S, deaf_after_s=settings.CANARY_DEAF_S)

    def listen(request: Any, **told: Any) -> None:
        if request.name == NAME:
            one.heard()

    task_received.connect(listen, weak=False)
    threading.Thread(target=one.watch, name="canary", daemon=True).start()
