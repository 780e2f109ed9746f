"""What the desk keeps about people beside Django's own users: role, language, theme, and what they did."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from triage.people.roles import Role

ROLE_LABELS = {Role.SUPPORT: _("Support"), Role.ENGINEER: _("Engineer"), Role.ADMIN: _("Admin")}


class Theme(models.TextChoices):
    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Member(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="member"
    )
    role = models.CharField(_("role"), max_length=16, choices=list(ROLE_LABELS.items()), default=Role.SUPPORT)
    language = models.CharField(
        _("language"), max_length=16, choices=settings.LANGUAGES, blank=True, default=""
    )
    theme = models.CharField(_("theme"), max_length=8, choices=Theme.choices, default=Theme.AUTO)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class AuditEntry(models.Model):
    """Who did what: only ever added to, each row sealed to the one before it."""

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)  # a code: "rule.published"
    subject = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class SavedView(models.Model):
    """Filters of a page under a name, for oneself or for all who may see the page."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40)  # the page's name: "charges:findings"
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=2000)  # of the address, masked
    is_shared = models.BooleanField(_("shared"), default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="one_saved_view_per_name"),
        ]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
