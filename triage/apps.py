"""The app that keeps support cases."""

from django.apps import AppConfig

# Tasks bind to the application that exists when they are first called: every process must have ours.
from triage.celery import app as app


class TriageConfig(AppConfig):
    name = "triage"
