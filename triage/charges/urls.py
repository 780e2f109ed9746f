"""The addresses of the ledger's pages."""

from django.urls import include, path

from triage.charges import overview_views, views

app_name = "charges"
urlpatterns = [
    path("", overview_views.findings, name="findings"),
    path("rows/", overview_views.finding_rows, name="finding_rows"),
    path("findings.csv", overview_views.findings_csv, name="findings_csv"),
    path("views/", overview_views.view_save, name="view_save"),
    path("views/<int:pk>/", overview_views.view_change, name="view_change"),
    path("check/", overview_views.check, name="check"),
    path("imports/", views.import_list, name="imports"),
    path("imports/rows/", views.import_rows, name="import_rows"),
    path("imports/new/", views.import_new, name="upload"),
    path("imports/<int:pk>/", views.import_detail, name="import"),
    path("imports/<int:pk>/live/", views.import_live, name="live"),
    path("imports/<int:pk>/columns/", views.import_mapping, name="mapping"),
    path("imports/<int:pk>/commit/", views.import_commit, name="commit"),
    path("imports/<int:pk>/discard/", views.import_discard, name="discard"),
    path("imports/<int:pk>/undo/", views.import_undo, name="undo"),
    path("imports/<int:pk>/rejected.csv", views.import_rejected, name="rejected"),
    path("sources/", views.source_list, name="sources"),
    path("sources/<slug:slug>/", views.source_detail, name="source"),
    path("sources/<slug:slug>/", include("triage.charges.connectors.urls")),
    path("sources/<slug:slug>/edit/", views.source_edit, name="source_edit"),
]
