"""`manage.py redact [FILE …] [--check] [--json]`: masks what must not be kept, or says where it stands."""

import io
import json
import os
from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from probes.redaction.actions import current_redactor
from probes.redaction.engine import Redactor, builtin_redactor
from probes.redaction.stream import redact_stream
from triage.management.jsonl import open_lines
from triage.management.places import Place, is_binary, places

_PATIENCE_S = 2  # for a database that may not be there
_READ = 64 * 1024
_BAD_USAGE = 2


class BadLine(Exception):
    """What is wrong with one line of input, in words."""


class Command(BaseCommand):
    help = (
        "Mask keys, passwords and personal data in texts, or in JSON lines of {id, text}. With --check only"
        " where they stand is written: exit status 0 when there are none, 1 when there are, 2 on bad usage."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE", help="UTF-8 text; - or nothing for stdin")
        parser.add_argument("--json", action="store_true", help="JSON lines in, JSON lines with findings out")
        parser.add_argument(
            "--check",
            action="store_true",
            help="print FILE:LINE:COLUMN KIND for each finding in texts (an object a line with --json)",
        )

        parser.add_argument(
            "--jobs",
            type=int,
            default=_cores(),
            metavar="N",
            help="processes that search a long text (default: as many as there are processors, at most 4)",
        )

    def handle(self, *args: Any, files: list[str], **options: Any) -> None:
        self._jobs = max(1, options["jobs"])
        redactor = self._redactor()
        if options["check"]:
            self._check(files or ["-"], redactor, as_json=options["json"])
            return
        bad = 0
        for file in files or ["-"]:
            bad += self._redact(file, redactor, as_json=options["json"])
        if bad:
            raise CommandError(f"{bad} of the lines could not be read; the others were masked")

    # --- masking ---

    def _redact(self, file: str, redactor: Redactor, *, as_json: bool) -> int:
        """How many lines were no objects."""
        try:
            with open_lines(file) as lines:
                return self._redact_lines(lines, redactor) if as_json else self._redact_text(lines, redactor)
        except OSError as error:
            raise _unreadable(file, error) from error

    def _redact_text(self, source: IO[bytes], redactor: Redactor) -> int:
        for piece in redact_stream(_pieces(source), redactor, jobs=self._jobs):
            self._write(piece)
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

    # --- checking ---

    def _check(self, files: list[str], redactor: Redactor, *, as_json: bool) -> None:
        found = 0
        for file in files:
            for place in self._places(file, redactor):
                found += 1
                self._write(_as_object(file, place) if as_json else _as_line(file, place))
        if found:
            raise CommandError(f"{found} found: take them out, and have keys that were live replaced")

    def _places(self, file: str, redactor: Redactor) -> Iterator[Place]:
        try:
            with open_lines(file) as source:
                start = source.peek(1) if isinstance(source, io.BufferedReader) else b""
                if file != "-" and is_binary(start):
                    self.stderr.write(f"{file}: skipped, it is no text")
                    return
                yield from places(_pieces(source), redactor, jobs=self._jobs)
        except OSError as error:
            raise _unreadable(file, error, status=_BAD_USAGE) from error

    # --- both ---

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


def _cores() -> int:
    return min(4, os.cpu_count() or 1)


def _pieces(source: IO[bytes]) -> Iterator[str]:
    text = io.TextIOWrapper(source, encoding="utf-8", errors="replace", newline="")
    yield from iter(lambda: text.read(_READ), "")
    text.detach()


def _unreadable(file: str, error: OSError, *, status: int = 1) -> CommandError:
    return CommandError(f"{'stdin' if file == '-' else file}: {error.strerror}", returncode=status)


def _as_line(file: str, place: Place) -> str:
    return f"{_printable(file)}:{place.line}:{place.column} {place.kind}\n"


def _as_object(file: str, place: Place) -> str:
    found = {"file": file, "line": place.line, "column": place.column, "kind": place.kind}
    return json.dumps(found) + "\n"


def _printable(file: str) -> str:
    """A name of a file may hold bytes that are no UTF-8."""
    return file.encode("utf-8", "replace").decode()


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
