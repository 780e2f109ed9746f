"""The filters of the history: read from its address, each told in a sentence where it cannot be meant."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from probes.endpoints.models import Endpoint, Protocol
from probes.runs.models import Run
from probes.wire.facts import EndMode
from triage.history.filters import NO_STATUS, PHASES, codes_like
from triage.history.search import pieces_of, too_short
from triage.tickets.wording.outcomes import ENDS
from triage.tickets.wording.steps import STEPS
from triage.tickets.wording.verdicts import OWNERS_SHORT

_STATUS = re.compile(r"[1-5](?:xx|[0-9]{2})", re.ASCII)
_DURATION = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,3})?)\s*(ms|s)?", re.ASCII)
PHASE_NAMES = {
    "connect": _("Connected"),
    "first_byte": _("First byte"),
    "first_token": _("First token"),
    "total": _("Total"),
    "max_gap": _("Longest gap"),
}
HTTP_VERSIONS = ("HTTP/1.0", "HTTP/1.1", "HTTP/2")


class _Choice(forms.ChoiceField):
    """One of a list; the address may name anything."""

    def __init__(self, label: Any, choices: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            choices=[("", _("all")), *choices],
            error_messages={"invalid_choice": _("“%(value)s” is none of the choices.")},
            widget=forms.Select(attrs={"data-submit": ""}),
        )


class _Text(forms.CharField):
    def __init__(self, label: Any, **attrs: str) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off"} | attrs)
        long = {"max_length": _("At most %(limit_value)d characters.")}
        super().__init__(label=label, required=False, max_length=200, widget=widget, error_messages=long)


class Duration(forms.CharField):
    """Seconds, as typed: "9.8", "300 ms". Its value is in ms; None for nothing typed."""

    def __init__(self, label: Any, end: Any) -> None:
        shown = {"aria-label": label, "placeholder": end}
        widget = forms.TextInput(attrs={"inputmode": "decimal", "size": "5", "autocomplete": "off"} | shown)
        super().__init__(label=label, required=False, max_length=20, widget=widget)

    def clean(self, value: Any) -> float | None:
        text = super().clean(value)
        if not text:
            return None
        read = _DURATION.fullmatch(text)
        if read is None:
            raise ValidationError(_("Seconds as a number, such as 9.8, or with their unit: 300 ms."))
        return float(read[1]) * (1 if read[2] == "ms" else 1000)


class Moment(forms.CharField):
    """A day or a minute of the desk's zone, or ISO 8601 with its own; `last` counts the whole day in."""

    def __init__(self, label: Any, *, last: bool = False) -> None:
        widget = forms.TextInput(attrs={"placeholder": "2026-01-31", "size": "16", "autocomplete": "off"})
        super().__init__(label=label, required=False, max_length=40, widget=widget)
        self._last = last

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return self._read(text)
        except (ValueError, OverflowError) as error:
            raise ValidationError(
                _("A day such as 2026-01-31, or a time such as 2026-01-31 14:05.")
            ) from error

    def _read(self, text: str) -> datetime:
        if day := parse_date(text):
            at = datetime(day.year, day.month, day.day) + timedelta(days=self._last)
            return timezone.make_aware(at)
        at = parse_datetime(text.replace(" ", "T", 1) if "T" not in text else text) or datetime.min
        if at.year < 2000:
            raise ValueError
        return timezone.make_aware(at) if timezone.is_naive(at) else at


class FilterForm(forms.Form):
    """Cleaned values are what `wanted` and the search ask for; a wrong one is left out and told."""

    q = _Text(_("Words in error texts"), type="search")
    endpoint = _Choice(_("Endpoint"), [])
    model = _Text(_("Model"))
    verdict = _Text(_("Verdict, or its family"), placeholder="stream.")
    owner = _Choice(_("Owner"), OWNERS_SHORT.items())
    status = _Text(_("HTTP status"), placeholder="429, 5xx")
    since = Moment(_("Since"))
    until = Moment(_("Until"), last=True)

    end_mode = _Choice(_("How it ended"), [(mode.value, ENDS[mode]) for mode in EndMode])
    step = _Choice(_("Request"), STEPS.items())
    protocol = _Choice(_("Protocol"), Protocol.choices)
    http_version = _Choice(_("HTTP version"), [(name, name) for name in HTTP_VERSIONS])
    state = _Choice(_("State of the run"), Run.State.choices)
    purpose = _Choice(_("Purpose"), Run.Purpose.choices)
    client = _Text(_("Client"))
    by = _Text(_("Asked by"))
    request_id = _Text(_("Request ID"))
    key_print = _Text(_("Key fingerprint"))
    rules_version = _Text(_("Rule version"))

    connect_min, connect_max = (
        Duration(_("Connected, from"), _("at least")),
        Duration(_("Connected, to"), _("at most")),
    )
    first_byte_min, first_byte_max = (
        Duration(_("First byte, from"), _("at least")),
        Duration(_("First byte, to"), _("at most")),
    )
    first_token_min, first_token_max = (
        Duration(_("First token, from"), _("at least")),
        Duration(_("First token, to"), _("at most")),
    )
    total_min, total_max = Duration(_("Total, from"), _("at least")), Duration(_("Total, to"), _("at most"))
    max_gap_min, max_gap_max = (
        Duration(_("Longest gap, from"), _("at least")),
        Duration(_("Longest gap, to"), _("at most")),
    )

    USUAL = ("q", "endpoint", "model", "verdict", "owner", "status", "since", "until")
    FURTHER = (
        *("end_mode", "step", "protocol", "http_version", "state", "purpose"),
        *("client", "by", "request_id", "key_print", "rules_version"),
    )

    def __init__(self, query: Mapping[str, str], *, endpoints: Sequence[Endpoint]) -> None:
        super().__init__({name: value for name, value in query.items() if name in self.base_fields})
        self._endpoints = {endpoint.slug: endpoint.pk for endpoint in endpoints}
        choice: Any = self.fields["endpoint"]
        choice.choices = [("", _("all")), *((endpoint.slug, str(endpoint)) for endpoint in endpoints)]

    def clean_endpoint(self) -> int | None:
        return self._endpoints.get(self.cleaned_data["endpoint"])

    def clean_verdict(self) -> str:
        verdict: str = self.cleaned_data["verdict"]
        if verdict and not codes_like(verdict):
            raise ValidationError(
                _("No class and no family has this name; one is stream, another stream.cut.")
            )
        return verdict

    def clean_status(self) -> str:
        status: str = self.cleaned_data["status"].lower()
        if status and status != NO_STATUS and not _STATUS.fullmatch(status):
            raise ValidationError(_("A status such as 429, its hundred such as 5xx, or none."))
        return status

    def clean_by(self) -> int | None:
        name = self.cleaned_data["by"]
        if not name:
            return None
        person = User.objects.filter(username=name).values_list("pk", flat=True).first()
        if person is None:
            raise ValidationError(_("Nobody here has this name."))
        return person

    def clean_q(self) -> tuple[str, ...]:
        pieces = pieces_of(self.cleaned_data["q"])
        if short := [piece for piece in pieces if too_short(piece)]:
            raise ValidationError(
                _("“%(piece)s” is too short: search for three characters or more, or two Chinese ones."),
                params={"piece": short[0]},
            )
        return pieces

    def clean(self) -> dict[str, Any]:
        """What is left of the last place is told at its later half."""
        found = self.cleaned_data
        for first, last in [("since", "until"), *((f"{phase}_min", f"{phase}_max") for phase in PHASES)]:
            least, most = found.get(first), found.get(last)
            if least is not None and most is not None and least > most:
                self.add_error(last, _("This ends before it begins."))
        return found

    def asked(self) -> dict[str, Any]:
        """The filters that were understood, cleaned; to be called once."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", ())}

    def left_out(self) -> list[tuple[str, str, str]]:
        """(label, what was typed, what is wrong with it) of every filter that is not applied."""
        return [
            (str(self[name].label), str(self[name].value())[:60], " ".join(map(str, errors)))
            for name, errors in self.errors.items()
        ]

    @property
    def durations(self) -> list[tuple[Any, Any, Any]]:
        """(name, least, most) of each."""
        return [(name, self[f"{phase}_min"], self[f"{phase}_max"]) for phase, name in PHASE_NAMES.items()]

    @property
    def usual(self) -> list[Any]:
        return [self[name] for name in self.USUAL]

    @property
    def further(self) -> list[Any]:
        return [self[name] for name in self.FURTHER]
