"""`manage.py judge [FILE.jsonl]`: verdicts from given facts, or stored cases under today's rules."""

import gc
from argparse import ArgumentTypeError
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from probes.redaction.engine import builtin_redactor
from triage.management.jsonl import BadLine, open_lines, parse_lines, to_line
from triage.tickets.actions.rejudge_stored import concluded, rejudge_stored
from triage.tickets.paste.filling import with_paste
from triage.verdicts.codec import verdict_line
from triage.verdicts.intake import read_time
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
        stored = parser.add_argument_group("stored cases")
        stored.add_argument("--limit", type=_count, metavar="N", help="only the newest so many")
        stored.add_argument("--since", type=_moment, metavar="TIME", help="only those concluded since then")
        stored.add_argument("--check", action="store_true", help="end with 1 when any verdict would change")

    def handle(self, *args: Any, file: str | None, **options: Any) -> None:
        if file is None:
            with _standing_objects_left_alone():
                self._rejudge(**{name: options[name] for name in ("limit", "since", "check", "json")})
        elif options["limit"] or options["since"] or options["check"]:
            raise CommandError(
                "--limit, --since and --check are for stored cases, without a file", returncode=2
            )
        else:
            self._judge(file, as_json=options["json"])

    def _rejudge(self, *, limit: int | None, since: datetime | None, check: bool, json: bool) -> None:
        """Changes to stdout, how many of each kind to stderr."""
        pairs: Counter[str] = Counter()
        failed = 0
        for change in rejudge_stored(limit=limit, since=since):
            if "failed" in change:
                failed += 1
                self.stderr.write(f"{change['ref']}: cannot be judged ({change['failed']})")
                continue
            pairs[_pair_in_words(change)] += 1
            self.stdout.write(to_line(change) if json else _change_in_words(change))
        judged = concluded(limit=limit, since=since).count() - failed
        self._summarise(pairs, judged)
        if failed:
            raise CommandError(f"{failed} stored cases could not be judged; the others were")
        if check and pairs:
            raise CommandError(f"{pairs.total()} of {judged} verdicts would change")

    def _summarise(self, pairs: Counter[str], judged: int) -> None:
        self.stderr.write(f"{judged} judged, {pairs.total()} would change")
        for pair, count in pairs.most_common():
            self.stderr.write(f"{count:>7}  {pair}")

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


@contextmanager
def _standing_objects_left_alone() -> Iterator[None]:
    """The collector walks only over what is read from now on, not over all code again every few pages.

    That took a fifth of the time.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError("a whole number from 1 on is needed")
    return int(text)


def _moment(text: str) -> datetime:
    at = read_time(text, now=timezone.now())
    if at is None:
        raise ArgumentTypeError("a time is needed, such as 2026-11-20 or 2026-11-20T08:00:00+08:00")
    return at


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
    """The declared fields, with what the `paste` among or beside them has; masked: verdicts quote it."""
    declared = line.get("declared") or {}
    pasted = declared.get("paste", line.get("paste")) if isinstance(declared, dict) else None
    if not isinstance(pasted, str):
        return line
    masked = builtin_redactor().redact(pasted).text
    return line | {"declared": with_paste(declared | {"paste": masked}, now=now)}


def _in_words(outcome: dict[str, Any]) -> str:
    return f"{outcome['id'] or '-'}: {verdict_line(outcome['verdict'])}"


def _pair_in_words(change: dict[str, Any]) -> str:
    """The class before and after; where it stays, what changes beside it."""
    was, now = change["was"], change["now"]
    if was["code"] != now["code"]:
        return f"{was['code']} -> {now['code']}"
    part = "owner" if was["owner"] != now["owner"] else "resend"
    return f"{was['code']}: {part} {was[part]} -> {now[part]}"


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
