"""The app that keeps support cases."""

from django.apps import AppConfig

from probes.redaction.logs import mask_uncaught

# Tasks bind to the application that exists when they are first called: every process must have ours.
from triage.celery import app as app


class TriageConfig(AppConfig):
    name = "triage"

    def ready(self) -> None:
        mask_uncaught()
