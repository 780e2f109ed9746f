"""A long text is read where a native scan says that it may matter, and what is found is the same."""

import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probes.redaction import longtext, marks
from probes.redaction.engine import Redactor, builtin_redactor
from probes.redaction.rule import Rule, may_span_lines
from probes.redaction.samples import expand
from probes.redaction.search import Hit
from tests.bench.sample_log import make_log
from tests.cases.secret_cases import generate
from tests.probes.redaction.generator import (
    CONTEXTS,
    KNOWN,
    UNKNOWN,
    disguises_for,
    negatives,
    positive,
)

pytestmark = pytest.mark.skipif(not marks.AVAILABLE, reason="no native scanner for this machine")

SIGNS = ("\n", "\\n", "%20", "=\n", "=3D", "\u200b", "：", '" + "', " ", "\\", "&#45;", "ſ", "\ud800", "\0")
MORE_SIGNS = (
    "\x1b[0m",
    "é",
    "😀",
    "\r",
    "=",
    "key",
    "\t",
    "\\u0041",
    "…",
    "，",
    "-----BEGIN ",
    "/",
    ".join(",
)
PLENTY = 1 << 60


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[list[Hit], list[Hit]]]:
    """What a full reading finds in a text, and what the search of long texts finds."""

    def both(text: str, redactor: Redactor | None = None) -> tuple[list[Hit], list[Hit]]:
        redactor = redactor or builtin_redactor()
        monkeypatch.setattr(longtext, "LONG", PLENTY)
        full = redactor.find(text)
        monkeypatch.setattr(longtext, "LONG", 0)
        return full, redactor.find(text)

    return both


def cases(rng: random.Random) -> Iterator[str]:
    """Secrets in all contexts and disguises and look-alikes, alone, doubled, and inside a log."""
    kinds, generated = {**KNOWN, **UNKNOWN}, [case["text"] for case in generate(rng.randrange(10**6))]
    while True:
        context = rng.choice(sorted(CONTEXTS))
        kind, disguise = rng.choice(sorted(kinds)), rng.choice(disguises_for(context))
        made = positive(rng, kind, kinds[kind], context, CONTEXTS[context], disguise).text
        other = rng.choice((made, rng.choice(generated), rng.choice(list(negatives(rng))).text))
        log = make_log(1500, seed=rng.randrange(10**9))
        at = rng.randrange(len(log))
        yield rng.choice((made, other, f"{other}\n{made}", log[:at] + made + log[at:]))


def disturbed(text: str, rng: random.Random) -> str:
    """With a few characters put in or struck out where nobody would think of it."""
    for _ in range(rng.randrange(6)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(SIGNS + MORE_SIGNS) + text[at + rng.randrange(3) :]
    return text


@pytest.mark.parametrize("seed", range(4))
def test_secrets_are_found_wherever_and_however_they_stand(
    seed: int, searched: Callable[..., tuple[list[Hit], list[Hit]]]
) -> None:
    rng = random.Random(seed)
    texts = cases(rng)

    for _ in range(60):
        full, quick = searched(disturbed(next(texts), rng))
        assert quick == full


def test_secrets_are_found_on_both_sides_of_a_stretch(
    searched: Callable[..., tuple[list[Hit], list[Hit]]],
) -> None:
    rng = random.Random(5)
    key = expand("sk-proj-<an48>", rng)
    log = make_log(300_000, secret_every=40)
    for at in (262_144 - 20, 262_144 - 4096, 262_144 + 10):
        log = f"{log[:at]} {key[:25]}\n{key[25:]} {log[at:]}"

    full, quick = searched(log)

    assert len(full) > 40
    assert quick == full


_LINES = st.lists(
    st.text(alphabet="abXY09-_=+/\\%&;:'\"`|> #.\n\r\tu20钥，：\u200b", max_size=40)
    | st.sampled_from(
        ("sk-proj-", "password", "api_key=", "\\u0073k-", "%73k-", "eyJ", "AKIA", "a1B2" * 9, "…")
    ),
    max_size=12,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(text=_LINES)
def test_nothing_differs_in_texts_that_nobody_thought_of(text: str) -> None:
    redactor = builtin_redactor()
    full = list(redactor._read_all(text, 0, len(text)))
    quick = longtext.LongText(redactor._rules, redactor._screen, frozenset(), redactor._across)  # type: ignore[arg-type]

    assert {hit[:2] for hit in quick.hits(text)} == {hit[:2] for hit in full} or "ſ" in text


@pytest.mark.parametrize(
    "pattern",
    [
        r"EMP\d{6}",
        r"^EMP\d{6}$",
        r"\AEMP\d{6}",
        r"EMP\d{6}\z",
        r"(?-m:^)EMP\d{6}",
        r"EMP\s\d{6}",
        r"EMP\n\d{6}",
        r"(?s)EMP.\d{6}",
        r"\bEMP[^,]*,",
    ],
)
def test_patterns_of_admins_find_the_same_however_they_speak_of_lines(
    pattern: str, searched: Callable[..., tuple[list[Hit], list[Hit]]]
) -> None:
    rule = Rule(name="emp", kind="emp", pattern=pattern, spans_lines=may_span_lines(pattern))
    redactor = Redactor([rule], shapes_only=True)
    text = "EMP123456\nx EMP123456 x\nEMP\n123456, EMP 123456\n" + make_log(2000) + "EMP654321"

    full, quick = searched(text, redactor)

    assert full
    assert quick == full


def test_literals_are_found_in_every_view(searched: Callable[..., tuple[list[Hit], list[Hit]]]) -> None:
    key = "Zq" + "9-" * 8
    redactor = builtin_redactor().with_literals([key])
    text = make_log(2000) + f"{key}\n%5A{key[1:]}\n'{key[:6]}' + '{key[6:]}'\n"

    full, quick = searched(text, redactor)

    assert len(full) == 3
    assert quick == full
