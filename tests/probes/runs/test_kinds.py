"""Steps as they are written on a command line."""

import pytest

from probes.runs.kinds import KINDS, Wish, parse_wishes


def test_every_kind_can_be_written():
    text = (
        "control,stream,status,repeat:3,gzip,long,http2,route:inner,tool,model:glm-4,models,balance,websocket"
    )

    wishes = parse_wishes(text)

    assert {wish.kind for wish in wishes} == set(KINDS)
    assert parse_wishes(" control , repeat , route ") == (
        Wish(kind="control"),
        Wish(kind="repeat", times=3),
        Wish(kind="route"),
    )


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("repeat:2", Wish(kind="repeat", times=2)),
        ("repeat:10", Wish(kind="repeat", times=10)),
        ("route:inner", Wish(kind="route", route="inner")),
        ("model:qwen2.5:14b", Wish(kind="model", model="qwen2.5:14b")),
    ],
)
def test_what_stands_behind_the_colon_is_taken_at_its_word(text, wish):
    assert parse_wishes(text) == (wish,)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not nothing"),
        (",,", "not nothing"),
        ("submit", "not submit"),
        ("repeat:1", "from 2 to 10"),
        ("repeat:11", "from 2 to 10"),
        ("repeat:²", "from 2 to 10"),
        ("repeat:", "from 2 to 10"),
        ("repeat:" + "9" * 5000, "from 2 to 10"),
        ("model", "model:NAME"),
        ("model:", "ends with its colon"),
        ("route:", "ends with its colon"),
        ("gzip:9", "takes nothing behind a colon"),
    ],
)
def test_what_cannot_be_meant_is_said_in_one_line(text, complaint):
    with pytest.raises(ValueError, match=complaint) as refusal:
        parse_wishes(text)

    assert "\n" not in str(refusal.value)
