"""The doors of the ledger: each takes some secrets and returns what it answered."""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import quote

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from tests.journeys.answers import command, page
from tests.journeys.canaries import Canary
from tests.journeys.desk import await_that
from tests.triage.charges.connectors.systems import (
    TOKEN,
    Answering,
    LiteLlm,
    NewApi,
    Reply,
    log_entry,
    running,
    spend_row,
)
from triage.charges.connectors.models import LedgerConnector
from triage.charges.models import Charge, ChargeImport, ImportState, LedgerSource, SealedChunk
from triage.people.models import SavedView
from triage.tickets.models import Ticket

COLUMNS = (
    *("charge_id", "task_id", "request_id", "account", "key", "model", "amount", "currency", "created_at"),
    *("outcome", "note"),
)
EVIDENCE_TASK = "task-of-the-ticket"
_PLAIN_NAME = re.compile(r"[\w.=~@:+-]{1,150}")
_SHEET_NAME = re.compile(r"[^\[\]:*?/\\\n]{1,31}")
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,100}")
_MOST_STRANGERS = 25  # the desk stops listening to an address that brings 30 wrong tokens a minute
_TOO_LARGE = 2_200_000  # bytes, above the 2 MiB of a form and of a push


def table(secrets: Sequence[Canary]) -> list[list[str]]:
    """A heading with a secret in it, then rows with one in a cell each, the columns in turn."""
    rows = [[*COLUMNS, secrets[0].text]]
    for number, canary in enumerate(secrets[1:]):
        row = [
            *(f"c{number}", EVIDENCE_TASK, f"req-{number}", "u1", "sk-…a1b2", "gpt-4o", "1.5", "USD"),
            *("2026-01-05T08:00:00Z", "success", "", ""),
        ]
        row[number % len(row)] = canary.text
        rows.append(row)
    return rows


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def as_gb18030(rows: Sequence[Sequence[str]]) -> bytes:
    named = [
        *rows,
        ["c-last", "任务", "请求", "客户", "", "模型", "1", "CNY", "2026-01-05 08:00:00", "成功", "", ""],
    ]
    return as_csv(named).decode().encode("gb18030")


def as_json_lines(rows: Sequence[Sequence[str]]) -> bytes:
    return b"".join(json.dumps(dict(zip(rows[0], row, strict=True))).encode() + b"\n" for row in rows[1:])


def as_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    if _SHEET_NAME.fullmatch(rows[0][-1]):
        sheet.title = rows[0][-1]
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file.getvalue()


FORMS: Mapping[str, Callable[[Sequence[Sequence[str]]], bytes]] = {
    "csv": as_csv,
    "txt": as_gb18030,
    "xlsx": as_workbook,
    "jsonl": as_json_lines,
    "tsv": as_csv,
}
FATES = {"csv": "commit", "txt": "undo", "xlsx": "commit", "jsonl": "discard", "tsv": "wait"}


def by_upload(client: Client, secrets: Sequence[Canary]) -> dict[str, str]:
    """A file of every form, through the page: preview, other columns, then each meets another fate."""
    texts = {"page upload refused": _refused_upload(client, secrets[0])}
    for part, (ending, fate) in enumerate(FATES.items()):
        batch = secrets[part :: len(FATES)]
        texts |= _uploaded(client, batch, ending, fate)
    return texts


def _refused_upload(client: Client, canary: Canary) -> str:
    typed = dict.fromkeys(("source", "new_source", "zone", "covered_from", "covered_until"), canary.text)
    return page(client.post("/charges/imports/new/", typed | {"file": _file(canary, b"%PDF-1.4", "pdf")}))


def _file(canary: Canary, content: bytes, ending: str) -> SimpleUploadedFile:
    name = canary.text if _PLAIN_NAME.fullmatch(canary.text) else "march"
    return SimpleUploadedFile(f"{name}.{ending}", content)


def _uploaded(client: Client, secrets: Sequence[Canary], ending: str, fate: str) -> dict[str, str]:
    named, *inside = sorted(secrets, key=lambda canary: not _PLAIN_NAME.fullmatch(canary.text))
    form = {"new_source": f"led-{ending}", "file": _file(named, FORMS[ending](table(inside)), ending)}
    answer = client.post("/charges/imports/new/", form)
    assert answer.status_code == 302, page(answer)
    record, at = ChargeImport.objects.latest("pk"), answer["Location"]
    texts = {f"page {ending} sent": page(client.get(at))}
    _reaches(record, ImportState.PREVIEW)
    assert record.chunks.exists()
    texts |= {f"page {ending} {step or 'preview'}": page(client.get(at + step)) for step in ("", "live/")}
    wrong = dict.fromkeys(("task_id", "account_for_all", "zone"), named.text)
    texts[f"page {ending} columns"] = page(client.post(f"{at}columns/", wrong))
    texts |= _met(client, record, at, ending, fate)
    texts[f"export {ending} rejected rows"] = page(client.get(f"{at}rejected.csv"))
    return texts


def _met(client: Client, record: ChargeImport, at: str, ending: str, fate: str) -> dict[str, str]:
    steps = {"commit": ["commit"], "undo": ["commit", "undo"], "discard": ["discard"], "wait": []}[fate]
    reached = {"commit": ImportState.DONE, "undo": ImportState.UNDONE, "discard": ImportState.DISCARDED}
    texts = {}
    for step in steps:
        texts[f"page {ending} {step}"] = page(client.post(f"{at}{step}/", follow=True))
        _reaches(record, reached[step])
        texts[f"page {ending} after {step}"] = page(client.get(at))
        texts[f"page {ending} may undo"] = page(client.get(f"{at}undo/"))
        assert not record.chunks.exists()
    if fate == "undo":
        assert not Charge.objects.filter(batch=record).exists()
    if fate == "discard":
        assert not record.rejections.exists()
    return texts


def _reaches(record: ChargeImport, state: ImportState) -> None:
    def is_there() -> bool:
        record.refresh_from_db()
        return record.state == state

    await_that(is_there, f"import {record.pk} to be {state}")


def by_push(secrets: Sequence[Canary], token: str) -> dict[str, str]:
    """Cells, names of fields, Idempotency-Keys, wrong tokens, and bodies that cannot be read."""
    answers: dict[str, str] = {}
    numbers = count()

    def push(body: str, *, kind: str = "application/json", bearer: str = token, key: str = "") -> None:
        headers = {"authorization": f"Bearer {bearer}"} | ({"idempotency-key": key} if key else {})
        sent = Client().post("/api/v1/charges", body, content_type=kind, headers=headers)
        answers[f"answer push {next(numbers)} {sent.status_code}"] = page(sent)

    for at in range(0, len(secrets), 20):
        batch = secrets[at : at + 20]
        rows = [_pushed_row(at + place, canary.text) for place, canary in enumerate(batch)]
        key = next((one.text for one in batch if _IDEMPOTENCY_KEY.fullmatch(one.text)), "")
        document = json.dumps({"charges": rows, batch[0].text: batch[1].text})
        push(document, key=key)
        push(document, key=key)
        push(json.dumps({"charges": rows[:1]}), key=key)  # the key with another body
        push("\n".join(map(json.dumps, rows)), kind="application/x-ndjson")
        push(json.dumps({"charges": [row | {"amount": batch[0].text} for row in rows]}))  # no row is usable
        push(json.dumps({"charges": rows, "complete_from": batch[0].text}))
        push(f"{{{batch[0].text}")
        push(document, kind=f"text/{_one_line(batch[0].text)}")
    for canary in secrets[:_MOST_STRANGERS]:
        push("{}", bearer=_one_line(canary.text))
    push(_large(secrets))
    return answers


def _pushed_row(number: int, text: str) -> dict[str, str]:
    row = {
        "charge_id": f"p{number}",
        "task_id": EVIDENCE_TASK,
        "request_id": f"r{number}",
        "account": "u1",
        "model": "m",
        "amount": "1.5",
        "currency": "USD",
        "occurred_at": "2026-01-05T08:00:00Z",
        "key_hint": "",
        "component": "",
        "outcome": "",
    }
    names = [*row, text]  # at the end as the name of a field that the desk does not know
    return row | {names[number % len(names)]: text}


def _one_line(text: str) -> str:
    return " ".join(text.split()).encode("ascii", "replace").decode()


def _large(secrets: Sequence[Canary]) -> str:
    text = "\n\n".join(canary.text for canary in secrets)
    return text * (_TOO_LARGE // len(text.encode()) + 1)


def by_connector(client: Client, secrets: Sequence[Canary]) -> dict[str, str]:
    """Billing systems send secrets, and the connector's own token, in rows and in whatever goes wrong."""
    batches = {kind: secrets[part::3] for part, kind in enumerate(("one_api", "litellm", "json"))}
    texts: dict[str, str] = {}
    for kind, batch in batches.items():
        rows, *odd = _answers(kind, [canary.text for canary in batch] + [TOKEN])
        slug = f"fetch-{kind.replace('_', '-')}"
        LedgerSource.objects.create(slug=slug)
        texts |= {f"page connector {kind} refused": _refused_setup(client, slug, kind, batch)}
        for number, answer in enumerate((rows, *odd)):
            with running(answer) as system:
                texts |= {
                    f"page connector {kind} {number} {step}": text
                    for step, text in _fetched(client, slug, kind, system.url, system.entry).items()
                }
                assert system.asked
    return texts


def _refused_setup(client: Client, slug: str, kind: str, secrets: Sequence[Canary]) -> str:
    address = f"/charges/sources/{slug}/connector/"
    names = re.findall(r'name="([a-z_]+)"', page(client.get(address, {"kind": kind})))
    typed = {name: canary.text for name, canary in zip(names, secrets, strict=False)}
    return page(client.post(address, typed | {"kind": kind, "token": TOKEN, "every_minutes": "often"}))


def _fetched(client: Client, slug: str, kind: str, url: str, entry: str) -> dict[str, str]:
    """Set up anew for this server, tried by the page, then fetched by the worker."""
    address = f"/charges/sources/{slug}/connector/"
    saved = client.post(address, _setup(kind, url, entry))
    assert saved.status_code == 302, page(saved)
    since = timezone.now()
    texts = {"tried": page(client.post(f"{address}try/"))}
    texts["asked"] = page(client.post(f"{address}fetch/", follow=True))
    fetched = LedgerConnector.objects.filter(source__slug=slug, last_at__gte=since, claimed_until=None)
    await_that(fetched.exists, f"a fetch of {slug}")
    return texts | {step or "form": page(client.get(address + step)) for step in ("", "state/")}


def _setup(kind: str, url: str, entry: str) -> dict[str, str]:
    typed = {
        "kind": kind,
        "base_url": url,
        "allowed_addresses": entry,
        "token": TOKEN,
        "every_minutes": "1440",
        "days_back": "1",
        "overlap_minutes": "10",
    }
    if kind == "one_api":
        return typed | {"user_id": "1"}
    if kind == "litellm":
        return typed
    return typed | {
        "path": "/v1/charges",
        "rows_at": "data",
        "paging": "link",
        "next_at": "next",
        "first_page": "1",
        "size": "100",
        "time_form": "iso",
        "token_prefix": "Bearer",
    }


def _answers(kind: str, texts: Sequence[str]) -> list[Answering]:
    """Rows first, then everything else that a server may say."""
    said, line = "\n\n".join(texts), _one_line(texts[0])
    html = f"<!doctype html><title>{texts[0]}</title><pre>{said}</pre>".encode()
    refusal = {"success": False, "message": said, "error": {"message": said}, "detail": said}
    replies = [
        Reply(html, status=500, content_type="text/html"),
        Reply(html, content_type="text/html"),
        Reply(f"{{{said}".encode()),
        Reply(refusal),
        Reply(refusal, status=401),
        Reply(refusal, status=404),
        Reply(b"", status=302, headers={"Location": f"https://elsewhere.example/?key={line}"}),
        Reply(refusal, status=429, headers={"Retry-After": "1"}),
    ]
    if kind == "json":  # pages that lead in a circle, and out of the house
        for leads in (f"?cursor={quote(line)}", f"https://elsewhere.example/{quote(line)}"):
            replies.insert(0, Reply({"data": [_pushed_row(0, texts[0])], "next": leads}))
    return [_ROWS[kind](texts), *(_always(reply) for reply in replies)]


def _always(reply: Reply) -> Answering:
    return lambda asked: reply


def _of_one_api(texts: Sequence[str]) -> Answering:
    """Everything that the connector reads of an entry, and what it must not: `content` and `ip`."""
    names = ("username", "model_name", "token_name", "request_id", "quota", "content", "ip", "task_id")
    entries = []
    for number, text in enumerate(texts):
        name = names[number % len(names)]
        own = {"other": json.dumps({"task_id": text})} if name == "task_id" else {name: text}
        entries.append(log_entry(number, _of_late()) | own)
    return NewApi(entries)


def _of_litellm(texts: Sequence[str]) -> Answering:
    names = ("request_id", "user", "model", "call_type", "litellm_call_id", "spend", "api_key", "metadata")
    rows = []
    for number, text in enumerate(texts):
        name = names[number % len(names)]
        value = {"user_api_key_alias": text, "user_api_key": text} if name == "metadata" else text
        rows.append(spend_row(number, _of_late()) | {name: value})
    return LiteLlm(rows)


def _of_json(texts: Sequence[str]) -> Answering:
    rows = [_pushed_row(number, text) for number, text in enumerate(texts)]
    return _always(Reply({"data": rows}))


_ROWS: Mapping[str, Callable[[Sequence[str]], Answering]] = {
    "one_api": _of_one_api,
    "litellm": _of_litellm,
    "json": _of_json,
}


def _of_late() -> datetime:
    return timezone.now() - timedelta(minutes=30)


def by_settings(client: Client, secrets: Sequence[Canary]) -> dict[str, str]:
    """A ledger's name, zone and payers, and the name of a push token."""
    LedgerSource.objects.create(slug="told")
    answers = {}
    for number, canary in enumerate(secrets[:45]):
        fields = ({"probe_payers"}, {"name"}, {"zone", "probe_payers"})[number % 3]
        typed = {"name": "Told", "zone": "UTC", "quota_per_unit": "500000", "probe_payers": "u9"}
        typed |= dict.fromkeys(fields, canary.text)
        answers[f"page source {number}"] = page(
            client.post("/charges/sources/told/edit/", typed, follow=True)
        )
    for number, canary in enumerate(secrets[45:55]):
        named = client.post("/charges/sources/told/tokens/", {"name": canary.text})
        answers[f"page token {number}"] = _without_the_new_token(page(named))
    return answers


def _without_the_new_token(text: str) -> str:
    """A token is shown once, to whoever made it."""
    return re.sub(r"sk-led-\w{43}", "", text)


def by_view(client: Client, secrets: Sequence[Canary]) -> dict[str, str]:
    """Saved filters under a name; the answer leads back to the filters that were sent."""
    answers = {}
    for number, canary in enumerate(secrets):
        query = QueryDict(mutable=True)
        query.update({("account", "model", "code", "since")[number % 4]: canary.text})
        name = canary.text if number % 2 else f"view {number}"
        typed = {"name": name, "query": query.urlencode(), "shared": "on"}
        answers[f"page view {number}"] = page(client.post("/charges/views/", typed, follow=True))
        kept = SavedView.objects.order_by("-pk").first()
        if kept and number % 5 == 0:
            again = client.post(f"/charges/views/{kept.pk}/", typed | {"do": "delete"}, follow=True)
            answers[f"page view {number} deleted"] = page(again)
    return answers


def by_search(client: Client, secrets: Sequence[Canary]) -> dict[str, str]:
    """Addresses of the ledger's pages, and the command line that searches as they do.

    Personal data may stand in an address: people are looked up by it.
    """
    asked = (
        *(("/charges/check/", "id"), ("/charges/check/", "account"), ("/charges/check/", "at")),
        *(("/charges/", "account"), ("/charges/findings.csv", "model"), ("/charges/rows/", "seen")),
        *(("/charges/imports/", "source"), ("/charges/imports/new/", "source")),
    )
    answers = {}
    for number, canary in enumerate(one for one in secrets if not one.is_personal):
        address, name = asked[number % len(asked)]
        given = {"id": "c1", name: canary.text} if address.endswith("check/") else {name: canary.text}
        answers[f"page search {address} {number}"] = page(client.get(address, given, follow=True))
    for number, canary in enumerate(secrets[:10]):
        answers[f"output check {number}"] = command("charges", "check", f"id {canary.text}", "--json")
    return answers


def by_guard(client: Client, secrets: Sequence[Canary]) -> dict[str, str]:
    """What the browser's guard reports, from somebody who is no guard."""
    answers = {}
    for number, canary in enumerate(secrets):
        row = ["error_text", "api_key", "", 1]
        row[number % 3] = canary.text
        report = json.dumps([row]) if number % 4 else canary.text
        sent = client.post("/tickets/new/guard-counts/", report, content_type="application/json")
        answers[f"answer guard {number}"] = page(sent)
    return answers


def by_size(client: Client, secrets: Sequence[Canary]) -> dict[str, str]:
    """Forms that are too large, by bytes and by fields, and a file where none is asked for."""
    fields = {canary.text: canary.text for canary in secrets} | {f"x{number}": "" for number in range(201)}
    file = _file(secrets[0], as_csv(table(secrets)), "csv")
    answers = {}
    for address in ("/tickets/new/", "/charges/views/", "/charges/sources/told/edit/"):
        for typed in ({"error_text": _large(secrets)}, fields):
            refused = client.post(address, typed)
            assert refused.status_code == 413
            answers[f"page too large {address} {len(typed)}"] = page(refused)
    answers["page unasked file"] = page(client.post("/tickets/new/", {"file": file}))
    return answers


def by_evidence(client: Client, secrets: Sequence[Canary]) -> dict[str, str]:
    """The statements of tickets whose rows, or whose own fields, held secrets."""
    for task, account in ((EVIDENCE_TASK, "u1"), *((one.text, "") for one in secrets)):
        typed = {"model": "m", "symptom": "timeout", "task_id": task, "account_ref": account}
        client.post("/tickets/new/", {"endpoint": "lab"} | typed)
    answers, shown = {}, 0
    for pk in Ticket.objects.exclude(task_id="").values_list("pk", flat=True):
        for name in ("evidence/", "evidence/?lang=zh-hans", "evidence.csv"):
            statement = client.get(f"/tickets/{pk}/charges/{name}")
            answers[f"export ticket {pk} {name}"] = page(statement)
            shown += EVIDENCE_TASK in answers[f"export ticket {pk} {name}"]
    assert shown
    return answers


def exports(client: Client) -> dict[str, str]:
    """Everything that leaves the ledger as a file, or through the command line."""
    rejected = {
        f"export rejected rows {pk}": page(client.get(f"/charges/imports/{pk}/rejected.csv"))
        for pk in ChargeImport.objects.values_list("pk", flat=True)
    }
    return rejected | {
        "export findings": page(client.get("/charges/findings.csv")),
        "page imports": page(client.get("/charges/imports/")),
        "page imports' rows": page(client.get("/charges/imports/rows/")),
        "output duplicates": command("charges", "duplicates", "--json"),
        "output imports": command("charges", "imports", "--json"),
    }


def is_sealed() -> bool:
    """The pieces of files that wait hold nothing of them, and no other file has any left."""
    waiting = {ImportState.PREVIEW, ImportState.REFUSED}
    chunks = SealedChunk.objects.select_related("batch")
    readable = [column.encode() for column in COLUMNS]
    return all(
        chunk.batch.state in waiting and not any(word in bytes(chunk.ciphertext) for word in readable)
        for chunk in chunks
    )
