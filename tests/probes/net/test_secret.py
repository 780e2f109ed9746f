"""Secret headers show themselves to nobody but the wire."""

import copy
import pickle

import pytest

from probes.net.secret import SecretHeaders, SecretUnusable
from tests.probes.net.asking import AUTH, KEY


def test_every_picture_of_secret_headers_is_masked():
    headers = SecretHeaders(AUTH)

    assert headers["authorization"] == f"Bearer {KEY}"
    for picture in (repr(headers), str(headers), f"{headers}", f"{[headers]!r}"):
        assert picture.strip("[]") == "SecretHeaders(authorization=***)"


@pytest.mark.parametrize("copier", [pickle.dumps, copy.copy, copy.deepcopy])
def test_secret_headers_are_not_pickled_or_copied(copier):
    with pytest.raises(TypeError):
        copier(SecretHeaders(AUTH))


@pytest.mark.parametrize("tail", ["\n", "\r\nX-More: 1", "\x00", "密钥", " "])
def test_a_secret_that_no_header_can_carry_is_refused_without_being_quoted(tail):
    with pytest.raises(SecretUnusable) as refused:
        SecretHeaders({"x-api-key": KEY + tail})

    assert "x-api-key" in str(refused.value)
    assert KEY not in repr(refused.value)
    assert refused.value.__context__ is None
