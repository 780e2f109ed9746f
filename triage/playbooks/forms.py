"""The form of a draft: every text in both languages, why it changes, and when to check it again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from probes.redaction.normalise import storable
from triage.playbooks.actions import refusals
from triage.playbooks.actions.decide import refuse_bad_date
from triage.playbooks.actions.refusals import RevisionRefused
from triage.playbooks.checks import problems_of
from triage.playbooks.standing import Playbook
from triage.playbooks.wording import GROUPS, LANGUAGE_NAMES, PROBLEMS, REFUSALS, TEXTS
from triage.tickets.redactors import field_redactors
from triage.verdicts.playbooks import LANGUAGES, Words

USUAL_RECHECK = timedelta(days=182)
_LONGEST = 2000  # characters of one text
_SHORT = ("title", "help_title")


@dataclass(frozen=True, slots=True)
class Row:
    """One text in both languages, side by side."""

    label: Any
    fields: list[tuple[str, BoundField]]  # (language tag, field)


@dataclass(frozen=True, slots=True)
class Group:
    anchor: str
    label: Any
    hint: Any
    rows: list[Row]


class DraftForm(forms.Form):
    """Valid only when both languages keep all rules of checks.py and nothing typed looks like a secret."""

    reason = forms.CharField(
        label=_("Why this change"),
        help_text=_("For the second person and for whoever reads the history."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    source = forms.CharField(
        label=_("Source"),
        help_text=_("A page, thread or ticket that says so."),
        max_length=500,
    )
    recheck_on = forms.DateField(
        label=_("To be checked again on"),
        help_text=_("From that day on the playbook is shown as overdue."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, code: str, words: Playbook, **kwargs: Any) -> None:
        """`words` are those that the form begins with."""
        super().__init__(*args, **kwargs)
        self.code, self._begun_with = code, words
        for language in LANGUAGES:
            for text in fields(Words):
                begun = getattr(words[language], text.name)
                self.fields[f"{language}_{text.name}"] = _text_field(language, text.name, begun)
        self.initial.setdefault("recheck_on", timezone.localdate() + USUAL_RECHECK)

    def groups(self) -> Iterator[Group]:
        """The texts as the page shows them."""
        for anchor, label, hint, names in GROUPS:
            yield Group(anchor, label, hint, [self._row(name) for name in names])

    def _row(self, name: str) -> Row:
        return Row(
            TEXTS[name], [(LANGUAGE_NAMES[language][0], self[f"{language}_{name}"]) for language in LANGUAGES]
        )

    def words(self) -> dict[str, Words]:
        """What a valid form says, by language."""
        return _words_in(self.cleaned_data)

    def typed_words(self) -> dict[str, Words]:
        """What was typed, valid or not."""
        return _words_in({name: self[name].value() or "" for name in self.fields})

    def clean_recheck_on(self) -> date:
        chosen = cast(date, self.cleaned_data["recheck_on"])
        try:
            refuse_bad_date(chosen, timezone.localdate())
        except RevisionRefused:
            raise ValidationError(REFUSALS[refusals.BAD_DATE]) from None
        return chosen

    def clean(self) -> dict[str, Any]:
        """Whatever the texts break is told at once, several faults of one text as well."""
        cleaned = super().clean() or {}
        unreadable = set(self.errors)  # as fields; rules of a text that is not there say nothing
        self._mask()
        texts = {name: str(self.data.get(name, "")) for name in self.fields}
        for problem in problems_of(self.code, _words_in(texts)):
            name = f"{problem.language}_{problem.name}"
            if name not in unreadable:
                self.add_error(name, _said(problem.code, problem.detail))
        return cleaned

    def _mask(self) -> None:
        """Refuse each field that holds what looks like a secret, and show it masked: it is not sent back.

        Also where the field is refused for something else: the form shows it again all the same.
        """
        redactor = field_redactors().redactor
        data, masked = cast(QueryDict, self.data).copy(), []
        for name in self.fields:
            value = str(data.get(name, ""))
            if (clean := redactor.redact(value).text) != value:
                data[name] = clean
                masked.append(name)
        self.data = data
        for name in masked:
            self.add_error(name, _HELD_A_SECRET)


_HELD_A_SECRET = _(
    "This held what looks like a secret or personal data. It is masked now: read it again and save once more."
)


def _said(code: str, detail: str) -> ValidationError:
    return ValidationError(PROBLEMS[code], params={"detail": detail}, code=code)


def _text_field(language: str, name: str, begun: str) -> forms.CharField:
    tag, own_name = LANGUAGE_NAMES[language]
    attrs = {"lang": tag, "spellcheck": "true", "autocomplete": "off"}
    widget = (
        forms.TextInput(attrs) if name in _SHORT else forms.Textarea(attrs | {"rows": 2 + len(begun) // 55})
    )
    return forms.CharField(
        label=f"{TEXTS[name]} ({own_name})",
        initial=begun,
        required=False,  # checks.py says what is missing, in its own words
        max_length=_LONGEST,
        widget=widget,
        validators=[_storable],
    )


def _storable(text: str) -> None:
    if storable(text) != text:
        raise ValidationError(_("This contains NUL or half a character, which cannot be stored."))


def _words_in(values: Mapping[str, Any]) -> dict[str, Words]:
    return {
        language: Words(**{f.name: _one_line(values[f"{language}_{f.name}"]) for f in fields(Words)})
        for language in LANGUAGES
    }


def _one_line(text: str) -> str:
    """Texts are cut into sentences, which a line break would hide."""
    return " ".join(text.split())
