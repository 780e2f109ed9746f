"""`manage.py probe`: one run in this process, its facts, and the verdict of the facts alone."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import override

from probes.endpoints.models import Endpoint
from probes.net.exchange import exchange
from probes.runs.actions.create_run import create_run, terms_of
from probes.runs.actions.perform_run import perform_run
from probes.runs.actions.release_run import release_run
from probes.runs.kinds import KINDS, parse_wishes
from probes.runs.lending import why_broken_off
from probes.runs.models import DESK_STOPPED, Run
from probes.runs.plan import NothingToProbe, Plan, Terms, plan_steps, worst_case_of
from triage.history.handover import archive_of, commands_of
from triage.management.fact_table import fact_table
from triage.management.jsonl import to_line
from triage.management.live import LiveProbe
from triage.management.typed import refuse_credentials
from triage.tickets.stages import refusal_of
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.refusals import NOT_PROBED
from triage.verdicts.actions.playbooks_in_force import playbooks_in_force
from triage.verdicts.case import Case, Intake, Verdict
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_as_dict, verdict_line
from triage.verdicts.playbooks import words_for

_LONGEST_MODEL = 200  # what the column of a run holds
_BAD_USAGE = 2


class Command(BaseCommand):
    help = "Probe a registered endpoint once and judge what was seen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--endpoint", required=True, metavar="SLUG")
        parser.add_argument("--model", default="")
        parser.add_argument("--protocol", default="")
        parser.add_argument(
            "--steps",
            default="control,stream",
            help=f"in this order: {', '.join(KINDS)}; repeat:3, route:SLUG and model:NAME say more",
        )
        parser.add_argument("--task-id", default="", help="for the step status")
        parser.add_argument("--plan", action="store_true", help="show the steps and their cost; send nothing")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--har", metavar="FILE", type=Path, help="write an HTTP archive, without the key")
        parser.add_argument("--commands", action="store_true", help="show each request as curl and Python")
        parser.add_argument(
            "--live",
            action="store_true",
            default=sys.stderr.isatty(),
            help="draw the requests on stderr as they happen; a terminal gets this unasked",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_credentials(options)
        with override("en"):
            endpoint = _endpoint(options)
            terms = terms_of(endpoint, protocol=options["protocol"])
            plan = _plan(terms, options)
            if options["plan"]:
                self.stdout.write(_planned(terms, plan, as_json=options["json"]))
            else:
                self._probe(endpoint, plan, options)

    def _probe(self, endpoint: Endpoint, plan: Plan, options: dict[str, Any]) -> None:
        _check_writable(options["har"])
        run = _perform(endpoint, plan, live=options["live"])
        if options["har"]:
            options["har"].write_text(to_line(archive_of(run)) + "\n")
        if run.state == Run.State.REFUSED:
            raise CommandError(f"not probed: {run.refusal}: {refusal_of(run)}")
        self.stdout.write(_as_json(run, options) if options["json"] else _in_words(run, options))


def _endpoint(options: dict[str, Any]) -> Endpoint:
    endpoint = Endpoint.objects.filter(slug=options["endpoint"]).first()
    if endpoint is None:
        raise CommandError(
            f'there is no endpoint "{options["endpoint"]}"; `manage.py endpoints list` shows those registered'
        )
    if options["protocol"] and options["protocol"] not in endpoint.protocols:
        raise CommandError(
            f"{endpoint.slug} offers {', '.join(endpoint.protocols)}, not {options['protocol']}"
        )
    if len(options["model"]) > _LONGEST_MODEL:
        raise CommandError(f"--model is longer than {_LONGEST_MODEL} characters", returncode=_BAD_USAGE)
    return endpoint


def _plan(terms: Terms, options: dict[str, Any]) -> Plan:
    try:
        wishes = parse_wishes(options["steps"])
        return plan_steps(terms, wishes, model=options["model"], task_id=options["task_id"])
    except ValueError as error:
        raise CommandError(f"--steps: {error}", returncode=_BAD_USAGE) from error
    except NothingToProbe as nothing:
        raise CommandError(in_words(NOT_PROBED, nothing.code)) from nothing


def _check_writable(archive: Path | None) -> None:
    """Before anything is sent, for what was sent cannot be had again for nothing."""
    if archive is None:
        return
    try:
        archive.open("a").close()
    except OSError as error:
        raise CommandError(f"--har: {error.strerror}: {archive}") from error


def _perform(endpoint: Endpoint, plan: Plan, *, live: bool) -> Run:
    run = create_run(
        endpoint=endpoint, plan=plan, requested_by=None, now=timezone.now(), purpose=Run.Purpose.BY_HAND
    )
    try:
        perform_run(run.pk, clock=timezone.now, send=LiveProbe(sys.stderr).send if live else exchange)
    except KeyboardInterrupt:  # what was being sent is possibly billed: its end must not wait for a sweep
        release_run(
            Run.objects.filter(pk=run.pk, state=Run.State.RUNNING), now=timezone.now(), why=DESK_STOPPED
        )
        raise
    return Run.objects.select_related("endpoint").get(pk=run.pk)


def _planned(terms: Terms, plan: Plan, *, as_json: bool) -> str:
    if as_json:
        return to_line(plan.as_dict())
    lines = [
        f"{step.kind:<10} {step.model or '-':<30} at most {worst_case_of(terms, step).normalize():f}"
        f" {plan.currency}"
        for step in plan.steps
    ]
    return "\n".join((*lines, f"in all, at most {plan.worst_case.normalize():f} {plan.currency}"))


def _verdict(run: Run) -> Verdict:
    attempts = tuple(attempt.read_facts() for attempt in run.attempts.all())
    intake = Intake(model=run.model)
    return classify(
        Case(intake=intake, attempts=attempts, not_probed=why_broken_off(run), now=timezone.now())
    )


def _as_json(run: Run, options: dict[str, Any]) -> str:
    result: dict[str, Any] = {
        "run": run.pk,
        "endpoint": run.endpoint.slug,
        "attempts": [attempt.read_facts().as_dict() for attempt in run.attempts.all()],
        "verdict": verdict_as_dict(_verdict(run)),
    }
    if options["commands"]:
        result["commands"] = commands_of(run)
    return to_line(result)


def _in_words(run: Run, options: dict[str, Any]) -> str:
    verdict = _verdict(run)
    words = words_for(verdict, "en", playbooks=playbooks_in_force())
    parts = [
        fact_table([attempt.read_facts() for attempt in run.attempts.all()]),
        f"{words.title}\n{words.happened}\nNext: {words.next_action}\nDo not: {words.do_not}",
        f"verdict: {verdict_line(verdict_as_dict(verdict))}",
    ]
    if options["commands"]:
        parts.append(_commands_in_words(run))
    return "\n\n".join(parts)


def _commands_in_words(run: Run) -> str:
    """Every request to paste, the key to be put into PROBE_KEY; each costs what a probe costs."""
    return "\n\n".join(f"# {found.step}\n{found.curl}\n\n{found.python}" for found in commands_of(run))
