"""Offsets, overlaps, literals, limits: what holds for every text."""

import base64
import random
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.redaction import engine
from probes.redaction.engine import WITHHELD, Redactor, builtin_redactor
from probes.redaction.rule import Rank, Rule
from probes.redaction.samples import expand
from probes.redaction.search import RuleError
from tests.probes.redaction.leaks import survives

KEY = expand("sk-proj-<an48>", random.Random(1))


def test_a_finding_names_kind_and_place_in_the_original_and_never_the_value() -> None:
    text = f"客户的密钥：\u200b{KEY[:9]}\u200b{KEY[9:]}，一直 401"

    (finding,) = builtin_redactor().redact(text).findings

    assert (finding.kind, finding.rule) == ("openai_project_key", "openai_project_key")
    assert text[finding.start : finding.end].replace("\u200b", "") == KEY
    assert KEY[8:] not in repr(finding)


def test_a_masked_key_shows_its_prefix_and_last_four() -> None:
    assert builtin_redactor().redact(f"key={KEY}").text == f"key=sk-proj-…{KEY[-4:]}"


def test_a_password_beside_an_address_leaves_the_host() -> None:
    text = "redis://:Xy9" + "kQ2mP7w@redis.example.cn:6379/0"

    assert builtin_redactor().redact(text).text == "redis://:[url_password]@redis.example.cn:6379/0"


def test_cookie_names_and_harmless_values_stay() -> None:
    text = f"Cookie: theme=dark; session={KEY[8:40]}; new-api-user=12; lang=zh-CN"

    assert (
        builtin_redactor().redact(text).text
        == "Cookie: theme=dark; session=[cookie]; new-api-user=12; lang=zh-CN"
    )


def test_addresses_of_machines_stay() -> None:
    text = "203.0.113.77 and 2001:db8::8a2e:370:7334 timed out"

    assert builtin_redactor().redact(text).text == text


@given(st.text(max_size=300))
def test_any_text_is_answered_and_masking_twice_changes_nothing(text: str) -> None:
    once = builtin_redactor().redact(text).text

    assert once.encode() is not None
    assert builtin_redactor().redact(once).text == once


@given(
    st.lists(
        st.sampled_from(
            [KEY, "token=", '"', "\n", " + ", "\\", "%2D", "=\n", "密钥是", "Bearer ", "a", "\0", "\ud800"]
        )
    )
)
def test_fragments_in_any_order_never_break_it(parts: list[str]) -> None:
    redacted = builtin_redactor().redact("".join(parts))

    assert redacted.text.encode() is not None
    assert redacted.text != WITHHELD


@pytest.mark.parametrize(
    "text", [f"a\ud800 {KEY}", f"\0{KEY}\0", f"{KEY[:20]}\0{KEY[20:]}", f"{KEY[:20]}\udfff{KEY[20:]}"]
)
def test_surrogates_and_nul_neither_hide_a_key_nor_survive(text: str) -> None:
    masked = builtin_redactor().redact(text).text

    assert not survives(KEY, masked)
    assert "\0" not in masked
    masked.encode()


@pytest.mark.parametrize(
    "form",
    [
        lambda v: v,
        lambda v: quote(v, safe=""),
        lambda v: base64.b64encode(v.encode()).decode(),
        lambda v: base64.urlsafe_b64encode(b"x" + v.encode() + b"yz").decode(),
        lambda v: v.encode().hex(),
        lambda v: v[:5] + "\u200b" + v[5:],
    ],
)
def test_a_literal_is_masked_in_every_form(form) -> None:  # type: ignore[no-untyped-def]
    value = "plain words/no secret shape"

    masked = builtin_redactor().with_literals([value]).redact(f"echo: {form(value)} end").text

    assert not survives(value, masked)
    assert masked.startswith("echo: ")
    assert masked.endswith(" end")


def test_literals_of_one_redactor_are_unknown_to_another() -> None:
    builtin_redactor().with_literals(["harmless-words"])

    assert builtin_redactor().redact("harmless-words").text == "harmless-words"


def test_a_failing_check_withholds_the_text() -> None:
    def broken(value: str) -> bool:
        raise ZeroDivisionError

    rule = Rule(name="broken", kind="broken", pattern="sk-", check=broken, rank=Rank.SHAPE)

    redacted = Redactor([rule]).redact(f"key {KEY}")

    assert redacted.text == WITHHELD
    assert [f.kind for f in redacted.findings] == ["withheld"]


def test_a_text_beyond_the_limit_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MAX_CHARS", 100)

    assert builtin_redactor().redact("a" * 101).text == WITHHELD


def test_withholding_lets_nothing_through() -> None:
    assert Redactor.withholding().redact("hello").text == WITHHELD


@pytest.mark.parametrize("pattern", ["(?=x)y", "(a", r"(x)\1", "a{2000}"])
def test_a_pattern_that_re2_refuses_is_an_error_when_the_redactor_is_made(pattern: str) -> None:
    with pytest.raises(RuleError):
        Redactor([Rule(name="bad", kind="bad", pattern=pattern)])


def test_a_catastrophic_pattern_stays_linear() -> None:
    rule = Rule(name="evil", kind="evil", pattern=r"(sk-(a+)+)$")
    redactor = Redactor([rule])
    started = time.perf_counter()

    redactor.redact("sk-" + "a" * 100_000 + "!")

    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("at", [0, 255_990, 256 * 1024 - 3, 256 * 1024, 300_000])
def test_a_key_is_found_wherever_the_text_is_cut_for_searching(at: int) -> None:
    for filler in ("x" * 79 + "\n", "word "):
        text = (filler * (at // len(filler) + 1))[:at] + f" key={KEY} " + filler * 6000

        redacted = builtin_redactor().redact(text)

        assert [(f.start, f.end) for f in redacted.findings] == [(at + 5, at + 5 + len(KEY))]


def test_a_secret_longer_than_the_window_is_masked_to_its_end() -> None:
    text = "password=" + "Ab1" * 20_000 + " end"

    assert builtin_redactor().redact(text).text == "password=[password] end"


HOSTILE = {
    "labels": "password=",
    "quotes": '"key":\'',
    "spaces": "key:          ",
    "wraps": "aB3dE6gH9jK2mN5p\n",
    "base64": "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo",
    "percent": "%73%6b",
    "pem": "-----BEGIN PRIVATE KEY-----\n",
    "addresses": "a@b.cn ",
    "sums": '"+"',
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_take_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit)))[:size]
        started = time.process_time()
        builtin_redactor().redact(text)
        return time.process_time() - started

    seconds(1000)

    assert seconds(200_000) < 8 * seconds(50_000) + 0.3


@pytest.mark.parametrize(
    "text",
    [
        "mysql -h db -u root -p oneapi",
        "mosquitto_sub -h broker -p 1883 -t desk",
        "docker login -u desk -p $PASS",
        "curl -b cookies.txt https://desk.example.cn",
        "The API key\nworks with model gpt-4o-mini",
        "| Key | Value |\n|---|---|\n| max_tokens | 4096 |\n| model | gpt-4o-2024-11-20 |",
        "xxd: 48656c6c 6f20776f 726c6421 0a0a0a0a",
    ],
)
def test_what_only_looks_like_a_place_for_a_secret_stays(text: str) -> None:
    assert builtin_redactor().redact(text).text == text
