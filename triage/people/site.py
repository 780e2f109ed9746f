"""Django's admin behind the desk's own door: the Admin role and the desk's sign-in page."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from triage.people.access import RoleNeeded, role_of
from triage.people.roles import Role


class DeskAdmin(AdminSite):
    site_header = _("Triage desk administration")
    site_title = _("Triage desk")
    index_title = _("Rules, endpoints, keys and people")

    def has_permission(self, request: HttpRequest) -> bool:
        return role_of(request.user) is Role.ADMIN

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sends anonymous people to the desk's sign-in; others get the 403 page of a missing role."""
        target = request.GET.get("next") or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(target)
        raise RoleNeeded(Role.ADMIN)
