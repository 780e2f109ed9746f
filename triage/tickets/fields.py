"""The kinds of field that the ticket form is made of: a label, where to find it, what must not be pasted."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from triage.verdicts.case import Tri

TRI_CHOICES = [(Tri.UNKNOWN, _("Unknown")), (Tri.YES, _("Yes")), (Tri.NO, _("No"))]


# A watched choice that changes sends the form, without its long texts, to have the details asked anew.
_ASK_AGAIN = {
    "hx-post": reverse_lazy("tickets:details"),
    "hx-target": "#details",
    "hx-swap": "outerHTML",
    "hx-params": "not error_text,notes",
}


def _described(field: forms.Field, *, never: Any = "", wide: bool = False) -> forms.Field:
    """`never` says what must not be pasted; a `wide` field takes a row of its own."""
    field.never, field.wide = never, wide  # type: ignore[attr-defined]
    return field


def line(
    label: Any, help_text: Any, *, longest: int, never: Any = "", example: Any = "", wide: bool = False
) -> forms.Field:
    """One line of text. `longest` leaves room in the column for what masking adds.

    The page has no maxlength: a browser would cut a long paste without a word.
    """
    field = forms.CharField(
        label=label,
        help_text=help_text,
        validators=[
            MaxLengthValidator(
                longest, _("Shorten this to %(limit_value)d characters; it has %(show_value)d.")
            )
        ],
        required=False,
        widget=forms.TextInput(attrs={"placeholder": example, "autocomplete": "off", "spellcheck": "false"}),
    )
    return _described(field, never=never, wide=wide)


def text(label: Any, help_text: Any, *, longest: int, never: Any = "", example: Any = "") -> forms.Field:
    field = forms.CharField(
        label=label,
        help_text=help_text,
        validators=[
            MaxLengthValidator(
                longest,
                _("Keep the beginning and the end: %(limit_value)d characters fit, this has %(show_value)d."),
            )
        ],
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": example, "spellcheck": "false"}),
    )
    return _described(field, never=never, wide=True)


def pasted(label: Any, help_text: Any, *, never: Any) -> forms.Field:
    """The box that takes anything; what is too long is said when it is read."""
    field = forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "false", "autocomplete": "off"}),
    )
    return _described(field, never=never, wide=True)


def whole(label: Any, help_text: Any, *, lowest: int, highest: int) -> forms.Field:
    wrong = format_lazy(
        _("Enter a whole number from {lowest} to {highest}, or leave it empty."),
        lowest=lowest,
        highest=highest,
    )
    field = forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        validators=[MinValueValidator(lowest, wrong), MaxValueValidator(highest, wrong)],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": wrong},
    )
    return _described(field)


def seconds(label: Any, help_text: Any) -> forms.Field:
    wrong = _("Enter seconds as a number from 0 to 86400, such as 59.8, or leave it empty.")
    field = forms.FloatField(
        label=label,
        help_text=help_text,
        required=False,
        validators=[MinValueValidator(0, wrong), MaxValueValidator(86400, wrong)],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": wrong},
    )
    return _described(field)


def tri(label: Any, help_text: Any) -> forms.Field:
    """Yes, no or unknown; leaving it alone says unknown."""
    field = forms.ChoiceField(
        label=label,
        help_text=help_text,
        choices=TRI_CHOICES,
        initial=Tri.UNKNOWN,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose yes, no or unknown.")},
    )
    return _described(field)


def choice(
    label: Any, help_text: Any, *, choices: Any = (), initial: str = "", watched: bool = False
) -> forms.Field:
    """One of a list. A `watched` choice decides which further questions are asked."""
    field = forms.ChoiceField(
        label=label,
        help_text=help_text,
        choices=choices,
        initial=initial,
        required=False,
        widget=forms.Select(attrs=_ASK_AGAIN if watched else {}),
        error_messages={"invalid_choice": _("Choose one of the list.")},
    )
    return _described(field)
