"""Two tickets about one key are matched without the key."""

import base64

import pytest

from probes.redaction.engine import Redactor, builtin_redactor, redact_leaves
from probes.redaction.fingerprints import SHORTEST
from probes.redaction.masking import key_fingerprint

KEY = "sk-proj-" + "a1B2c3D4" * 6
NEW, OLD = "the pepper of today", "the pepper of yesterday"


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return builtin_redactor().with_peppers([NEW])


def marks(text: str, redactor: Redactor) -> list[tuple[str, ...]]:
    return [finding.fingerprints for finding in redactor.redact(text).findings]


@pytest.mark.parametrize(
    "text",
    [
        f"客户的密钥是{KEY}，一直 401",
        f"Authorization: Bearer {KEY}",
        f'{{"api_key": "{KEY}"}}',
        "".join(chr(ord(sign) + 0xFEE0) for sign in KEY),
        "\u200b".join(KEY),
        f'key = "{KEY[:20]}" + "{KEY[20:]}"',
        "".join(f"%{ord(sign):02x}" for sign in KEY),
    ],
)
def test_one_key_has_one_fingerprint_however_it_is_spelled(text, redactor):
    assert marks(text, redactor) == [(key_fingerprint(KEY, pepper=NEW.encode()),)]


def test_another_key_has_another_fingerprint(redactor):
    assert marks(f"key {KEY}", redactor) != marks(f"key {KEY[:-1]}Z", redactor)


@pytest.mark.parametrize("text", ["password: hunter2!x", "13912345678", "a@shop.example", "gsk_short"])
def test_what_could_be_guessed_has_no_fingerprint(text, redactor):
    assert not any(marks(text, redactor))


def test_a_finding_without_fingerprint_shows_nothing(redactor):
    assert len("hunter2!x") < SHORTEST
    assert [finding.shown for finding in redactor.redact("password: hunter2!x").findings] == [""]


def test_without_a_pepper_there_is_no_fingerprint():
    assert marks(f"key {KEY}", builtin_redactor()) == [()]


def test_while_a_pepper_is_rotated_a_key_is_known_by_the_old_one_too():
    before = marks(f"key {KEY}", builtin_redactor().with_peppers([OLD]))
    (during,) = marks(f"key {KEY}", builtin_redactor().with_peppers([NEW, OLD]))

    assert during[0] == key_fingerprint(KEY, pepper=NEW.encode())
    assert during[1:] == before[0]


def test_a_leaf_of_a_list_keeps_its_fingerprint(redactor):
    _clean, findings = redact_leaves(["req_1", KEY], redactor)

    assert [(found.path, found.shown) for found in findings] == [("[1]", f"sk-proj-…{KEY[-4:]}")]
    assert findings[0].fingerprints


def test_a_key_in_base64_is_masked_though_it_is_not_matched(redactor):
    packed = base64.b64encode(f"key={KEY}".encode()).decode()

    assert KEY not in redactor.redact(packed).text
