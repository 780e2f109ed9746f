"""The Chinese catalogue says everything that pages, forms and models say."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

CATALOGUE = settings.ROOT / "triage/locale/zh_Hans/LC_MESSAGES/django.po"
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def said_in_code() -> Iterator[str]:
    for room in ("probes", "triage"):
        for file in sorted((settings.ROOT / room).rglob("*.py")):
            yield from said_in(file.read_bytes())


def said_in_templates() -> Iterator[str]:
    for file in sorted((settings.ROOT / "templates").rglob("*.html")):
        yield from said_in(templatize(file.read_text(), origin=str(file)).encode())


def said_in(source: bytes) -> Iterator[str]:
    for _line, message, _comments, _context in extract("python", io.BytesIO(source), keywords=KEYWORDS):
        yield message if isinstance(message, str) else message[0]


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with Path(CATALOGUE).open("rb") as file:
        return read_po(file, locale="zh_Hans")


@pytest.mark.parametrize("said", [said_in_code, said_in_templates])
def test_everything_said_has_chinese_words(said, catalogue):
    silent = {text for text in said() if text and not (catalogue.get(text) and all_strings(catalogue, text))}

    assert not silent


def all_strings(catalogue: Catalog, text: str) -> bool:
    string = catalogue.get(text).string
    return all(string) if isinstance(string, list | tuple) else bool(string)


def test_no_translation_is_a_guess_or_breaks_its_placeholders(catalogue):
    wrong = [
        (message.id, list(message.check())) for message in catalogue if message.id and list(message.check())
    ]

    assert wrong == []
    assert not [message.id for message in catalogue if message.id and message.fuzzy]
