"""Contact sheets of every class's verdict: `python -m tests.browser.sheet FOLDER [part of a code …]`.

A ticket per class with the facts of a case that reaches it, drawn in Chinese and English; what is too wide
for a phone is said. Not a test: the pictures are for people to look at.
"""

import base64
import importlib
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

from triage.embedded import Servers, ensure_keys, ensure_servers

LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
_PER_SHEET = 3
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_NAME, _PASSWORD = "sheet", "only for these pictures"
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True, slots=True)
class Shot:
    """The card of a class in one language, and by how many pixels the page runs off a phone."""

    code: str
    language: str
    png: bytes
    overflow: int


def main(folder: Path, wanted: Sequence[str]) -> int:
    """1 when something runs off a phone."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="desk-sheet-") as place:
        servers = _open_desk(Path(place))
        try:
            shots = _draw(folder, wanted)
        finally:
            connections.close_all()
            servers.leave()
    wide = [f"{shot.code} {shot.language} +{shot.overflow}px" for shot in shots if shot.overflow > 0]
    print(f"{len(shots)} cards drawn; too wide for a phone: {', '.join(wide) or 'none'}")
    return 1 if wide else 0


def _open_desk(place: Path) -> Servers:
    place.chmod(0o755)
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="triage.settings",
        DJANGO_ALLOW_ASYNC_UNSAFE="true",  # Playwright's loop lives in this thread
        DESK_VAR=str(place),
        DESK_HTTPS="0",
        DEBUG="0",
    )
    servers = ensure_servers(place)
    ensure_keys(place, may_make=True)
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    return servers


def _draw(folder: Path, wanted: Sequence[str]) -> list[Shot]:
    tickets = importlib.import_module("tests.browser.sheet_tickets")  # models need the servers first
    tickets.make_reader(_NAME, _PASSWORD)
    addresses = {
        code: ticket.get_absolute_url()
        for code, ticket in tickets.tickets_by_class()
        if not wanted or any(part in code for part in wanted)
    }
    with _served() as desk, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(_FLAGS))
        shots = [
            shot
            for language in LANGUAGES
            for shot in _shots(_reader(browser, desk, language), language, addresses)
        ]
        _write_sheets(browser.new_page(viewport={"width": 1640, "height": 900}), folder, shots)
        browser.close()
    return shots


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *args: object) -> None: ...


@contextmanager
def _served() -> Iterator[str]:
    application = importlib.import_module("triage.wsgi").application
    server = _Server(("127.0.0.1", 0), _Silent)
    server.set_app(application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def _reader(browser: Browser, desk: str, language: str) -> Page:
    page = browser.new_page(
        locale=LANGUAGES[language],
        timezone_id="Asia/Shanghai",
        base_url=desk,
        color_scheme="dark" if os.environ.get("DARK") else "light",
        viewport={"width": 1280, "height": 900},
    )
    page.goto("/sign-in/")
    page.fill("[name=username]", _NAME)
    page.fill("[name=password]", _PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{desk}/")
    return page


def _shots(page: Page, language: str, addresses: dict[str, str]) -> Iterator[Shot]:
    for code, address in addresses.items():
        page.set_viewport_size({"width": 1280, "height": 2400})
        page.goto(address)
        png = page.locator("#verdict").screenshot()
        page.set_viewport_size({"width": 390, "height": 844})
        yield Shot(code, language, png, page.evaluate(_OVERFLOW))


def _write_sheets(page: Page, folder: Path, shots: Sequence[Shot]) -> None:
    """Both languages of a class side by side, a few classes to a sheet."""
    pictures = {(shot.code, shot.language): base64.b64encode(shot.png).decode() for shot in shots}
    codes = list(dict.fromkeys(shot.code for shot in shots))
    for number in range(0, len(codes), _PER_SHEET):
        rows = "".join(
            f'<td><img width="800" src="data:image/png;base64,{pictures[code, language]}">'
            f"{'</td></tr><tr>' if language == 'en' else '</td>'}"
            for code in codes[number : number + _PER_SHEET]
            for language in LANGUAGES
        )
        page.set_content(f"<table><tr valign=top>{rows}</tr></table>".replace("<tr>", "<tr valign=top>"))
        page.screenshot(path=folder / f"sheet-{number // _PER_SHEET:02}.png", full_page=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
