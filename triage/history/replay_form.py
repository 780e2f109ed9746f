"""The form in which an engineer picks what to change when a run is sent again; its address says it all."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from probes.endpoints.models import Endpoint
from triage.history.replay import Choice
from triage.history.replay_plan import LEAST_TOKENS, MOST_TOKENS, SAME, Change
from triage.history.replay_words import CHANGES
from triage.tickets.fields import choice, line, whole

_NEEDS = {
    "model": _("Name the other model."),
    "route": _("Name the route."),
    "tokens": _("Say how many tokens."),
}


class ReplayForm(forms.Form):
    """Bound always: to what was picked, or to the same plan."""

    change = forms.ChoiceField(
        label=_("What to change"),
        choices=list(CHANGES.items()),
        error_messages={"invalid_choice": _("There is no change of this name.")},
    )
    model = line(_("Model"), "", longest=140, example="gpt-4o-mini")
    route = choice(_("Route"), "")
    tokens = whole(_("Output tokens, at most"), "", lowest=LEAST_TOKENS, highest=MOST_TOKENS)

    def __init__(self, data: Mapping[str, Any], *, choices: Sequence[Choice], endpoint: Endpoint) -> None:
        super().__init__(data or {"change": SAME}, label_suffix="")
        self._hindered = {one.what for one in choices if one.hindrance}
        self.fields["route"].choices = [  # type: ignore[attr-defined]
            (route.slug, f"{route.slug}: {route.get_place_display()}") for route in endpoint.routes.all()
        ] or [("", "–")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        what = cleaned.get("change", "")
        if what in self._hindered:
            raise ValidationError(_("This change cannot be had here."))
        needed = {"length": "tokens"}.get(what, what)
        if needed in _NEEDS and not cleaned.get(needed) and needed not in self.errors:
            self.add_error(needed, _NEEDS[needed])
        return cleaned

    def chosen(self) -> Change:
        said = self.cleaned_data
        return Change(
            what=said["change"], model=said["model"], route=said["route"], tokens=said["tokens"] or 0
        )


class ShownForm(forms.Form):
    """What the page had shown when somebody said go: the most it costs, the newest replay there was."""

    at_most = forms.DecimalField(max_digits=16, decimal_places=8)
    shown_after = forms.IntegerField(min_value=0)
