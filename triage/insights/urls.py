"""The addresses of the pages about what the desk itself sees."""

from django.urls import path

from triage.insights import views

app_name = "insights"
urlpatterns = [
    path("pastes/", views.paste_meter, name="pastes"),
    path("desk/", views.desk_state_page, name="desk"),
    path("verdicts/", views.verdict_report, name="verdicts"),
    path("verdicts.csv", views.verdict_report_csv, name="verdicts_csv"),
]
