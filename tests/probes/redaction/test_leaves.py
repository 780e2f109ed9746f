"""JSON-like values: every leaf, by pattern and by the name that it stands under."""

import random

import pytest

from probes.redaction.engine import builtin_redactor, redact_leaves
from probes.redaction.samples import expand

KEY = expand("sk-<an48>", random.Random(4))


def test_credentials_are_masked_by_name_at_any_depth_in_any_spelling() -> None:
    value = {"a": [{"X-Api-Key": "short1", "x_api_key": "zwei", "headers": {"Authorization": "Bearer abc"}}]}

    clean, findings = redact_leaves(value, builtin_redactor())

    assert clean == {
        "a": [{"X-Api-Key": "[key]", "x_api_key": "[key]", "headers": {"Authorization": "[authorization]"}}]
    }
    assert [f.path for f in findings] == ["a[0].X-Api-Key", "a[0].x_api_key", "a[0].headers.Authorization"]
    assert value["a"][0]["X-Api-Key"] == "short1"  # type: ignore[index]


def test_texts_keys_and_bytes_are_masked_and_the_rest_stays_as_it_is() -> None:
    value = {
        "note": f"key {KEY}",
        KEY: 1,
        "raw": KEY.encode(),
        "n": 3,
        "ok": None,
        "yes": True,
        "t": (1.5, "x"),
    }

    clean, findings = redact_leaves(value, builtin_redactor())

    shown = f"sk-…{KEY[-4:]}"
    assert clean == {
        "note": f"key {shown}",
        shown: 1,
        "raw": shown,
        "n": 3,
        "ok": None,
        "yes": True,
        "t": [1.5, "x"],
    }
    assert KEY not in repr(findings)


@pytest.mark.parametrize("levels", [300, 900, 100_000])
def test_what_is_nested_too_deep_is_withheld(levels: int) -> None:
    value: object = KEY
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}

    clean, findings = redact_leaves({"deep": value, "note": KEY}, builtin_redactor())

    assert clean["note"] == f"sk-…{KEY[-4:]}"
    assert [finding.kind for finding in findings] == ["withheld", "gateway_key"]
    assert findings[0].path.startswith("deep.a[0].a[0]") or findings[0].path.startswith("deep[0].a[0]")
    assert KEY not in repr(clean)


def test_a_value_that_contains_itself_is_withheld() -> None:
    value: list[object] = [KEY]
    value.append(value)

    assert KEY not in repr(redact_leaves(value, builtin_redactor()))


def test_a_name_beside_a_value_speaks_for_it() -> None:
    clean, _ = redact_leaves(
        [{"name": "x-api-key", "value": "abc"}, {"name": "accept", "value": "*/*"}], builtin_redactor()
    )

    assert clean == [{"name": "x-api-key", "value": "[key]"}, {"name": "accept", "value": "*/*"}]


def test_what_is_masked_already_and_what_only_speaks_about_keys_stays() -> None:
    value = {
        "api_key": "sk-…a1b2",
        "password": "***",
        "max_tokens": "4096",
        "token_type": "Bearer",
        "key_hint": "sk-***a1b2",
    }

    assert redact_leaves(value, builtin_redactor()) == (value, ())
