"""`manage.py redact [FILE] [--json]`: masks what must not be kept, as a filter for files and pipes."""

import io
import json
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from probes.redaction.actions import current_redactor
from probes.redaction.engine import Redactor, builtin_redactor
from probes.redaction.stream import redact_stream
from triage.management.jsonl import open_lines

_PATIENCE_S = 2  # for a database that may not be there
_READ = 64 * 1024


class BadLine(Exception):
    """What is wrong with one line of input, in words."""


class Command(BaseCommand):
    help = "Mask keys, passwords and personal data in a text, or in JSON lines of {id, text}."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE", help="UTF-8 text; - or nothing for stdin")
        parser.add_argument("--json", action="store_true", help="JSON lines in, JSON lines with findings out")

    def handle(self, *args: Any, file: str | None, **options: Any) -> None:
        redactor = self._redactor()
        try:
            with open_lines(file) as lines:
                bad = (
                    self._redact_lines(lines, redactor)
                    if options["json"]
                    else self._redact_text(lines, redactor)
                )
        except OSError as error:
            raise CommandError(f"{file or 'stdin'}: {error.strerror}") from error
        if bad:
            raise CommandError(f"{bad} of the lines could not be read; the others were masked")

    def _redact_text(self, source: IO[bytes], redactor: Redactor) -> int:
        text = io.TextIOWrapper(source, encoding="utf-8", errors="replace", newline="")
        for piece in redact_stream(iter(lambda: text.read(_READ), ""), redactor):
            self._write(piece)
        text.detach()
        return 0

    def _redact_lines(self, lines: IO[bytes], redactor: Redactor) -> int:
        """One object out per object in; how many lines were none."""
        bad = 0
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                self._write(_masked(line, redactor) + "\n")
            except BadLine as error:
                bad += 1
                self.stderr.write(f"line {number}: {error}")
        return bad

    def _write(self, text: str) -> None:
        out = getattr(self.stdout, "_out", None)
        raw = getattr(out, "buffer", None)
        if raw is not None:
            raw.write(text.encode())  # UTF-8 whatever the terminal's locale says
        else:
            self.stdout.write(text, ending="")

    def _redactor(self) -> Redactor:
        """With the admins' rules where a database answers at once, else the built-in ones."""
        connection.settings_dict.setdefault("OPTIONS", {}).setdefault("connect_timeout", _PATIENCE_S)
        try:
            return current_redactor()
        except DatabaseError:
            if settings.DATABASE_URL:
                self.stderr.write("the database does not answer: only the built-in rules are used")
            return builtin_redactor()


def _masked(line: bytes, redactor: Redactor) -> str:
    name, text = _read(line)
    redacted = redactor.redact(text)
    findings = [{"kind": f.kind, "start": f.start, "end": f.end, "rule": f.rule} for f in redacted.findings]
    answer = json.dumps({"id": name, "text": redacted.text, "findings": findings}, ensure_ascii=False)
    return answer.encode("utf-8", "replace").decode()


def _read(line: bytes) -> tuple[Any, str]:
    """(id, text) of a line; BadLine says why not, without quoting it."""
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadLine(f"not UTF-8 at byte {error.start + 1}") from None
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise BadLine(f"not JSON{where}") from None
    if not isinstance(value, dict):
        raise BadLine(f"expected an object, found {type(value).__name__}")
    if not isinstance(value.get("text"), str):
        raise BadLine('"text" is missing or not a string')
    return value.get("id"), value["text"]
