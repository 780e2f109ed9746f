"""Every model of the app, gathered where Django looks for them."""

from probes.endpoints.models import Endpoint as Endpoint
from probes.endpoints.models import ProbeKey as ProbeKey
from probes.endpoints.models import Route as Route
from probes.redaction.models import Catch as Catch
from probes.redaction.models import RedactionRule as RedactionRule
from probes.runs.models import Attempt as Attempt
from probes.runs.models import Baseline as Baseline
from probes.runs.models import Halt as Halt
from probes.runs.models import Run as Run
from probes.runs.models import Spend as Spend
