"""Which redactor reads which field of a ticket: today's rules, with fingerprints of keys."""

from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings

from probes.redaction.actions import current_redactor
from probes.redaction.engine import Redactor
from probes.redaction.models import RedactionRule


class FieldRedactors(NamedTuple):
    """`redactor` for every field but those in `own_redactors`, which rules of the admins name."""

    redactor: Redactor
    own_redactors: Mapping[str, Redactor]


def field_redactors() -> FieldRedactors:
    """Those of this moment; a request asks once."""
    named = {field for only_in in RedactionRule.objects.own_fields() for field in only_in}
    return FieldRedactors(_peppered(""), {field: _peppered(field) for field in named})


def _peppered(field: str) -> Redactor:
    """While the pepper is rotated, a key is known by the earlier ones too."""
    peppers = [settings.REDACTION_PEPPER, *settings.REDACTION_PEPPER_FALLBACKS]
    return current_redactor(field).with_peppers(peppers)
