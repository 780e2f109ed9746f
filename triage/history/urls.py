"""The addresses of the engineers' pages."""

from django.urls import path

from triage.history import views

app_name = "history"
urlpatterns = [
    path("", views.run_list, name="list"),
    path("<int:pk>/", views.run_detail, name="run"),
    path("<int:pk>/har/", views.run_archive, name="archive"),
]
