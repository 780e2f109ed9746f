"""`manage.py charges import | imports | undo | check | duplicates | fetch`: the ledger without a browser."""

import json
import re
from argparse import ArgumentTypeError
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.utils import timezone

from probes.redaction.engine import builtin_redactor
from triage.charges.actions.all_findings import all_findings, ledger_totals, probe_totals
from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.find_charges import find_charges
from triage.charges.actions.import_ledger import import_ledger
from triage.charges.actions.import_states import WrongState
from triage.charges.actions.ledgers import LedgerBusy
from triage.charges.actions.undo_import import CannotUndo, undo_import
from triage.charges.codec import finding_as_dict
from triage.charges.connectors.actions.fetch_ledger import COUNTS as FETCH_COUNTS
from triage.charges.connectors.actions.fetch_ledger import fetch_ledger
from triage.charges.connectors.faults import FetchCode
from triage.charges.connectors.models import LedgerConnector
from triage.charges.connectors.wording import fetch_in_words
from triage.charges.finding import ChargeCode, ChargeFinding
from triage.charges.models import ChargeImport, LedgerSource
from triage.charges.refusals import FileRefused
from triage.charges.wording import why_file_refused
from triage.embedded import var_folder
from triage.management.imports_report import (
    import_as_line,
    import_in_words,
    summary_as_line,
    summary_in_words,
)
from triage.management.jsonl import to_line


class Command(BaseCommand):
    help = "Import ledgers and say which tasks were charged twice."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        self._add_import(actions.add_parser("import", help="take a ledger file in; safe to repeat"))
        check = actions.add_parser("check", help="the finding of one task")
        check.add_argument("task_id")
        check.add_argument("--account", default="")
        check.add_argument("--request-id", action="append", default=[], dest="request_ids")
        check.add_argument("--json", action="store_true")
        duplicates = actions.add_parser("duplicates", help="a line per finding, then the totals")
        duplicates.add_argument("--source", default="")
        duplicates.add_argument("--json", action="store_true")
        imports = actions.add_parser("imports", help="what was taken in, newest first")
        imports.add_argument("--source", default="")
        imports.add_argument("--json", action="store_true")
        undo = actions.add_parser("undo", help="take an import back, with all that it changed")
        undo.add_argument("number", type=int, help="of the import, as `charges imports` lists it")
        undo.add_argument("--json", action="store_true")
        fetch = actions.add_parser("fetch", help="read what is new through the ledger's connector")
        fetch.add_argument("--source", required=True, type=_slug, help="short name of the ledger")
        fetch.add_argument("--json", action="store_true")

    def _add_import(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, type=_slug, help="short name of the ledger")
        parser.add_argument("--mapping", type=_mapping, help="JSON, or its file: our field to their header")
        parser.add_argument("--zone", default="", help="of times that name none; Asia/Shanghai at first")
        parser.add_argument("--rejected", type=Path, metavar="FILE", help="where rejected rows go")
        parser.add_argument(
            "--covered-from", type=_moment, metavar="TIME", help="the file is complete from here"
        )
        parser.add_argument("--covered-until", type=_moment, metavar="TIME", help="complete up to then")
        parser.add_argument("--preview", action="store_true", help="count, and keep nothing")
        parser.add_argument("--json", action="store_true")

    @no_translations  # programs read what it prints
    def handle(self, *args: Any, action: str, **options: Any) -> None:
        verbs = {
            "import": self._import,
            "imports": self._imports,
            "undo": self._undo,
            "check": self._check,
            "duplicates": self._duplicates,
            "fetch": self._fetch,
        }
        verbs[action](**options)

    def _import(self, **options: Any) -> None:
        now, masker = timezone.now(), current_masker()
        stem = masker.text(options["file"].stem, field="file_name")
        rejected_to = options["rejected"] or _rejected_file(stem, f"{now:%Y%m%dT%H%M%S}")
        try:
            summary = import_ledger(
                options["file"],
                source=options["source"],
                masker=masker,
                now=now,
                mapping=options["mapping"],
                zone=options["zone"],
                declared=_span(**options),
                rejected_to=rejected_to,
                keep=not options["preview"],
            )
        except FileRefused as refused:
            raise CommandError(masker.text(why_file_refused(refused))) from None
        except OSError as error:
            name = masker.text(str(error.filename or rejected_to), field="file_name")
            raise CommandError(f"{name}: {error.strerror}") from None
        if summary.source_is_new:
            self.stderr.write(f"The ledger {options['source']} is new.")
        line = summary_as_line(summary, kept=not options["preview"], rejected_to=rejected_to)
        self.stdout.write(to_line(line) if options["json"] else summary_in_words(line))

    def _imports(self, **options: Any) -> None:
        records = ChargeImport.objects.select_related("source", "by").order_by("-pk")
        for record in records.filter(source__in=_sources(options["source"])).iterator():
            line = import_as_line(record)
            self.stdout.write(to_line(line) if options["json"] else import_in_words(line))

    def _undo(self, **options: Any) -> None:
        number = options["number"]
        try:
            record = undo_import(number, by=None, now=timezone.now())
        except (LedgerSource.DoesNotExist, ChargeImport.DoesNotExist):
            raise CommandError(f"There is no import {number}.") from None
        except WrongState as refused:
            state = refused.record.state
            raise CommandError(f"Import {number} cannot be undone: its state is {state}.") from None
        except LedgerBusy:
            raise CommandError(
                "Another import into its ledger is under way; undo it when that ends."
            ) from None
        except CannotUndo as refused:
            raise CommandError(f"Later imports have rows of {number}; undo first: {refused}.") from None
        line = import_as_line(record)
        self.stdout.write(to_line(line) if options["json"] else import_in_words(line))

    def _check(self, **options: Any) -> None:
        masker = current_masker()
        finding = find_charges(
            task_id=masker.id(options["task_id"]),
            request_ids=[masker.id(request_id) for request_id in options["request_ids"]],
            account=masker.name(options["account"]),
        )
        answer = _as_line(finding) | {"covered_until": finding.covered_until, "net": _texts(finding.net)}
        if options["json"]:
            told = finding_as_dict(finding)
            answer |= {name: told[name] for name in ("statements", "story", "probe_ids", "gaps")}
        self.stdout.write(to_line(answer) if options["json"] else _finding_text(answer))

    def _fetch(self, **options: Any) -> None:
        (source,) = _sources(options["source"])
        connector = LedgerConnector.objects.filter(source=source).first()
        if connector is None:
            raise CommandError(
                f"The ledger {source.slug} has no connector. An admin sets one up on its page."
            )
        fetched = fetch_ledger(connector.pk, clock=timezone.now)
        if fetched is None:
            raise CommandError("Another worker fetches it now, or the system asked for patience.")
        report = {"source": source.slug, "code": fetched.code, "detail": fetched.detail, **fetched.counts}
        report |= {"pages": fetched.pages, "read_until": fetched.read_until, "behind": fetched.behind}
        self.stdout.write(to_line(report) if options["json"] else _fetch_text(report))
        if fetched.code is not FetchCode.OK:
            raise CommandError(f"{fetch_in_words(fetched.code)} {fetched.detail}".strip())

    def _duplicates(self, **options: Any) -> None:
        for source in _sources(options["source"]):
            for line in _ledger_lines(source):
                self.stdout.write(to_line(line) if options["json"] else _finding_text(line))


def _ledger_lines(source: LedgerSource) -> Iterator[dict[str, Any]]:
    yield from map(_as_line, all_findings(source))
    line = {"finding": "ledger.totals", "source": source.slug, "totals": _totals(ledger_totals(source))}
    if of_probes := probe_totals(source):
        line["own_probes"] = _totals(of_probes)
    yield line


def _totals(totals: Mapping[str, tuple[int, Decimal]]) -> dict[str, dict[str, Any]]:
    return {currency: {"rows": rows, "net": _text(net)} for currency, (rows, net) in totals.items()}


def _sources(slug: str) -> list[LedgerSource]:
    sources = list(LedgerSource.objects.filter(slug=slug) if slug else LedgerSource.objects.order_by("slug"))
    if slug and not sources:
        raise CommandError(
            f"There is no ledger {slug}. Take one in with: charges import FILE --source {slug}"
        )
    return sources


def _as_line(finding: ChargeFinding) -> dict[str, Any]:
    """A finding as programs read it. Amounts are text and exact; `excess` is in the ledger's own units."""
    line: dict[str, Any] = {"finding": finding.code}
    if len(finding.task_ids) == 1:
        line["task_id"] = finding.task_ids[0]
    line |= {"task_ids": finding.task_ids, "account": finding.account, "charge_ids": finding.charge_ids}
    if finding.excess:
        line |= {"excess": _texts(finding.excess), "return_ids": finding.return_ids}
    if finding.excess_usd is not None:
        line["excess_usd"] = _text(finding.excess_usd)
    if finding.over_returned:
        line["over_returned"] = _texts(finding.over_returned)
    if finding.code in (ChargeCode.FAILED_UNREFUNDED, ChargeCode.UNDELIVERED):
        line["net"] = _texts(finding.net)
    if finding.repeated_task_ids:
        line["repeated_task_ids"] = finding.repeated_task_ids
    return line | {"source": finding.source, "remarks": finding.remarks}


def _fetch_text(report: Mapping[str, Any]) -> str:
    counts = ", ".join(f"{report[count]} {count}" for count in FETCH_COUNTS)
    reach = f"; complete until {report['read_until']:%Y-%m-%dT%H:%M:%SZ}" if report["read_until"] else ""
    return f"{counts}{reach}{'; more is waiting' if report['behind'] else ''}"


def _finding_text(line: Mapping[str, Any]) -> str:
    named = {name: value for name, value in line.items() if name != "finding" and value}
    return f"{line['finding']}: " + "; ".join(f"{name} {_plain(value)}" for name, value in named.items())


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
    return ", ".join(value) if isinstance(value, tuple | list) else str(value)


def _texts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: _text(amount) for currency, amount in amounts.items()}


def _text(amount: Decimal) -> str:
    return format(amount.normalize(), "f")


def _rejected_file(stem: str, stamp: str) -> Path:
    return var_folder() / "ledger" / f"{stem}-{stamp}.rejected.csv"


def _slug(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", text):
        raise ArgumentTypeError("letters, digits, hyphens and underscores, at most 60")
    if builtin_redactor().redact(text).findings:
        raise ArgumentTypeError("this looks like a secret, and the name of a ledger is shown everywhere")
    return text


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ArgumentTypeError("a time with its zone is needed, such as 2026-03-01T00:00:00+08:00")
    return moment


def _span(*, covered_from: datetime | None, covered_until: datetime | None, **_others: Any) -> dict[str, str]:
    span = {"covered_from": covered_from, "covered_until": covered_until}
    return {edge: moment.isoformat() for edge, moment in span.items() if moment}


def _mapping(text: str) -> dict[str, str]:
    """Inline JSON, or the name of a file that holds it."""
    try:
        raw = text if text.lstrip().startswith("{") else Path(text).read_text(encoding="utf-8-sig")
        mapping = json.loads(raw)
    except (OSError, ValueError, RecursionError) as error:
        raise ArgumentTypeError(f"neither JSON nor a file with it: {error}") from error
    if not isinstance(mapping, dict) or not all(map(_is_place, mapping.values())):
        raise ArgumentTypeError("a JSON object of texts is needed, from our field to their header")
    return mapping


def _is_place(value: object) -> bool:
    """A text that a row of the database can hold."""
    return isinstance(value, str) and not re.search("[\x00\ud800-\udfff]", value)
