"""What an engineer says of an incident: to open one by hand, and in its note."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from probes.endpoints.models import Endpoint
from triage.incidents.actions.close_incident import LONGEST_NOTE
from triage.verdicts.actions.playbooks_in_force import playbooks_in_force
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import title_of
from triage.verdicts.rules.surroundings import SHARED


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        help_text=_("What is known, who works on it. Masked before it is stored."),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class IncidentForm(NoteForm):
    endpoint = forms.ModelChoiceField(
        label=_("Endpoint"), help_text="", queryset=Endpoint.objects.all(), to_field_name="slug"
    )
    verdict_code = forms.ChoiceField(
        label=_("What is wrong"),
        help_text=_("Only faults of the service: several customers have them at once."),
    )
    model = forms.CharField(
        label=_("Model"), help_text=_("Empty: every model of the endpoint."), max_length=200, required=False
    )
    field_order = ("endpoint", "verdict_code", "model", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict_code"].choices = [("", "---------"), *_choices()]  # type: ignore[attr-defined]
        for wide in ("verdict_code", "note"):
            self.fields[wide].wide = True  # type: ignore[attr-defined]


def _choices() -> list[tuple[str, str]]:
    playbooks, language = playbooks_in_force(), get_language() or "en"
    shared = (code for code in ISSUES if code in SHARED)
    return [(code, f"{title_of(code, language, playbooks=playbooks)} ({code})") for code in shared]
