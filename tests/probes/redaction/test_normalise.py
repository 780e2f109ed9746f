"""What a view reads, and where in the original it points."""

import pytest

from probes.redaction import normalise
from probes.redaction.normalise import decode_blob, fold, joins, storable, unescape
from probes.redaction.signs import ORDINARY


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("ｓｋ－Ａ１", "sk-A1"),
        ("s\u200bk\u2060-\u00ada", "sk-a"),
        ("\u202esk\u202c", "sk"),
        ("s\u0336k\u0336", "sk"),
        ("“a”‐b", '"a"-b'),
        ("密钥：ａ", "密钥:a"),
        ("逗号，句号。", "逗号，句号。"),
        ("𝐬𝐤", "sk"),
        ("a\0b\ud800c", "abc"),
    ],
)
def test_folding_gives_every_character_its_plain_form(text: str, read: str) -> None:
    assert fold(text).text == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("%73%6B", "sk"),
        (r"\u0073\u006b12", "sk12"),
        (r"\x73\x6b", "sk"),
        ("&#115;&#x6b;&amp;", "sk&"),
        ("%2573", "s"),
        (r"\"a\"\nb", '"a"\nb'),
        ("a=3Db=73", "a=bs"),
        ("%E5%AF%86", "密"),
    ],
)
def test_unescaping_undoes_what_software_does_to_text(text: str, read: str) -> None:
    view = unescape(fold(text))

    assert view is not None
    assert view.text == read


def test_an_equals_sign_before_a_value_is_no_escape() -> None:
    assert unescape(fold("token=41ab")) is None


def test_a_span_of_a_view_is_the_span_of_the_original() -> None:
    text = "x%73\u200b%6By"
    view = unescape(fold(text))

    assert view is not None
    assert view.text == "xsky"
    assert text[slice(*view.span(1, 3))] == "%73\u200b%6B"


@pytest.mark.parametrize(
    "split", ['abc" + "def', "abc\ndef2", "abc\\\n   def", "abc=\ndef", "abc' . 'def", '"abc"\n"def"']
)
def test_pieces_are_put_together(split: str) -> None:
    (joined,) = joins(fold(split))

    assert "abcdef" in joined.text
    assert (
        split[slice(*joined.span(joined.text.index("c"), joined.text.index("d") + 1))].strip("'\"")[0] == "c"
    )


@pytest.mark.parametrize("line", ["Caused by: x", "    at com.example.Main", "failed again", "10.0.3.17 - -"])
def test_what_begins_anew_is_no_piece(line: str) -> None:
    assert list(joins(fold(f"status=a1b2c3\n{line}"))) == []


def test_a_new_field_is_not_the_rest_of_the_line_before() -> None:
    assert list(joins(fold("key=abc\nMODEL=x\n2026-11-05 12:00:00 b"))) == []


def test_encoded_text_is_read_and_random_bytes_are_not() -> None:
    assert decode_blob("QVBJX0tFWT1hYmNkZWZnaA==") == "API_KEY=abcdefgh"
    assert decode_blob("4150495f4b45593d6162636465666768") == "API_KEY=abcdefgh"
    assert decode_blob("kJ8vQ2mP7wXy9ZaB3cD4eF5g") is None


def test_what_no_database_takes_is_replaced_one_by_one() -> None:
    assert storable("a\0b\ud800") == "a\ufffdb\ufffd"


def test_ordinary_punctuation_folds_to_what_is_put_in_its_place_at_once() -> None:
    for dressed, plain in ORDINARY.items():
        assert normalise._FOLDED.match(dressed)
        assert normalise._plain(dressed) == plain
