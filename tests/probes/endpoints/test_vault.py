"""A sealed key opens with its own key-encryption key, in its own row, unchanged; or not at all."""

import pytest

from probes.endpoints.actions import key_hint
from probes.endpoints.vault import Sealed, Vault, VaultError, new_kek


def test_what_was_sealed_opens_again():
    vault = Vault(new_kek())

    assert vault.open(vault.seal("s3cret", row="a"), row="a") == "s3cret"


def test_the_same_key_never_seals_to_the_same_bytes():
    vault = Vault(new_kek())

    assert vault.seal("s3cret", row="a") != vault.seal("s3cret", row="a")


def test_a_key_moved_to_another_row_stays_shut():
    vault = Vault(new_kek())

    with pytest.raises(VaultError, match="another row"):
        vault.open(vault.seal("s3cret", row="a"), row="b")


def test_every_changed_byte_is_noticed():
    vault = Vault(new_kek())
    sealed = vault.seal("s3cret", row="a")

    for place in range(len(sealed.ciphertext)):
        changed = bytearray(sealed.ciphertext)
        changed[place] ^= 1
        with pytest.raises(VaultError):
            vault.open(Sealed(bytes(changed), sealed.kek_id), row="a")


def test_another_key_encryption_key_is_named():
    sealed = Vault(new_kek()).seal("s3cret", row="a")

    with pytest.raises(VaultError, match=sealed.kek_id):
        Vault(new_kek()).open(sealed, row="a")


@pytest.mark.parametrize("kek", ["", "short", "!" * 44])
def test_a_malformed_key_encryption_key_is_refused(kek):
    with pytest.raises(VaultError, match="PROBE_KEY_KEK"):
        Vault(kek)


@pytest.mark.parametrize(
    ("secret", "hint"),
    [("sk-" + "a1B2" * 12, "sk-…a1B2"), ("x" * 40, "…xxxx"), ("sk-short", "…")],
)
def test_a_hint_never_helps_to_guess(secret, hint):
    assert key_hint(secret) == hint
