"""`manage.py judge [FILE.jsonl]`: verdicts from given facts, or stored cases under today's rules."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from probes.redaction.engine import builtin_redactor
from triage.management.jsonl import BadLine, open_lines, parse_lines, to_line
from triage.tickets.actions.rejudge_stored import rejudge_stored
from triage.tickets.paste.filling import with_paste
from triage.verdicts.codec import verdict_line
from triage.verdicts.judging import BadCase, judge_line


class Command(BaseCommand):
    help = "Judge every case of a file: declared fields, facts of attempts and ledger rows in, verdicts out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            metavar="FILE.jsonl",
            help="cases, one JSON object a line; - for stdin; without it, stored cases are judged again",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, file: str | None, **options: Any) -> None:
        if file is None:
            self._rejudge(as_json=options["json"])
        else:
            self._judge(file, as_json=options["json"])

    def _rejudge(self, *, as_json: bool) -> None:
        for change in rejudge_stored():
            self.stdout.write(to_line(change) if as_json else _change_in_words(change))

    def _judge(self, file: str, *, as_json: bool) -> None:
        failed = judged = 0
        try:
            with open_lines(file) as lines:
                for outcome in _judged(parse_lines(lines)):
                    if isinstance(outcome, str):
                        failed += 1
                        self.stderr.write(outcome)
                    else:
                        judged += 1
                        self.stdout.write(to_line(outcome) if as_json else _in_words(outcome))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        if failed:
            raise CommandError(f"{failed} of {failed + judged} lines could not be judged; the others were")


def _judged(lines: Iterator[tuple[int, dict[str, Any] | BadLine]]) -> Iterator[dict[str, Any] | str]:
    """The verdict of each line, or what is wrong with it."""
    now = timezone.now()
    for number, line in lines:
        if isinstance(line, BadLine):
            yield str(line)
            continue
        try:
            yield judge_line(_with_paste(line, now), now=now)
        except BadCase as error:
            yield f"line {number}: {error}"


def _with_paste(line: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The declared fields, with what their `paste` has beside; masked, since verdicts quote it."""
    declared = line.get("declared")
    if not isinstance(declared, dict) or not isinstance(declared.get("paste"), str):
        return line
    masked = builtin_redactor().redact(declared["paste"]).text
    return line | {"declared": with_paste(declared | {"paste": masked}, now=now)}


def _in_words(outcome: dict[str, Any]) -> str:
    return f"{outcome['id'] or '-'}: {verdict_line(outcome['verdict'])}"


def _change_in_words(change: dict[str, Any]) -> str:
    was, now = change["was"], change["now"]
    told = f"{change['ref']}: {was['code']} ({was['owner']}) would be {now['code']} ({now['owner']})"
    return told + _person_in_words(change)


def _person_in_words(change: dict[str, Any]) -> str:
    person = change["person"]
    if person is None:
        return ""
    agrees = "which agrees" if change["agrees"] else "which does not agree"
    return f"; an engineer had said {person['code']} ({person['owner']}), {agrees}"
