"""The addresses of one ledger's connector and tokens, under /charges/sources/<slug>/."""

from django.urls import path

from triage.charges.connectors import views

urlpatterns = [
    path("connector/", views.connector, name="connector"),
    path("connector/state/", views.connector_state, name="connector_state"),
    path("connector/try/", views.connector_try, name="connector_try"),
    path("connector/fetch/", views.connector_fetch, name="connector_fetch"),
    path("connector/restart/", views.connector_restart, name="connector_restart"),
    path("connector/remove/", views.connector_remove, name="connector_remove"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", views.token_revoke, name="token_revoke"),
]
