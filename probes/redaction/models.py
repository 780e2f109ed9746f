"""Redaction rules that admins add to the built-in ones."""

import random
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import connections, models
from django.utils.translation import gettext_lazy as _

from probes.redaction.engine import Redactor
from probes.redaction.rule import Rule, Style, may_span_lines
from probes.redaction.samples import expand
from probes.redaction.search import RuleError, compile_pattern

_LONGEST_PATTERN = 1000  # characters
_STATE = (
    "SELECT count(*), coalesce(sum(hashtextextended(id || ' ' || ctid::text || ' ' || xmin::text, 0)), 0)"
    " FROM {table}"
)


class RedactionRuleQuerySet(models.QuerySet["RedactionRule"]):
    def enabled(self) -> "RedactionRuleQuerySet":
        return self.filter(enabled=True)

    def own_fields(self) -> "models.QuerySet[RedactionRule, list[str]]":
        """The fields that rules in force name: each a list of names, empty ones left out."""
        return self.enabled().exclude(only_in=[]).values_list("only_in", flat=True)

    def state(self) -> tuple[int, int]:
        """(how many, a digest) of all rows: another one after every write, whatever the clock says.

        PostgreSQL gives a row a new place (ctid) under a new transaction (xmin) with each change, that of
        `QuerySet.update` included. The rows themselves stay where they are.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                _STATE.format(table=connections[self.db].ops.quote_name(self.model._meta.db_table))
            )
            count, digest = cursor.fetchone()
        return count, int(digest)


class RedactionRule(models.Model):
    """A pattern in RE2 syntax with the samples that prove it."""

    class Shown(models.TextChoices):
        KEY = Style.KEY.value, _("first and last characters: sk-…a1b2")
        LABEL = Style.LABEL.value, _("name of the kind: [kind]")

    name = models.SlugField(_("name"), max_length=60, unique=True)
    kind = models.CharField(
        _("kind"),
        max_length=60,
        help_text=_("What is masked, in one word: it stands in findings and in the masked text."),
        validators=[RegexValidator(r"\A[a-z][a-z0-9_]*\Z", _("Use small letters, digits and _ only."))],
    )
    pattern = models.TextField(
        _("pattern"),
        max_length=_LONGEST_PATTERN,
        help_text=_(
            "RE2 syntax, without look-around or back-references. The group (?P<secret>…) is masked, or the"
            " whole match; the group (?P<prefix>…) stays readable."
        ),
    )
    shown = models.CharField(_("shown as"), max_length=10, choices=Shown.choices, default=Shown.LABEL)
    only_in = models.JSONField(  # names of fields; empty means everywhere
        _("only in these fields"), default=list, blank=True
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    enabled = models.BooleanField(_("enabled"), default=True)
    positive_samples = models.TextField(
        _("texts that must be masked"), help_text=_("One a line, made up: never a real secret.")
    )
    negative_samples = models.TextField(_("texts that must stay as they are"), help_text=_("One a line."))
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("changed by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = RedactionRuleQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("redaction rule")
        verbose_name_plural = _("redaction rules")

    def __str__(self) -> str:
        return self.name

    def as_rule(self) -> Rule:
        """The rule as the engine knows it."""
        return Rule(
            name=self.name,
            kind=self.kind,
            pattern=self.pattern,
            style=Style(self.shown),
            spans_lines=may_span_lines(self.pattern),
        )

    def clean(self) -> None:
        """The pattern compiles, and every sample behaves as its field says."""
        try:
            alone = Redactor([self.as_rule()], shapes_only=True)
            compiled = compile_pattern(self.pattern)
        except RuleError as error:
            raise ValidationError({"pattern": _pattern_message(self.pattern, str(error))}) from error
        if compiled.search("") is not None:
            raise ValidationError(
                {"pattern": _("The pattern matches an empty text, so it would match everywhere.")}
            )
        errors = {
            "positive_samples": _wrong_samples(self.positive_samples, alone, expected=True),
            "negative_samples": _wrong_samples(self.negative_samples, alone, expected=False),
        }
        if any(errors.values()):
            raise ValidationError({field: found for field, found in errors.items() if found})


def _wrong_samples(samples: str, redactor: Redactor, *, expected: bool) -> list[ValidationError]:
    """One message for each sample line that is not masked, or is, against what its field says."""
    if not samples.strip():
        return [ValidationError(_("Give at least one sample."))]
    message = (
        _("Line %(line)d is not masked by the pattern.")
        if expected
        else _("Line %(line)d is masked by the pattern.")
    )
    return [
        ValidationError(message, params={"line": number})
        for number, sample in enumerate(samples.splitlines(), start=1)
        if sample.strip() and bool(redactor.find(expand(sample, random.Random(number)))) is not expected  # noqa: S311
    ]


def _pattern_message(pattern: str, reason: str) -> ValidationError:
    """What RE2 said, and what to do about the two things that it leaves out on purpose."""
    if "(?=" in pattern or "(?!" in pattern or "(?<=" in pattern or "(?<!" in pattern:
        return ValidationError(
            _(
                "RE2 has no look-around: match the surroundings too and put the secret into (?P<secret>…)."
                " (%(reason)s)"
            ),
            params={"reason": reason},
        )
    return ValidationError(_("The pattern does not compile: %(reason)s"), params={"reason": reason})


class Catch(models.Model):
    """How often something was masked on one day: counts only, never what it was."""

    day = models.DateField(_("day"))
    channel = models.CharField(_("channel"), max_length=20)  # form, api, import, endpoint, file, workshop
    field = models.CharField(_("field"), max_length=60)
    kind = models.CharField(_("kind"), max_length=60)
    rule = models.CharField(_("rule"), max_length=60)
    count = models.PositiveIntegerField(_("count"), default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "channel", "field", "kind", "rule"], name="catch_once_a_day_and_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.channel} {self.kind}: {self.count}"
