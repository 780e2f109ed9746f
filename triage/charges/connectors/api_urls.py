"""The addresses that billing systems push to."""

from django.urls import path

from triage.charges.connectors.api import take_charges

app_name = "ledger_api"
urlpatterns = [path("charges", take_charges, name="charges")]
