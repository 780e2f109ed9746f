"""What the desk keeps about a person beside Django's own user: role, language and theme."""

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
