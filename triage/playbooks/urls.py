"""The addresses of the pages for the people who write the words."""

from django.urls import path

from triage.playbooks import edit_views, views

app_name = "playbooks"
urlpatterns = [
    path("", views.playbook_list, name="list"),
    path("<str:code>/", views.playbook_detail, name="playbook"),
    path("<str:code>/edit/", edit_views.playbook_edit, name="edit"),
    path("<str:code>/confirm/", views.playbook_confirm, name="confirm"),
    path("<str:code>/withdraw/", views.playbook_withdraw, name="withdraw"),
    path("<str:code>/draft/approve/", views.draft_approve, name="approve"),
    path("<str:code>/draft/give-up/", views.draft_give_up, name="give_up"),
    path("<str:code>/<int:number>/", views.revision_detail, name="revision"),
]
