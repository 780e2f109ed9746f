"""Puts the desk's own admin site in the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    default_site = "triage.people.site.DeskAdmin"
