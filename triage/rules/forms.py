"""The form of a draft: what is masked, where, how, and the samples that prove it."""

import re
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from probes.redaction.engine import builtin_redactor, render
from probes.redaction.models import RedactionRule
from probes.redaction.normalise import storable
from probes.redaction.rule import Rank
from probes.redaction.search import CONTEXT_RANK, CheckFailed, Hit, compile_pattern
from triage.rules.content import COLUMNS, FIELDS, unsaved_rule
from triage.rules.listing import builtin_rule
from triage.rules.patterns import Problem, problem_of
from triage.tickets.wording.masked import finding_kind

_SAMPLES = ("positive_samples", "negative_samples")
_PER_RANK = 10_000  # of search.py
_LONGEST_SLOT = 99
LONGEST_SAMPLES = 20_000  # characters
_SLOT = re.compile(r"<(?:uuid|[A-Za-z0-9]{1,3}:?\d+)>")  # of samples.py
_CHECKED_AT_ONCE = {
    "hx-post": reverse_lazy("rules:pattern"),
    "hx-trigger": "input changed delay:500ms",
    "hx-target": "#pattern-problem",
    "hx-swap": "outerHTML",
    "hx-params": "pattern,csrfmiddlewaretoken",
}


def _samples(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_SAMPLES,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}),
    )


class DraftForm(forms.Form):
    """Valid only when the pattern compiles and every sample behaves as its field says."""

    rule_name = forms.SlugField(
        label=_("Name of the rule"),
        help_text=_(
            "Small letters, digits and -, such as acme-token. It stands in the list and in findings."
        ),
        max_length=60,
        validators=[RegexValidator(r"\A[a-z0-9][a-z0-9-]*\Z", _("Use small letters, digits and - only."))],
    )
    kind = forms.CharField(
        label=_("What it masks"),
        help_text=_(
            "In one word, with _ between its parts: it stands in the masked text, such as [acme_token]."
        ),
        max_length=60,
        validators=[RegexValidator(r"\A[a-z][a-z0-9_]*\Z", _("Use small letters, digits and _ only."))],
    )
    pattern = forms.CharField(
        label=_("Replace what matches this pattern"),
        help_text=_(
            "RE2 syntax, without look-around or back-references. The group (?P<secret>…) is masked, or the"
            " whole match; the group (?P<prefix>…) stays readable."
        ),
        max_length=1000,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off", **_CHECKED_AT_ONCE}
        ),
    )
    only_in = forms.MultipleChoiceField(
        label=_("in these fields"),
        help_text=_("None chosen: everywhere, also in what endpoints send back."),
        choices=list(FIELDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    shown = forms.ChoiceField(
        label=_("with"),
        help_text=_("Of a short value nothing is ever shown."),
        choices=RedactionRule.Shown.choices,
        initial=RedactionRule.Shown.LABEL,
        widget=forms.RadioSelect,
    )
    positive_samples = _samples(
        _("Texts that must be masked"),
        _(
            "One a line, made up: they are stored as they are. <an24> stands for 24 letters and digits made"
            " anew at each check; <hex32>, <d8> and <AL4> do likewise."
        ),
    )
    negative_samples = _samples(
        _("Texts that must stay as they are"),
        _("One a line: what looks like it and is harmless, such as ids that support needs."),
    )
    order = forms.IntegerField(
        label=_("Order"),
        help_text=_("Of two rules that match the same place, the one with the smaller number names it."),
        initial=100,
        min_value=0,
        max_value=9999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    enabled = forms.BooleanField(
        label=_("In force once published"), help_text="", required=False, initial=True
    )
    note = forms.CharField(
        label=_("Why this change"),
        help_text=_("For the second admin and for whoever reads the history. Masked before it is stored."),
        max_length=250,
        required=False,
    )

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        """`name` is that of a rule whose draft this is; without one, the form asks for it."""
        super().__init__(*args, **kwargs)
        self.name, self.problem = name, None
        if name:
            del self.fields["rule_name"]
        for wide in ("pattern", "only_in", "shown", "positive_samples", "negative_samples", "note"):
            self.fields[wide].wide = True  # type: ignore[attr-defined]

    problem: Problem | None

    def content(self) -> dict[str, Any]:
        """What a valid form says, as a draft keeps it."""
        return {column: self.cleaned_data[column] for column in COLUMNS}

    def clean_rule_name(self) -> str:
        name = _without_a_secret(self.cleaned_data["rule_name"])
        if RedactionRule.objects.filter(name=name).exists() or builtin_rule(name):
            raise ValidationError(_("A rule of this name exists. Change that one, or take another name."))
        return name

    def clean_kind(self) -> str:
        return _without_a_secret(self.cleaned_data["kind"])

    def clean_pattern(self) -> str:
        pattern = _without_a_secret(_plain(self.cleaned_data["pattern"].strip("\r\n")))
        self.problem = problem_of(pattern)
        if self.problem:
            _refuse_pattern(pattern)
        return pattern

    def clean_positive_samples(self) -> str:
        return _lines(self.cleaned_data["positive_samples"])

    def clean_negative_samples(self) -> str:
        return _lines(self.cleaned_data["negative_samples"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "pattern" in cleaned:
            self._refuse_secrets(cleaned)
        if not self.errors:
            try:
                unsaved_rule(self.name or cleaned["rule_name"], self.content()).clean()
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned

    def _refuse_secrets(self, cleaned: dict[str, Any]) -> None:
        """Samples are stored as they are, so none may be a secret that the built-in rules know."""
        for field in _SAMPLES:
            for number, line in enumerate(cleaned.get(field, "").split("\n"), start=1):
                spans = _spans(cleaned["pattern"], line)
                if found := next((hit for hit in _hits(line) if _is_real(line, hit, spans)), None):
                    self.add_error(field, _masked_already(number, found.kind))

    def hide_secrets(self) -> None:
        """Before a refused form is drawn again: a secret is not sent back, and all else stays as typed."""
        data = cast(QueryDict, self.data).copy()
        for name in set(self.fields) & set(data):
            data.setlist(name, [self._without_secrets(name, value) for value in data.getlist(name)])
        self.data = data

    def _without_secrets(self, name: str, value: str) -> str:
        if name in _SAMPLES:
            return "\n".join(map(self._made_up, _lines_of(value)))
        if name == "note":
            return builtin_redactor().redact(value).text
        try:
            return render(
                value, [hit for hit in builtin_redactor().find(value) if hit.rank < CONTEXT_RANK]
            ).text
        except CheckFailed:
            return ""

    def _made_up(self, line: str) -> str:
        """A sample with slots in the places of real secrets."""
        meant = _spans(self.cleaned_data["pattern"], line) if "pattern" in self.cleaned_data else []
        try:
            real = [hit for hit in builtin_redactor().find(line) if _is_real(line, hit, meant)]
        except CheckFailed:
            return ""
        return render(line, [hit._replace(shown=_slot_for(hit)) for hit in real]).text


def _refuse_pattern(pattern: str) -> None:
    """In the words of the rule itself, which knows what to say of look-around."""
    try:
        RedactionRule(name="draft", pattern=pattern).clean()
    except ValidationError as error:
        raise ValidationError(error.error_dict["pattern"]) from error


def _lines(samples: str) -> str:
    return "\n".join(_lines_of(_plain(samples)))


def _lines_of(samples: str) -> list[str]:
    return samples.replace("\r\n", "\n").strip("\n").split("\n")


def _spans(pattern: str, line: str) -> list[tuple[int, int]]:
    """What a rule of this pattern would match."""
    return [found.span() for found in compile_pattern(pattern).finditer(line)]


def _slot_for(hit: Hit) -> str:
    """What a sample may hold in a secret's place: its vendor's prefix, and a part that is made anew.

    For personal data, which has no random part, its kind.
    """
    if hit.rank // _PER_RANK == Rank.PERSONAL.value:
        return hit.shown
    prefix = hit.shown.partition("…")[0] if "…" in hit.shown else ""
    return f"{prefix}<an{min(max(hit.end - hit.start - len(prefix), 1), _LONGEST_SLOT)}>"


def _is_real(line: str, hit: Hit, meant: list[tuple[int, int]]) -> bool:
    """Whether a hit of the built-in rules may be a real secret.

    What is only named as one, or only looks random, is the made-up value of a sample if the rule means it.
    """
    if _SLOT.search(line[hit.start : hit.end]):
        return False
    by_shape = hit.rank // _PER_RANK in (Rank.LITERAL.value, Rank.SHAPE.value, Rank.PERSONAL.value)
    return by_shape or not any(start < hit.end and hit.start < end for start, end in meant)


def _masked_already(number: int, kind: str) -> ValidationError:
    return ValidationError(
        _(
            "Line %(line)d held what looks like a real secret (%(kind)s). A sample is stored as it is, so the"
            " secret was taken out; everything else is as you typed it. <an24> in its place stands for 24"
            " made-up letters and digits, new at each check: look at the line and save again. If the secret"
            " was live, have it revoked."
        ),
        params={"line": number, "kind": finding_kind(kind)},
    )


def _hits(text: str) -> list[Hit]:
    try:
        return builtin_redactor().find(text)
    except CheckFailed as error:
        raise ValidationError(_("This could not be checked for secrets, so it is not taken.")) from error


def _without_a_secret(text: str) -> str:
    """Raises ValidationError for a text that contains the shape of a known key or of personal data."""
    if any(hit.rank < CONTEXT_RANK for hit in _hits(text)):
        raise ValidationError(_("This contains what looks like a real secret. Write a pattern, not a key."))
    return text


def _plain(text: str) -> str:
    """Raises ValidationError for characters that no database takes."""
    if storable(text) != text:
        raise ValidationError(_("This contains NUL or half a character, which cannot be stored."))
    return text
