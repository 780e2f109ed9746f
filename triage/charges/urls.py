"""The addresses of the ledger's pages."""

from django.urls import path

from triage.charges import views

app_name = "charges"
urlpatterns = [
    path("sources/", views.source_list, name="sources"),
]
