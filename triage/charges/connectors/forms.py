"""The forms of a connector, one for each kind of system, and of a push token."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from probes.endpoints.actions import check_probe_key
from probes.endpoints.validators import check_path, clean_base_url, clean_exceptions
from probes.redaction.actions import current_redactor
from triage.charges.connectors.actions.save_connector import Setup
from triage.charges.connectors.json_endpoint import Paging, TimeForm
from triage.charges.connectors.kinds import DAYS_BACK, JSON, LITELLM, ONE_API, OVERLAP_MINUTES
from triage.charges.connectors.litellm import ACCOUNT_COLUMNS
from triage.charges.connectors.models import LedgerConnector
from triage.charges.connectors.one_api import PATH
from triage.charges.forms import MaskedWhenRefused
from triage.charges.mapping import FIELDS
from triage.charges.normalise import currency_of

_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,59}")
_NEVER_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection", "cookie"})
_PLACE = re.compile(r"[^\s.]+(?:\.[^\s.]+)*")
_PARAMETER = RegexValidator(r"\A[A-Za-z0-9_.\[\]-]{1,60}\Z", _("Only letters, digits, _, ., - and brackets."))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _text(label: Any, help_text: Any, *, required: bool = False, **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, help_text=help_text, required=required, widget=widget, **options)


def _place(label: Any, help_text: Any) -> forms.CharField:
    check = RegexValidator(_PLACE, _("Names with dots between them, such as data.items."))
    return _text(label, help_text, max_length=200, validators=[check])


def _parameter(label: Any, help_text: Any) -> forms.CharField:
    return _text(label, help_text, validators=[_PARAMETER])


def _number(label: Any, help_text: Any, initial: int, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        initial=initial,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class ConnectorForm(MaskedWhenRefused):
    """What all kinds share; a subclass adds the settings of its kind, each named as it is stored."""

    kind = ""
    title: Any = ""
    reads: Any = ""  # what it asks for, in a sentence
    own: tuple[str, ...] = ()  # fields of the kind

    base_url = _text(
        _("Address"),
        _("Of the system itself, without the path of its log, such as https://gateway.example.com."),
        required=True,
        max_length=500,
    )
    allowed_addresses = forms.CharField(
        label=_("Exceptions to the address rules"),
        help_text=_("One host:port a line, such as 10.0.0.5:3000, for a system of your own network or http."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
    )
    token = forms.CharField(
        label=_("Token"),
        help_text=_(
            "Sealed at once and never shown again; empty keeps the present one. It is only ever sent to this"
            " address."
        ),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    enabled = forms.BooleanField(
        label=_("Fetch by itself"), help_text=_("Switched off, it only fetches when asked."), required=False
    )
    every_minutes = _number(_("Every so many minutes"), _("How old the ledger may be."), 15, 1, 1440)
    days_back = _number(_("Days to begin with"), _("How far back the first fetch reads."), DAYS_BACK, 1, 365)
    overlap_minutes = _number(
        _("Minutes to read again"),
        _("Rows that are written late are seen at the next turn, if it reaches back far enough."),
        OVERLAP_MINUTES,
        1,
        240,
    )

    def __init__(self, *args: Any, connector: LedgerConnector | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for wide in ("base_url", "allowed_addresses", "token", "mapping"):
            if wide in self.fields:
                self.fields[wide].wide = True  # type: ignore[attr-defined]
        if connector and connector.kind == self.kind:
            self.initial.update(_initial(connector))

    def clean_token(self) -> str:
        token = str(self.cleaned_data["token"])
        try:
            if token:
                check_probe_key(token)
        except ValueError:
            raise ValidationError(
                _("A token is one line of printable ASCII without spaces, of at least 8 characters.")
            ) from None
        return token

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned["allowed_addresses"] = clean_exceptions(_lines(cleaned.get("allowed_addresses", "")))
        except ValidationError as error:
            self.add_error("allowed_addresses", error)
        self._clean_base_url(cleaned)
        return cleaned

    def _clean_base_url(self, cleaned: dict[str, Any]) -> None:
        if "base_url" not in cleaned or self.has_error("allowed_addresses"):
            return
        try:
            cleaned["base_url"] = clean_base_url(cleaned["base_url"], exceptions=cleaned["allowed_addresses"])
        except ValidationError as error:
            self.add_error("base_url", error)

    def setup(self) -> Setup:
        """What a valid form says."""
        said = self.cleaned_data
        names = (*self.own, "days_back", "overlap_minutes")
        return Setup(
            kind=self.kind,
            base_url=said["base_url"],
            allowed_addresses=said["allowed_addresses"],
            settings={name: said[name] for name in names if said[name] not in ("", {})},
            every_minutes=said["every_minutes"],
            enabled=said["enabled"],
            token=said["token"],
        )

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields as the page shows them, under their titles."""
        return [
            (_("Where"), [self[name] for name in ("base_url", "allowed_addresses", "token")]),
            *([(self.title, [self[name] for name in self.own])] if self.own else []),
            (_("When it fetches"), [self[name] for name in _WHEN]),
        ]


_WHEN = ("enabled", "every_minutes", "days_back", "overlap_minutes")


class OneApiForm(ConnectorForm):
    kind = ONE_API
    title = "one-api / new-api"
    reads = _("The log of all users, with an admin's access token: GET /api/log/.")
    own = ("user_id", "path")

    user_id = _text(
        _("Number of the token's owner"),
        _("new-api wants it beside the token; it stands in the list of users. one-api needs none."),
        validators=[RegexValidator(r"\A[0-9]{1,18}\Z", _("Digits only."))],
    )
    path = _text(
        _("Path of the log"), _("Only where it is another one."), initial=PATH, validators=[check_path]
    )


class LiteLlmForm(ConnectorForm):
    kind = LITELLM
    title = "LiteLLM"
    reads = _("The spend logs, with the master key or an admin's key: GET /spend/logs/v2.")
    own = ("account",)

    account = forms.ChoiceField(
        label=_("Which column names the customer"),
        help_text=_("As tickets name them, so that both can be matched."),
        choices=[("", _("the first that says something")), *((name, name) for name in ACCOUNT_COLUMNS)],
        required=False,
    )


class JsonForm(ConnectorForm):
    kind = JSON
    title = _("JSON endpoint")
    reads = _("Any list of charges as JSON, with places that you name.")
    own = (
        *("path", "rows_at", "mapping", "paging", "page_param", "first_page", "size_param", "size"),
        *("next_at", "total_at", "from_param", "until_param", "time_form", "token_header", "token_prefix"),
    )

    path = _text(
        _("Path of the list"),
        _("Under the address, such as /v1/charges?status=all."),
        required=True,
        max_length=500,
        validators=[check_path],
    )
    rows_at = _place(_("Where the rows stand"), _("Such as data.items. Empty: the answer itself is a list."))
    mapping = forms.CharField(
        label=_("Columns"),
        help_text=_(
            "One a line: charge_id = id, amount = cost.total, currency = =USD for a value that all share."
            " What is left out is guessed."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}),
    )
    paging = forms.ChoiceField(
        label=_("How further pages are asked for"),
        help_text="",
        choices=[
            (Paging.NONE, _("there is one page")),
            (Paging.PAGE, _("by a page number")),
            (Paging.OFFSET, _("by how many rows were seen")),
            (Paging.CURSOR, _("by a cursor that the answer names")),
            (Paging.LINK, _("by an address that the answer names")),
        ],
    )
    page_param = _parameter(_("Parameter of the page"), _("Of the number, the offset or the cursor."))
    first_page = _number(_("First page"), _("Most systems count from 1, some from 0."), 1, 0, 1)
    size_param = _parameter(_("Parameter of the page's size"), _("Empty: it is not sent."))
    size = _number(_("Rows of a page"), _("As many as the system allows."), 100, 1, 1000)
    next_at = _place(
        _("Where the answer names the next page"),
        _("A cursor or an address, such as meta.next. Empty: the Link header."),
    )
    total_at = _place(_("Where the answer names the number of rows"), _("Shows when pages shift while read."))
    from_param = _parameter(_("Parameter of the span's beginning"), _("Empty: the whole list is read."))
    until_param = _parameter(_("Parameter of the span's end"), _("Empty: the whole list is read."))
    time_form = forms.ChoiceField(
        label=_("How times are written"),
        help_text="",
        choices=[
            (TimeForm.ISO, "2026-03-01T09:00:00Z"),
            (TimeForm.EPOCH_S, _("seconds since 1970")),
            (TimeForm.EPOCH_MS, _("milliseconds since 1970")),
        ],
    )
    token_header = _text(_("Header of the token"), _("Where it is not Authorization."), max_length=60)
    token_prefix = _text(
        _("Word before the token"), _("Bearer, or nothing."), initial="Bearer", max_length=20
    )

    def clean_mapping(self) -> dict[str, str]:
        return _mapping_of(_lines(self.cleaned_data["mapping"]))

    def clean_token_header(self) -> str:
        name = str(self.cleaned_data["token_header"])
        if name and (not _HEADER.fullmatch(name) or name.lower() in _NEVER_HEADERS):
            raise ValidationError(_("This is no header that a token may stand in."))
        return name

    def clean_token_prefix(self) -> str:
        prefix = str(self.cleaned_data["token_prefix"])
        if prefix and not prefix.isascii():
            raise ValidationError(_("Only ASCII characters can stand in a header."))
        return prefix

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        asks = cleaned.get("paging") in (Paging.PAGE, Paging.OFFSET, Paging.CURSOR)
        if asks and not cleaned.get("page_param") and not self.has_error("page_param"):
            self.add_error("page_param", _("This way of paging needs its parameter."))
        if cleaned.get("paging") == Paging.CURSOR and not cleaned.get("next_at"):
            self.add_error("next_at", _("Say where the cursor stands."))
        if bool(cleaned.get("from_param")) != bool(cleaned.get("until_param")):
            self.add_error("until_param", _("Name both ends of the span, or neither."))
        return cleaned

    def setup(self) -> Setup:
        """The word before the token is kept even when it is empty: that is not the usual one."""
        setup = super().setup()
        return Setup(
            **{name: getattr(setup, name) for name in Setup.__slots__ if name != "settings"},
            settings={**setup.settings, "token_prefix": self.cleaned_data["token_prefix"]},
        )


def _mapping_of(lines: list[str]) -> dict[str, str]:
    """Lines such as "amount = cost.total". Raises ValidationError for the first that is not."""
    mapping = {}
    for line in lines:
        name, equals, place = (part.strip() for part in line.partition("="))
        is_constant = place.startswith("=")
        if not equals or name not in FIELDS or not (is_constant or _PLACE.fullmatch(place)):
            raise ValidationError(
                _("“%(line)s” is no column. Write one of %(fields)s, then =, then where it stands."),
                params={"line": current_redactor().redact(line).text[:100], "fields": ", ".join(FIELDS)},
            )
        if name == "currency" and is_constant and not currency_of(place[1:]):
            raise ValidationError(
                _("“%(word)s” is no currency."),
                params={"word": current_redactor().redact(place[1:]).text[:20]},
            )
        mapping[name] = place
    return mapping


def _initial(connector: LedgerConnector) -> dict[str, Any]:
    stored: Mapping[str, Any] = connector.settings
    mapping = "\n".join(f"{name} = {place}" for name, place in stored.get("mapping", {}).items())
    return {
        **stored,
        "mapping": mapping,
        "base_url": connector.base_url,
        "allowed_addresses": "\n".join(connector.allowed_addresses),
        "enabled": connector.enabled,
        "every_minutes": connector.every_minutes,
    }


FORMS: Mapping[str, type[ConnectorForm]] = {form.kind: form for form in (OneApiForm, LiteLlmForm, JsonForm)}


class TokenForm(MaskedWhenRefused):
    name = _text(
        _("Name"), _("Of the system that will use it, such as billing-prod."), required=True, max_length=80
    )

    def clean_name(self) -> str:
        """Masked: somebody may paste a token where its name belongs."""
        return current_redactor().redact(str(self.cleaned_data["name"])).text
