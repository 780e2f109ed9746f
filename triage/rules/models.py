"""How a redaction rule changes: drafts that a second admin decides on, and the versions they became."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RuleDraft(models.Model):
    """A change of one rule that is not in force yet. `content` of null means to remove the rule."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waiting for a second admin")
        PUBLISHED = "published", _("published")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    rule_name = models.SlugField(_("rule"), max_length=60)
    content = models.JSONField(null=True)  # the columns of a RedactionRule that people write
    based_on = models.PositiveIntegerField(default=0)  # version of the rule it changes; 0 for a new one
    note = models.CharField(_("why"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    dry_run = models.JSONField(null=True)  # what it would change, as of its last dry run
    warnings_confirmed = models.BooleanField(default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"draft {self.pk} of {self.rule_name}"


class RuleVersion(models.Model):
    """The rules as one publication left them: which rule changed, to what, and who was sure of it."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    rule_name = models.SlugField(_("rule"), max_length=60)
    content = models.JSONField(null=True)  # null: removed
    draft = models.OneToOneField(RuleDraft, null=True, on_delete=models.PROTECT, related_name="version")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"version {self.number}: {self.rule_name}"
