"""The addresses of the admins' workshop for redaction rules."""

from django.urls import path

from triage.rules import views

app_name = "rules"
urlpatterns = [
    path("", views.rule_list, name="list"),
    path("new/", views.rule_new, name="new"),
    path("bench/", views.bench, name="bench"),
    path("pattern/", views.check_pattern, name="pattern"),
    path("builtin/<slug:name>/", views.builtin_detail, name="builtin"),
    path("rule/<slug:name>/", views.rule_detail, name="rule"),
    path("rule/<slug:name>/change/", views.rule_change, name="change"),
    path("rule/<slug:name>/switch/", views.rule_switch, name="switch"),
    path("rule/<slug:name>/remove/", views.rule_remove, name="remove"),
    path("drafts/<int:pk>/", views.draft_detail, name="draft"),
    path("drafts/<int:pk>/edit/", views.draft_edit, name="edit"),
    path("drafts/<int:pk>/<slug:step>/", views.draft_step, name="step"),
    path("versions/", views.version_list, name="versions"),
    path("versions/<int:number>/", views.version_detail, name="version"),
    path("versions/<int:number>/restore/", views.version_restore, name="restore"),
    path("trail/", views.trail, name="trail"),
]
