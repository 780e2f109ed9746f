"""The form in which an engineer says what to measure, and how often."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from probes.endpoints.models import Endpoint
from triage.tickets.fields import line, whole

LEAST_MINUTES, MOST_MINUTES, USUAL_MINUTES = 5, 24 * 60, 60


class BaselineForm(forms.Form):
    """An empty model is the endpoint's own, an empty interval an hour."""

    endpoint = forms.ModelChoiceField(
        label=_("Endpoint"),
        queryset=Endpoint.objects.none(),
        to_field_name="slug",
        error_messages={"invalid_choice": _("There is no such endpoint.")},
    )
    model = line(_("Model"), _("Leave it empty for the endpoint's own."), longest=140, example="gpt-4o-mini")
    every_minutes = whole(
        _("Every so many minutes"), _("60 when empty."), lowest=LEAST_MINUTES, highest=MOST_MINUTES
    )

    def __init__(self, data: Any = None, *, endpoints: "QuerySet[Endpoint]") -> None:
        super().__init__(data, label_suffix="")
        self.fields["endpoint"].queryset = endpoints  # type: ignore[attr-defined]

    def model_named(self) -> str:
        return str(self.cleaned_data["model"] or self.cleaned_data["endpoint"].probe_model)

    def interval(self) -> int:
        return int(self.cleaned_data["every_minutes"] or USUAL_MINUTES)


class AgreedForm(forms.Form):
    """The most that a day may cost, as the page had shown it."""

    at_most: "forms.DecimalField" = forms.DecimalField(min_value=Decimal(0), max_digits=16, decimal_places=8)
