"""The addresses of tickets."""

from django.urls import path

from triage.tickets import client_views, correction_views, evidence_views, form_views, further_views, views

app_name = "tickets"
urlpatterns = [
    path("", views.ticket_list, name="list"),
    path("tickets/new/", form_views.ticket_new, name="new"),
    path("tickets/new/paste/", form_views.ticket_paste, name="paste"),
    path("tickets/new/details/", form_views.ticket_details, name="details"),
    path("tickets/new/client/", client_views.client_habits, name="client"),
    path("tickets/new/guard.json", form_views.guard_rules, name="guard_rules"),
    path("tickets/new/guard-counts/", form_views.guard_counts, name="guard_counts"),
    path("tickets/<int:pk>/", views.ticket_result, name="result"),
    path("tickets/<int:pk>/live/", views.ticket_live, name="live"),
    path("tickets/<int:pk>/reply/", views.ticket_reply, name="reply"),
    path("tickets/<int:pk>/verdicts/<int:investigation_id>/", views.ticket_verdict, name="verdict"),
    path("tickets/<int:pk>/correct/", correction_views.ticket_correct, name="correct"),
    path("tickets/<int:pk>/further/", further_views.ticket_further, name="further"),
    path("tickets/<int:pk>/further/plan/", further_views.further_plan, name="further_plan"),
    path("tickets/<int:pk>/further/run/", further_views.further_run, name="further_run"),
    path("tickets/<int:pk>/charges/evidence/", evidence_views.charge_evidence, name="evidence"),
    path("tickets/<int:pk>/charges/evidence.csv", evidence_views.charge_evidence_csv, name="evidence_csv"),
    path("try/", views.try_it, name="try_it"),
]
