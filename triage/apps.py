"""The app that keeps support cases."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "triage"
