"""Whether a run may start: kill switch, pause, its key, its budget."""

from django.conf import settings
from django.db import transaction

from probes.endpoints.actions import open_probe_key
from probes.endpoints.vault import VaultError
from probes.runs.budget import OverBudget, reserve_for
from probes.runs.models import Run
from probes.runs.recorder import RunLost


class Refused(Exception):
    """The run may not start; `code` says why, and nothing was sent."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def admit(run: Run) -> str:
    """Open the key and reserve the worst case. Raises Refused or RunLost."""
    if settings.PROBES_STOPPED:
        raise Refused("kill_switch")
    if run.endpoint.paused:
        raise Refused("endpoint_paused")
    try:
        key = open_probe_key(run.endpoint)
        _reserve(run)
    except VaultError as error:
        raise Refused("probe_key_unreadable") from error
    except OverBudget as error:
        raise Refused(error.code) from error
    return key


def _reserve(run: Run) -> None:
    """Set the worst case aside and note it on the run, or neither: what no run knows of is never freed."""
    worst_case = run.read_plan().worst_case
    with transaction.atomic():
        if not run.still_mine().update(reserved=worst_case):
            raise RunLost
        reserve_for(run, worst_case)
    run.reserved = worst_case
