"""`manage.py triage FILE.jsonl`: tickets from a file, through the same actions as the worker's."""

import logging
from argparse import ArgumentTypeError
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from probes.redaction.engine import redact_leaves
from probes.runs.connection import let_go
from triage.management.jsonl import BadLine, open_lines, parse_lines, to_line
from triage.tickets.actions.run_investigation import attempts_of, run_investigation
from triage.tickets.actions.submit_ticket import UnknownEndpoint, submit_ticket
from triage.tickets.models import Investigation
from triage.tickets.redactors import field_redactors
from triage.verdicts.codec import verdict_line

log = logging.getLogger(__name__)

MOST_PARALLEL = 100  # each may hold a database connection, of which the embedded PostgreSQL grants 200


class Command(BaseCommand):
    help = "File, probe and judge every ticket of a file; one line out per ticket as it is ready."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", metavar="FILE.jsonl", help="tickets, one JSON object a line; - for stdin"
        )
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--together",
            action="store_true",
            help="the tickets are of now: weigh them with each other and with open incidents",
        )
        parser.add_argument(
            "--parallel", type=_parallel, default=16, help="tickets at the same time (default 16)"
        )

    def handle(self, *args: Any, file: str | None, **options: Any) -> None:
        try:
            with open_lines(file) as lines:
                tickets = list(parse_lines(lines))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        failed = 0
        for outcome in _outcomes(tickets, parallel=options["parallel"], alone=not options["together"]):
            if isinstance(outcome, str):
                failed += 1
                self.stderr.write(outcome)
            else:
                self.stdout.write(to_line(outcome) if options["json"] else _in_words(outcome))
                self.stdout.flush()
        if failed:
            raise CommandError(f"{failed} of {len(tickets)} lines could not be filed; the others were")


def _parallel(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PARALLEL:
        raise ArgumentTypeError(f"a whole number from 1 to {MOST_PARALLEL} is needed")
    return int(text)


def _outcomes(
    tickets: list[tuple[int, dict[str, Any] | BadLine]], *, parallel: int, alone: bool
) -> Iterator[dict[str, Any] | str]:
    pool = ThreadPoolExecutor(max_workers=parallel)
    try:
        waiting: list[Future[dict[str, Any] | str]] = []
        for number, fields in tickets:
            if isinstance(fields, BadLine):
                yield str(fields)
            else:
                waiting.append(pool.submit(_triage, number, fields, alone=alone))
        for future in as_completed(waiting):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)  # Ctrl-C waits for what is under way, not for the whole file


def _triage(number: int, fields: dict[str, Any], *, alone: bool) -> dict[str, Any] | str:
    """The result of one ticket, or what was wrong with its line."""
    try:
        redactors = field_redactors()
        given_id, _found = redact_leaves(fields.get("id"), redactors.redactor)
        ticket = submit_ticket(
            fields_typed={name: value for name, value in fields.items() if name != "id"},
            author=None,
            now=timezone.now(),
            redactor=redactors.redactor,
            own_redactors=redactors.own_redactors,
            channel="file",
            always_probe=True,
            enqueue=lambda investigation_id: None,
        )
        investigation = ticket.investigations.get()
        run_investigation(investigation.pk, clock=timezone.now, alone=alone)
        return _result(
            given_id,
            Investigation.objects.select_related("ticket", "run", "borrowed").get(pk=investigation.pk),
        )
    except UnknownEndpoint as error:
        return f"line {number}: endpoint: {error}"
    except Exception as error:  # one odd ticket must not cost the others their answer
        log.debug("line %s", number, exc_info=True)
        return f"line {number}: the desk cannot handle this ticket ({type(error).__name__}); please report it"
    finally:
        let_go()


def _result(given_id: Any, investigation: Investigation) -> dict[str, Any]:
    charges, borrowed = investigation.charges, investigation.borrowed
    return {
        "id": given_id,
        "ref": investigation.ticket.ref,
        "verdict": investigation.verdict,
        "charges": {"finding": charges["code"], "rows": charges["charge_ids"]} | charges if charges else None,
        "attempts": [facts.as_dict() for facts in attempts_of(investigation)],
        "not_probed": investigation.not_probed or (investigation.run.refusal if investigation.run else ""),
        "borrowed": {"run": borrowed.pk, "finished_at": borrowed.finished_at} if borrowed else None,
        "masked": investigation.ticket.masked,
    }


def _in_words(outcome: dict[str, Any]) -> str:
    charges = f", {outcome['charges']['finding']}" if outcome["charges"] else ""
    return f"{outcome['id'] or '-'} {outcome['ref']}: {verdict_line(outcome['verdict'])}{charges}"
