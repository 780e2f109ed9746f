"""The addresses of tickets."""

from django.urls import path

from triage.tickets import views

app_name = "tickets"
urlpatterns = [
    path("", views.ticket_list, name="list"),
    path("tickets/new/", views.ticket_new, name="new"),
    path("tickets/new/details/", views.ticket_details, name="details"),
    path("tickets/<int:pk>/", views.ticket_result, name="result"),
    path("tickets/<int:pk>/live/", views.ticket_live, name="live"),
    path("tickets/<int:pk>/reply/", views.ticket_reply, name="reply"),
    path("try/", views.try_it, name="try_it"),
]
