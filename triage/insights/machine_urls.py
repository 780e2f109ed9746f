"""The addresses that monitors ask; none of them knows a person."""

from django.urls import path

from triage.insights import machine_views

app_name = "machines"
urlpatterns = [
    path("healthz", machine_views.healthz, name="healthz"),
    path("readyz", machine_views.readyz, name="readyz"),
    path("metrics", machine_views.metrics, name="metrics"),
]
