"""The forms of the ledger: a file with what is known of it, its columns, and a ledger's settings."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.forms import BoundField
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from probes.redaction.actions import current_redactor
from triage.charges.labels import FIELD_LABELS, FOREIGN_FILES
from triage.charges.mapping import REQUIRED
from triage.charges.models import LedgerSource
from triage.charges.uploads import SealedUpload

ZONES = ("Asia/Shanghai", "UTC", "Asia/Tokyo", "Asia/Singapore", "Asia/Kolkata", "Europe/Berlin")
MOST_PAYERS = 200
EVERY_ROW_A_CHARGE = "=charge"
_CURRENCIES = ("=USD", "=CNY", "=EUR", "=quota")
_READ_FORMATS = ".csv,.tsv,.txt,.json,.jsonl,.ndjson,.xlsx"
_SLUG = RegexValidator(r"\A[a-z0-9][a-z0-9_-]*\Z", _("Use small letters, digits, - and _ only."))
_NEW = ""


class MaskedWhenRefused(forms.Form):
    """A refused form is drawn again without what looks like a secret."""

    def hide_secrets(self) -> None:
        data = cast(Any, self.data).copy()
        for name in set(self.fields) & set(data):
            data.setlist(name, [current_redactor().redact(value).text for value in data.getlist(name)])
        for errors in self.errors.values():  # some quote what was typed
            errors.data[:] = [ValidationError(current_redactor().redact(str(said)).text) for said in errors]
        self.data = data


def _zone_field(label: Any, help_text: Any, *, required: bool) -> forms.CharField:
    widget = forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, help_text=help_text, max_length=60, required=required, widget=widget)


def _moment_field(label: Any, help_text: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        required=False,
        widget=widget,
        error_messages={"invalid": _("This is no time. Write it as 2026-03-01 09:30.")},
    )


class UploadForm(MaskedWhenRefused):
    """`limit` is the largest file in bytes."""

    source = forms.ChoiceField(
        label=_("Ledger"),
        help_text=_("The billing system that the file comes from. Charge IDs are unique within it."),
        required=False,
        error_messages={"invalid_choice": _("This ledger does not exist. Choose one of the list.")},
    )
    new_source = forms.CharField(
        label=_("Short name of the new ledger"),
        help_text=_("Only for a new one: small letters, digits, - and _, such as gateway-eu."),
        max_length=60,
        required=False,
        validators=[_SLUG],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("File"),
        help_text="",
        max_length=200,
        widget=forms.FileInput(attrs={"accept": _READ_FORMATS, "class": "drop-file"}),
        error_messages={
            "required": _("Choose a file, or drop one on the field."),
            "empty": _("The file is empty: there is nothing to take in."),
            "missing": _("Choose a file, or drop one on the field."),
            "invalid": _("Choose a file, or drop one on the field."),
        },
    )
    zone = _zone_field(
        _("Time zone of times without one"),
        _("Leave empty to take the ledger's own, Asia/Shanghai at first."),
        required=False,
    )
    covered_from = _moment_field(
        _("Complete from"),
        _("If you know for which span the file holds every charge. Otherwise its first row counts."),
    )
    covered_until = _moment_field(_("Complete until"), _("Otherwise its last row counts."))

    def __init__(self, *args: Any, limit: int, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limit, self._now = limit, now
        choice = cast(forms.ChoiceField, self.fields["source"])
        known = LedgerSource.objects.order_by("slug")
        choice.choices = [(_NEW, _("A new ledger")), *((source.slug, str(source)) for source in known)]

    def slug(self) -> str:
        """The ledger's short name, of a valid form."""
        return str(self.cleaned_data["source"] or self.cleaned_data["new_source"])

    def declared(self) -> dict[str, Any]:
        """What the uploader said, in the shape that `begin_upload` takes."""
        span = {name: self.cleaned_data[name] for name in ("covered_from", "covered_until")}
        told = {name: moment.isoformat() for name, moment in span.items() if moment}
        return {"zone": self.cleaned_data["zone"], **told}

    def clean_new_source(self) -> str:
        """The short name stands in addresses and in every list: a key typed here would stay."""
        return without_a_secret(self.cleaned_data["new_source"])

    def clean_file(self) -> SealedUpload:
        upload = cast(SealedUpload, self.cleaned_data["file"])
        if (upload.size or 0) > self._limit:
            raise ValidationError(
                _(
                    "The file has %(size)s; the desk takes at most %(limit)s. Export a shorter period, or use"
                    " the command line."
                ),
                params={"size": filesizeformat(upload.size or 0), "limit": filesizeformat(self._limit)},
            )
        for beginning, advice in FOREIGN_FILES.items():
            if upload.head.startswith(beginning):
                raise ValidationError(advice)
        return upload

    def clean_zone(self) -> str:
        return known_zone(self.cleaned_data["zone"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._check_source(cleaned)
        if "zone" in cleaned:
            self._check_span(cleaned, _zone_of(cleaned))
        return cleaned

    def _check_source(self, cleaned: dict[str, Any]) -> None:
        chosen, new = cleaned.get("source"), cleaned.get("new_source")
        if chosen and new:
            self.add_error("new_source", _("Choose a ledger or name a new one, not both."))
        if "source" in cleaned and "new_source" in cleaned and not chosen and not new:
            self.add_error("source", _("Choose the ledger, or give a new one a short name."))

    def _check_span(self, cleaned: dict[str, Any], zone: tzinfo) -> None:
        for name in ("covered_from", "covered_until"):
            if cleaned.get(name):
                cleaned[name] = timezone.make_naive(cleaned[name]).replace(tzinfo=zone)
        start, end = cleaned.get("covered_from"), cleaned.get("covered_until")
        if start and end and start >= end:
            self.add_error("covered_until", _("This must be later than the beginning."))
        if end and end > self._now:
            self.add_error("covered_until", _("This lies in the future: nobody knows its charges yet."))


class MappingForm(MaskedWhenRefused):
    """Which column holds what: a choice per field, from the file's own headers."""

    account_for_all = forms.CharField(
        label=_("One account for all rows"),
        help_text=_("Only when no column says whose charges these are."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    zone = _zone_field(_("Time zone of times without one"), "", required=False)

    def __init__(
        self, *args: Any, headers: Sequence[str], mapping: Mapping[str, str], zone: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        account = mapping.get("account", "")
        shared = account.removeprefix("=") if account.startswith("=") else ""
        self.initial.update(zone=zone, account_for_all=shared)
        for field, label in FIELD_LABELS.items():
            self._ask(field, label, headers, "" if field == "account" and shared else mapping.get(field, ""))
        self.order_fields([*FIELD_LABELS, "account_for_all", "zone"])

    def _ask(self, field: str, label: Any, headers: Sequence[str], place: str) -> None:
        columns = [(header, header) for header in dict.fromkeys(headers) if header]
        if place and place not in headers and not place.startswith("="):
            place = ""
        nothing = [] if field == "kind" else [("", _("– not in this file –"))]
        choices = [*nothing, *columns, *_values_for_all(field, place)]
        self.fields[field] = forms.ChoiceField(
            label=label,
            required=False,
            choices=choices,
            initial=place or (EVERY_ROW_A_CHARGE if field == "kind" else ""),
            error_messages={"invalid_choice": _("The file has no such column. Choose one of the list.")},
        )

    def needed(self) -> list[BoundField]:
        return [self[field] for field in FIELD_LABELS if field in REQUIRED]

    def optional(self) -> list[BoundField]:
        return [self[field] for field in FIELD_LABELS if field not in REQUIRED]

    def mapping(self) -> dict[str, str]:
        """From every field of ours to its header, "=text", or "" for none; of a valid form."""
        mapping = {field: str(self.cleaned_data[field]) for field in FIELD_LABELS}
        mapping["kind"] = mapping["kind"] or EVERY_ROW_A_CHARGE
        if self.cleaned_data["account_for_all"]:
            mapping["account"] = "=" + self.cleaned_data["account_for_all"]
        return mapping

    def clean_zone(self) -> str:
        return known_zone(self.cleaned_data["zone"])

    def clean_account_for_all(self) -> str:
        return without_a_secret(self.cleaned_data["account_for_all"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for field in REQUIRED:
            given = cleaned.get(field) or (field == "account" and cleaned.get("account_for_all"))
            if field in cleaned and not given:
                self.add_error(field, _("The desk needs this one: choose its column."))
        if cleaned.get("account") and cleaned.get("account_for_all"):
            self.add_error("account_for_all", _("Choose a column or name one account, not both."))
        return cleaned


class SourceForm(MaskedWhenRefused):
    """What an admin may change of a ledger."""

    name = forms.CharField(label=_("Name"), help_text=_("As people call it."), max_length=120, required=False)
    zone = _zone_field(_("Time zone of times without one"), _("Counts for files from now on."), required=True)
    quota_per_unit = forms.IntegerField(
        label=_("Quota units for one US dollar"),
        help_text=_("500000 in one-api and new-api. It says what amounts in the currency quota are worth."),
        min_value=1,
        max_value=2_000_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    probe_payers = forms.CharField(
        label=_("Payers of our own probes"),
        help_text=_(
            "One a line: the name of the token, the masked key or the account that pays for the desk's"
            " probes. Their rows never count in a customer's finding."
        ),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )
    forget_mapping = forms.BooleanField(
        label=_("Forget the remembered columns"),
        help_text=_("The next file is guessed anew."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["probe_payers"].wide = True  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return without_a_secret(self.cleaned_data["name"])

    def clean_zone(self) -> str:
        return known_zone(self.cleaned_data["zone"])

    def clean_probe_payers(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["probe_payers"].splitlines()]
        payers = list(dict.fromkeys(filter(None, lines)))
        if len(payers) > MOST_PAYERS:
            raise ValidationError(_("At most %(most)d payers."), params={"most": MOST_PAYERS})
        if any(len(payer) > 200 for payer in payers):
            raise ValidationError(_("A payer has at most 200 characters."))
        return payers


def known_zone(name: str) -> str:
    """Raises ValidationError for a name that is in no time zone database."""
    if name and name not in available_timezones():
        raise ValidationError(
            _("%(zone)s is not a time zone. Write it as Asia/Shanghai or UTC."),
            params={"zone": current_redactor().redact(name).text},
        )
    return name


def without_a_secret(text: str) -> str:
    """Raises ValidationError for what the desk would have to mask."""
    if current_redactor().redact(text).text != text:
        raise ValidationError(_("This contains what looks like a secret or personal data. Leave it out."))
    return text


def _zone_of(cleaned: Mapping[str, Any]) -> tzinfo:
    """The zone of the span: as declared, else of the ledger."""
    ledger = LedgerSource.objects.filter(slug=cleaned.get("source") or "").first()
    name = cleaned["zone"] or (ledger.zone if ledger else ZONES[0])
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()


def _values_for_all(field: str, place: str) -> list[tuple[str, Any]]:
    values = {"currency": _CURRENCIES, "kind": (EVERY_ROW_A_CHARGE,)}.get(field, ())
    places = dict.fromkeys(values)
    if place.startswith("="):
        places[place] = None
    return [(known, _for_all(known[1:])) for known in places]


def _for_all(value: str) -> Any:
    return _("all rows: %(value)s") % {"value": value}
