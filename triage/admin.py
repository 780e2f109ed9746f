"""Every room's pages in Django's admin, gathered where Django looks for them."""

import triage.people.admin  # noqa: F401
