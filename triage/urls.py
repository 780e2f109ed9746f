"""Every address of the desk."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("triage.tickets.urls")),
    path("", include("triage.people.urls")),
    path("history/", include("triage.history.urls")),
    path("insights/", include("triage.insights.urls")),
    path("incidents/", include("triage.incidents.urls")),
    path("charges/", include("triage.charges.urls")),
    path("", include("triage.insights.machine_urls")),
    path("api/v1/", include("triage.charges.connectors.api_urls")),
    path("rules/", include("triage.rules.urls")),
    path("playbooks/", include("triage.playbooks.urls")),
    path("help/", include("triage.playbooks.help_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "triage.people.errors.bad_request"
handler403 = "triage.people.errors.forbidden"
handler404 = "triage.people.errors.not_found"
handler500 = "triage.people.errors.server_error"
