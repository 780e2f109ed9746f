"""The form in which an engineer picks further steps; its address says what was picked."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from probes.endpoints.models import Endpoint
from probes.redaction.engine import WITHHELD
from probes.runs.kinds import LEAST_REPEATS, MOST_REPEATS, USUAL_REPEATS
from triage.tickets.actions.submit_ticket import redact_fields
from triage.tickets.fields import choice, line, whole
from triage.tickets.offer import Chosen, Option
from triage.tickets.redactors import field_redactors
from triage.tickets.wording.steps import STEPS

PICKED = "picked"  # present once somebody has picked, also nothing


class FurtherForm(forms.Form):
    """Bound always: to what was picked, or to what the verdict suggests."""

    steps = forms.MultipleChoiceField(
        label=_("Steps"),
        required=False,
        choices=list(STEPS.items()),
        error_messages={"invalid_choice": _("There is no step of this name.")},
    )
    times = whole(_("How often"), "", lowest=LEAST_REPEATS, highest=MOST_REPEATS)
    route = choice(_("Route"), "")
    model = line(_("Model"), "", longest=140, example="gpt-4o-mini")

    def __init__(self, data: Mapping[str, Any], *, options: Sequence[Option], endpoint: Endpoint) -> None:
        super().__init__(data, label_suffix="")
        self._hindered = {option.kind for option in options if option.hindrance}
        routes: list[tuple[str, Any]] = [("", _("every route"))]
        routes += [
            (route.slug, f"{route.slug}: {route.get_place_display()}") for route in endpoint.routes.all()
        ]
        self.fields["route"].choices = routes  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        picked = set(cleaned.get("steps", ()))
        if picked & self._hindered:
            raise ValidationError(_("One of these steps is not offered here any more."))
        if "model" in picked and not cleaned.get("model"):
            self.add_error("model", _("Name the other model."))
        return cleaned

    def chosen(self) -> Chosen:
        return Chosen(
            kinds=frozenset(self.cleaned_data["steps"]),
            times=self.cleaned_data["times"] or USUAL_REPEATS,
            route=self.cleaned_data["route"],
            model=self.cleaned_data["model"],
        )


def with_masked_model(sent: QueryDict) -> QueryDict:
    """What was sent, with its `model` masked: the name of a model is a text like any other."""
    shown = sent.copy()
    if "model" in sent:
        masked, _found = redact_fields({"model": sent["model"]}, *field_redactors())
        shown["model"] = "" if masked["model"] == WITHHELD else masked["model"]
    return shown


class AgreementForm(forms.Form):
    """What the page had shown when somebody said go."""

    builds_on = forms.IntegerField()
    at_most = forms.DecimalField(max_digits=16, decimal_places=8)


def suggested_data(
    options: Sequence[Option], *, endpoint: Endpoint, model: str
) -> "MultiValueDict[str, str]":
    """The form as the verdict suggests it."""
    other = endpoint.probe_model if model not in ("", endpoint.probe_model) else ""
    picked = [
        option.kind
        for option in options
        if option.reason and not option.hindrance and (option.kind != "model" or other)
    ]
    repeats = next((option.times for option in options if option.kind == "repeat"), USUAL_REPEATS)
    return MultiValueDict(
        {
            "steps": picked,
            "times": [str(repeats)],
            "route": [""],
            "model": [other],
        }
    )
