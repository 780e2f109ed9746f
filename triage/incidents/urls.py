"""The addresses of incidents."""

from django.urls import path

from triage.incidents import views

app_name = "incidents"
urlpatterns = [
    path("", views.incident_list, name="list"),
    path("new/", views.incident_new, name="new"),
    path("banner/", views.incidents_of_endpoint, name="of_endpoint"),
    path("<int:pk>/", views.incident_detail, name="detail"),
    path("<int:pk>/note/", views.incident_note, name="note"),
    path("<int:pk>/close/", views.incident_close, name="close"),
]
