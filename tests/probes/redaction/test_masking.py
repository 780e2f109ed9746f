"""What a mask shows, and what a fingerprint says."""

import pytest

from probes.redaction.masking import key_fingerprint, mask_key


@pytest.mark.parametrize(
    ("secret", "prefix", "shown"),
    [
        ("sk-" + "a" * 28 + "wxyz", "sk-", "sk-…wxyz"),
        ("sk-" + "a" * 12 + "wxyz", "sk-", "sk-…"),
        ("sk-ant-api03-" + "a" * 80 + "wxyz", "sk-ant-api03-", "sk-ant-…wxyz"),
        ("a" * 28 + "wxyz", "", "…wxyz"),
        ("hunter2hunter2", "", "[api_key]"),
        ("a" * 28 + "wxyz==", "", "…wxyz"),
    ],
)
def test_a_mask_never_helps_to_guess_a_short_secret(secret: str, prefix: str, shown: str) -> None:
    assert mask_key(secret, prefix, "api_key") == shown


def test_a_fingerprint_matches_one_key_under_one_pepper() -> None:
    same = key_fingerprint("sk-" + "a" * 48, pepper=b"one")

    assert same == key_fingerprint("sk-" + "a" * 48, pepper=b"one")
    assert same != key_fingerprint("sk-" + "a" * 48, pepper=b"two")
    assert same != key_fingerprint("sk-" + "a" * 47 + "b", pepper=b"one")
    assert len(same) == 16
