"""The masker with today's redaction rules."""

from django.conf import settings

from probes.redaction.actions import current_redactor
from triage.charges.masking import Masker


def current_masker() -> Masker:
    return Masker(current_redactor(), settings.REDACTION_PEPPER)
