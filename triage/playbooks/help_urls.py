"""The addresses of the public help pages."""

from django.urls import path

from triage.playbooks import help_views

app_name = "help"
urlpatterns = [
    path("", help_views.help_list, name="list"),
    path("template/", help_views.help_template, name="template"),
    path("<str:code>/", help_views.help_page, name="page"),
]
