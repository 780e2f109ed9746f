"""`manage.py probe`: one run in this process, its facts, and the verdict of the facts alone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import override

from probes.endpoints.models import Endpoint
from probes.runs.actions.create_run import create_run, terms_of
from probes.runs.actions.perform_run import perform_run
from probes.runs.models import Run
from probes.runs.plan import KINDS, NothingToProbe, Plan, Terms, parse_wishes, plan_steps
from triage.management.jsonl import to_line
from triage.tickets.narration import refusal_of
from triage.tickets.wording import NOT_PROBED, in_words
from triage.verdicts.case import Case, Intake
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_as_dict, verdict_line

_LONGEST_MODEL = 200  # what the column of a run holds


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
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        run = _run(options)
        attempts = tuple(attempt.read_facts() for attempt in run.attempts.all())
        if run.state == Run.State.REFUSED:
            with override("en"):
                raise CommandError(f"not probed: {run.refusal}: {refusal_of(run)}")
        case = Case(
            intake=Intake(model=run.model), attempts=attempts, not_probed=run.refusal, now=timezone.now()
        )
        verdict = verdict_as_dict(classify(case))
        result = {
            "run": run.pk,
            "endpoint": options["endpoint"],
            "attempts": [facts.as_dict() for facts in attempts],
            "verdict": verdict,
        }
        self.stdout.write(to_line(result) if options["json"] else _in_words(result))


def _run(options: dict[str, Any]) -> Run:
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
        raise CommandError(f"--model is longer than {_LONGEST_MODEL} characters")
    plan = _plan(terms_of(endpoint, protocol=options["protocol"]), options)
    run = create_run(endpoint=endpoint, plan=plan, requested_by=None, now=timezone.now())
    perform_run(run.pk, clock=timezone.now)
    return Run.objects.get(pk=run.pk)


def _plan(terms: Terms, options: dict[str, Any]) -> Plan:
    try:
        wishes = parse_wishes(options["steps"])
        return plan_steps(terms, wishes, model=options["model"], task_id=options["task_id"])
    except ValueError as error:
        raise CommandError(f"--steps: {error}") from error
    except NothingToProbe as nothing:
        with override("en"):
            raise CommandError(in_words(NOT_PROBED, nothing.code)) from nothing


def _in_words(result: dict[str, Any]) -> str:
    lines = []
    for facts in result["attempts"]:
        lines.append(f"[{facts.pop('step')}]")
        lines += [f"  {name} = {value}" for name, value in facts.items()]
    lines.append(f"verdict: {verdict_line(result['verdict'])}")
    return "\n".join(lines)
