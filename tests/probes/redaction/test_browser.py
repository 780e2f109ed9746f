"""Guard and server: one catalogue, the same masked text, and no text that takes too long."""

import gzip
import random
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from probes.redaction.browser import catalogue_source
from probes.redaction.catalogue import RULES
from probes.redaction.engine import builtin_redactor
from probes.redaction.samples import sample
from tests.cases.secret_cases import generate
from tests.probes.redaction.generator import CONTEXTS, KNOWN, UNKNOWN, negatives, positives
from tests.probes.redaction.pasted import pasted

STATIC = Path(__file__).parents[3] / "triage" / "static" / "desk"
SEEDS = (5, 61)
HOSTILE_MS = 20_000  # far above what any machine needs: only a pattern that backtracks without end takes it


def test_the_catalogue_of_the_browser_is_made_from_the_rules_in_force() -> None:
    committed = STATIC.joinpath("guard-catalogue.js").read_text("utf-8")

    assert committed == catalogue_source(), (
        "run: python -m probes.redaction.browser > triage/static/desk/guard-catalogue.js"
    )


def test_the_guard_stays_small() -> None:
    def packed(name: str) -> int:
        return len(gzip.compress(STATIC.joinpath(name).read_bytes()))

    assert packed("guard.js") <= 5_000  # comes with the page
    # A worker fetches these, once somebody uses a field.
    assert packed("guard-engine.js") + packed("guard-catalogue.js") <= 46_000


@pytest.fixture(scope="module")
def guard(browser: Browser) -> Page:
    """The guard's engine, in a page instead of a worker so that it can be asked."""
    page = browser.new_page()
    for name in ("guard-catalogue.js", "guard-engine.js"):
        page.add_script_tag(path=STATIC / name)
    page.evaluate("load(CATALOGUE)")
    yield page
    page.close()


def texts_of_rules() -> list[str]:
    rng = random.Random(8)
    return [sample(template, rng).text for rule in RULES for template in (*rule.matches, *rule.spares)]


def texts_of_contexts() -> list[str]:
    rng = random.Random(9)
    cases = [case for kinds in (KNOWN, UNKNOWN) for case in positives(rng, kinds=kinds, contexts=CONTEXTS)]
    return [case.text for case in rng.sample(cases, 700)]


CORPUS = {
    "rules": texts_of_rules,
    "contexts": texts_of_contexts,
    "look-alikes": lambda: [case.text for seed in (1, 2) for case in negatives(random.Random(seed))],
    "pasted": lambda: [case.text for case in pasted(3)],
    **{
        f"seed {seed}": lambda seed=seed: random.Random(seed).sample([c["text"] for c in generate(seed)], 400)
        for seed in SEEDS
    },
}


@pytest.mark.parametrize("corpus", CORPUS)
def test_guard_and_server_mask_the_same(guard: Page, corpus: str) -> None:
    texts = CORPUS[corpus]()
    by_server = [builtin_redactor().redact(text) for text in texts]

    by_guard = guard.evaluate("(texts) => texts.map((text) => redact(text))", texts)

    assert [told(one) for one in by_guard] == [
        (server.text, [(f.kind, f.start, f.end) for f in server.findings]) for server in by_server
    ]


def told(answer: dict[str, Any]) -> tuple[str, list[tuple[str, int, int]]]:
    return answer["text"], [(one["kind"], one["start"], one["end"]) for one in answer["findings"]]


ODD = {
    "nothing": "",
    "a lone surrogate": "key=\ud83d sk-" + "a1B2" * 12,
    "NUL": "api_key=\0" + "a1B2" * 12,
    "characters beyond the first plane": "\U0001f511" * 3 + " sk-proj-" + "a1B2" * 12 + " \U0001f512",
    "mathematical letters": "".join(
        chr(0x1D5BA + ord(c) - 97) if c.islower() else c for c in "my key is gsk_"
    )
    + "a1B2" * 8,
    "a table": "name\tkey\tnote\nann\t" + "a1B2c3D4" * 4 + "\tx\n",
    "a name of HTML": "&quot;api_key&quot;&colon; &quot;" + "a1B2" * 8 + "&quot;",
    "bytes that are no UTF-8": "api_key%3D%ff%fe" + "a1B2" * 8,
}


@pytest.mark.parametrize("name", ODD)
def test_odd_texts_too(guard: Page, name: str) -> None:
    text = ODD[name]
    server = builtin_redactor().redact(text)

    answer = guard.evaluate("(units) => redact(String.fromCharCode(...units))", utf16(text))

    assert told(answer) == (server.text, [(f.kind, f.start, f.end) for f in server.findings])


def utf16(text: str) -> list[int]:
    """Code units, since a lone surrogate does not travel as text."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]


HOSTILE = {
    "curl again and again": "curl -u ",
    "names without values": "password key token secret ",
    "keys without an end": "sk-",
    "tabs": "key\t",
    "many cells": "token\ta\t",
    "one letter": "a",
    "digits": "1 ",
    "hyphens": "-",
    "armour": "-----BEGIN PRIVATE KEY-----\n",
    "quotes": '"+"',
    "escapes": "%41\\u0041",
    "base64": "QUJD",
    "hex": "6162",
    "addresses": "a@b.",
    "accounts in URLs": "https://a:",
    "names of tables": "identified by ",
    "hooks": "https://hooks.a/hooks/",
    "groups": "a1B2 ",
    "lists": "''.join(['a',",
    "short lines": "ab\n",
    "assigned": "key=\n",
    "cookies": "cookie: a=b; ",
    "inputs": '<input value="a" ',
    "words": "mnemonic abandon ",
    "colons": "a:1:",
    "dollars": "${",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_pattern_backtracks_without_end(guard: Page, name: str) -> None:
    measure = (
        "(text) => { const before = performance.now(); redact(text); return performance.now() - before; }"
    )

    assert guard.evaluate(measure, (HOSTILE[name] * 10_000)[:10_000]) < HOSTILE_MS
