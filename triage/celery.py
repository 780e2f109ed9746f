"""The desk's Celery application."""

import os

from celery import Celery

# Rooms that have a tasks.py; a new one is listed here.
ROOMS_WITH_TASKS = ["triage.tickets"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.settings")
app = Celery("triage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(ROOMS_WITH_TASKS)
