"""Django's admin behind the desk's own door: the Admin role and the desk's sign-in page."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from triage.people.access import RoleNeeded, role_of
from triage.people.audit import record
from triage.people.roles import Role


class InTheTrail:
    """What is done in Django's admin is told to the audit trail: names of fields, never what they hold."""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        _tell("admin.added", request, obj)
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        _tell("admin.changed", request, obj, fields=_names(message))
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: "QuerySet[Any]") -> Any:
        for obj in queryset:
            _tell("admin.deleted", request, obj)
        return super().log_deletions(request, queryset)  # type: ignore[misc]


def _tell(action: str, request: HttpRequest, obj: Model, **detail: Any) -> None:
    subject = f"{obj._meta.model_name} {obj.pk}"
    record(action, actor=request.user, subject=subject, at=timezone.now(), detail=detail)


def _names(message: Any) -> list[str]:
    """The fields in Django's account of a change: [{"changed": {"fields": [...]}}, {"added": {...}}]."""
    parts = [part for entry in message if isinstance(entry, dict) for part in entry.values()]
    return sorted({str(name) for part in parts for name in part.get("fields", [part.get("name", "")])})


class DeskAdmin(AdminSite):
    site_header = _("Triage desk administration")
    site_title = _("Triage desk")
    index_title = _("Rules, endpoints, keys and people")

    def register(
        self, model_or_iterable: Any, admin_class: "type[admin.ModelAdmin[Any]] | None" = None, **options: Any
    ) -> None:
        base = admin_class or admin.ModelAdmin
        super().register(model_or_iterable, type(base.__name__, (InTheTrail, base), {}), **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return role_of(request.user) is Role.ADMIN

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sends anonymous people to the desk's sign-in; others get the 403 page of a missing role."""
        target = request.GET.get("next") or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(target)
        raise RoleNeeded(Role.ADMIN)
