"""The form in which an engineer says what a verdict should have been."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from probes.redaction.engine import WITHHELD
from triage.tickets.wording.verdicts import OWNERS
from triage.verdicts.case import Owner
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import LANGUAGES, Playbooks, title_of

_LONGEST_REASON = 2000  # characters


class CorrectionForm(forms.Form):
    """`titles` are the classes to choose from, by code; a title in either language is understood as well."""

    code = forms.CharField(
        label=_("The right class"),
        help_text=_("Type a part of its code or name and choose from the list."),
        error_messages={"required": _("Choose the class that it should have been.")},
    )
    owner = forms.ChoiceField(
        label=_("Owner"),
        help_text=_("Whose act comes next."),
        choices=list(OWNERS.items()),
        error_messages={"required": _("Choose an owner."), "invalid_choice": _("Choose one of the list.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("What you saw that the machine did not. It is shown with the verdict and in the report."),
        validators=[
            MaxLengthValidator(
                _LONGEST_REASON, _("Shorten this to %(limit_value)d characters; it has %(show_value)d.")
            )
        ],
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why: the report is of no use without it.")},
    )
    investigation = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, playbooks: Playbooks, **more: Any) -> None:
        super().__init__(data, label_suffix="", **more)
        self._by_title = {
            title_of(code, language, playbooks=playbooks).casefold(): code
            for language in LANGUAGES
            for code in ISSUES
        }
        attrs = {"list": "classes", "autocomplete": "off", "spellcheck": "false", "size": 40}
        self.fields["code"].widget = forms.TextInput(attrs=attrs)

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"]).strip()
        code = typed if typed in ISSUES else self._by_title.get(typed.casefold(), "")
        if not code:
            raise ValidationError(_("There is no class of this name. Choose one from the list."))
        return code

    def clean_owner(self) -> Owner:
        return Owner(self.cleaned_data["owner"])

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"])
        if reason == WITHHELD:
            raise ValidationError(_("This text could not be checked for secrets, so nothing of it is kept."))
        return reason
