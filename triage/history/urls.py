"""The addresses of the engineers' pages."""

from django.urls import path

from triage.history import baseline_views, compare_views, list_views, replay_views, views

app_name = "history"
urlpatterns = [
    path("", list_views.run_list, name="list"),
    path("views/save/", list_views.view_save, name="view_save"),
    path("views/<int:pk>/", list_views.view_change, name="view_change"),
    path("baselines/", baseline_views.baseline_list, name="baselines"),
    path("baselines/on/", baseline_views.baseline_on, name="baseline_on"),
    path("baselines/<int:pk>/off/", baseline_views.baseline_off, name="baseline_off"),
    path("usual/<slug:slug>/", baseline_views.usual_values, name="usual"),
    path("<int:pk>/", views.run_detail, name="run"),
    path("<int:pk>/har/", views.run_archive, name="archive"),
    path("<int:pk>/replay/", replay_views.run_replay, name="replay"),
    path("<int:pk>/replay/plan/", replay_views.replay_plan, name="replay_plan"),
    path("<int:pk>/replay/run/", replay_views.replay_send, name="replay_send"),
    path("<int:pk>/live/", replay_views.run_live, name="live"),
    path("compare/", compare_views.compare, name="compare"),
    path("<int:pk>/last-good/", compare_views.last_good, name="last_good"),
]
