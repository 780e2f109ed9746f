"""The app that keeps support cases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from probes.redaction.logs import mask_uncaught

# Tasks bind to the application that exists when they are first called: every process must have ours.
from triage.celery import app as app


class TriageConfig(AppConfig):
    name = "triage"
    verbose_name = _("Charges")

    def ready(self) -> None:
        mask_uncaught()
