"""How much makes an incident: tickets of several customers, or the desk's own probes in a row."""

from collections.abc import Mapping

from django.conf import settings


def told_by_several(counted: Mapping[str, int]) -> bool:
    """Tickets of several customers. A measure of 0 is never filled."""
    told = 0 < settings.INCIDENT_TICKETS <= counted["tickets"]
    return told and counted["accounts"] >= settings.INCIDENT_ACCOUNTS


def met_in_a_row(counted: Mapping[str, int]) -> bool:
    return 0 < settings.INCIDENT_RUNS <= counted["runs"]
