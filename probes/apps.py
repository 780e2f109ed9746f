"""The app that talks to endpoints."""

from django.apps import AppConfig


class ProbesConfig(AppConfig):
    name = "probes"
