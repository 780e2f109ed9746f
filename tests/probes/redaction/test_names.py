"""Which names announce a credential."""

import pytest

from probes.redaction.names import Named, named


@pytest.mark.parametrize(
    "name",
    [
        *("max_tokens", "prompt_tokens", "token_type", "primary_key", "Idempotency-Key", "next_page_token"),
        *("secret_name", "prompt_cache_key", "api_key_id_count", "tokenizer", "monkey"),
        *("password_reset_url", "model", "session_id", ""),
    ],
)
def test_names_that_only_speak_about_credentials(name: str) -> None:
    assert named(name) is Named.NOTHING
