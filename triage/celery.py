"""The desk's Celery application."""

import os
from typing import Any

from celery import Celery
from kombu.transport import redis

from triage import task_ids  # noqa: F401  # its signals are connected wherever tasks are rung for or run

# Rooms that have a tasks.py; a new one is listed here.
ROOMS_WITH_TASKS = ["triage.tickets", "triage.history", "triage.charges", "triage.charges.connectors"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.settings")
app = Celery("triage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(ROOMS_WITH_TASKS)


class Doorbells(redis.QoS):
    """Leaves messages alone whose connection is gone: who missed one is rung for again by the sweep.

    Kombu 5.7 gives them back, or acknowledges them, over the lost connection, and a worker that is busy
    while Redis restarts dies of the AttributeError.
    """

    restore_at_shutdown = False

    def ack(self, delivery_tag: Any) -> None:
        if getattr(self.channel.connection, "client", None) is not None:
            super().ack(delivery_tag)


redis.Channel.QoS = Doorbells
