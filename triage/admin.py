"""Every room's pages in Django's admin, gathered where Django looks for them."""

import probes.endpoints.admin
import probes.runs.admin  # noqa: F401
import triage.charges.admin
import triage.people.admin
import triage.rules.admin  # noqa: F401
