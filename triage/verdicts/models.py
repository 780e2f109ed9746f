"""What people have made of the shipped playbooks: revisions, each with its reason, source and approver."""

from typing import ClassVar, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _


class Standing(NamedTuple):
    """Differs whenever other words are in force: rows only ever go from draft on, and none is removed.

    So each approval adds to `decided`, whichever revision it replaces, and each withdrawal to `withdrawn`.
    """

    decided: int
    withdrawn: int
    newest: int | None  # the highest id that was ever decided; so that another database is told apart


class PlaybookRevisionQuerySet(models.QuerySet["PlaybookRevision"]):
    def published(self) -> "PlaybookRevisionQuerySet":
        return self.filter(state=PlaybookRevision.State.PUBLISHED)

    def current(self) -> "PlaybookRevisionQuerySet":
        """Those in force and the drafts, with the people who wrote and approved them."""
        states = PlaybookRevision.State
        people = self.select_related("written_by", "approved_by")
        return people.filter(state__in=[states.PUBLISHED, states.DRAFT])

    def standing(self) -> Standing:
        """In one query, cheap enough for every page."""
        states = PlaybookRevision.State
        return Standing(
            **self.aggregate(
                decided=Count("pk", filter=~Q(state=states.DRAFT)),
                withdrawn=Count("pk", filter=Q(state=states.WITHDRAWN)),
                newest=Max("pk", filter=~Q(state=states.DRAFT)),
            )
        )


class PlaybookRevision(models.Model):
    """The words of one class in both languages. The published one replaces what is shipped."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("in force")
        SUPERSEDED = "superseded", _("replaced")
        WITHDRAWN = "withdrawn", _("withdrawn")

    code = models.CharField(_("class"), max_length=60)
    number = models.PositiveIntegerField(_("revision"))  # 1, 2, … within its class
    zh = models.JSONField()  # the fields of playbooks.Words
    en = models.JSONField()
    reason = models.TextField(_("why"))  # masked
    source = models.CharField(_("source"), max_length=500, blank=True)  # a page or thread that says so
    recheck_on = models.DateField(_("to be checked again on"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    objects = PlaybookRevisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["code", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "number"], name="one_playbook_revision_per_number"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state="published"), name="one_playbook_in_force"
            ),
            models.UniqueConstraint(fields=["code"], condition=Q(state="draft"), name="one_playbook_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.code} revision {self.number}"
