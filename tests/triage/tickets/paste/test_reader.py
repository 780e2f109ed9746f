"""Whatever is pasted, the reader answers, soon, and says what it left out."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probes.redaction.engine import builtin_redactor
from triage.playbooks.help import FIELD_TEMPLATES
from triage.tickets.paste.found import Paste, Why
from triage.tickets.paste.reader import read_paste

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MEGABYTE = 1_000_000


def left_out(paste: Paste) -> set[tuple[int, int, str]]:
    return {(one.line, one.until, one.why) for one in paste.discarded}


NOTHING = ["", " \n\t\n", "\ufeff", "？", "{", "curl", "curl -d '", '{"error":', "| |\n|-|", "# \n"]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_gives_nothing_and_never_raises(text):
    assert {"model", "status_code", "base_url"}.isdisjoint(read_paste(text).values())


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec=None), max_size=300))
def test_any_text_is_read(text):
    read_paste(text, now=NOW)


PIECES = st.sampled_from(
    [
        "curl https://a.example/v1/chat/completions ",
        "-H 'x: y' ",
        '-d "{\\"model\\":\\"gpt-4o\\"" ',
        "^\n",
        "\\\n",
        "`\n",
        "\n",
        "< HTTP/2 429\n",
        "> POST /v1 HTTP/1.1\n",
        "* Trying\n",
        "Traceback (most recent call last):\n",
        '  File "a.py", line 1, in x\n',
        "    at f (a.js:1:2)\n",
        '{"error":{"message":"x"',
        "}}",
        "模型：",
        "gpt-4o",
        "状态码：",
        "429",
        "| a | b |\n",
        "### Model\n",
        "```\n",
        "2026-03-28 14:05:01 +0800",
        "9999-99-99 99:99",
        "1774677901",
        "\u202e",
        "😀",
        "\ud800",
        "(request id: 20269928140501123456789AbCdEfGh)",
        "今天下午3点",
        "max_retries=99999999999999",
        "timeout=1e400",
        "耗时：999999999999s",
        "http://[::1",
        "https://%zz/v1/messages",
        "0" * 400,
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_pieces_of_pastes_in_any_order_are_read(text):
    read_paste(text, now=NOW)


@pytest.mark.parametrize(
    "text",
    [
        "x" * MEGABYTE,
        "{" * MEGABYTE,
        '{"a":' * (MEGABYTE // 5),
        '"' * MEGABYTE,
        "curl https://a.example/ " + "\"'" * 100_000,
        ("status: 500, model: gpt-4o，" * 60 + "\n") * 600,
        '  File "/a/b.py", line 3, in x\n    foo()\n' * 3000,
        'httpx - HTTP Request: POST https://a.example/v1/messages "HTTP/1.1 429 Too Many Requests"\n' * 5000,
        '{"messages": "' + "hello world " * 80_000 + '"}',
    ],
    ids=["word", "braces", "nest", "quotes", "curl", "labels", "frames", "log", "prompt"],
)
def test_a_long_paste_takes_seconds_at_most(text):
    began = time.process_time()
    read_paste(text, now=NOW)

    assert time.process_time() - began < 8  # one or two on a quiet machine; a quadratic reader takes hours


def test_what_is_beyond_the_bounds_is_said():
    paste = read_paste("模型：gpt-4o\n" + "x\n" * 6000 + "状态码：429")

    assert paste.values()["model"] == "gpt-4o"
    assert "status_code" not in paste.values()
    assert max(paste.discarded, key=lambda one: one.until).why == Why.TOO_LONG


def test_what_was_left_out_is_said_with_lines_and_reasons():
    paste = read_paste(
        "curl https://api.example.com/v1/chat/completions?key=[google_api_key] \\\n"
        "  -H 'Authorization: Bearer sk-…a1b2' \\\n"
        '  -d \'{"model": "gpt-4o", "messages": [{"role": "user", "content": "secret plans"}]}\'\n'
        "* Trying 10.0.0.1:443...\n"
        "< HTTP/1.1 500 Internal Server Error\n"
        "< X-Powered-By-Nobody: yes\n"
        "Traceback (most recent call last):\n"
        '  File "/a.py", line 1, in <module>\n'
        "ValueError: no\n"
        "Kontakt: [email]"
    )

    assert {
        (1, 1, Why.QUERY),
        (2, 2, Why.SECRET_HEADER),
        (3, 3, Why.PROMPT),
        (4, 4, Why.CONNECTION),
        (6, 6, Why.HEADER),
        (7, 8, Why.FRAMES),
        (10, 10, Why.MASKED),
    } <= left_out(paste)
    assert "secret plans" not in paste.values()["error_text"]
    assert "?key=" not in paste.values()["base_url"]


def test_a_date_without_a_year_counts_only_when_the_year_is_known():
    assert "occurred_at" not in read_paste("时间：3月28日 14:05").values()

    told = read_paste("时间：3月28日 14:05", now=NOW).best()["occurred_at"]
    assert (told.value, told.remark) == ("2026-03-28T14:05:00", "no_year")


def test_a_time_without_a_zone_says_so_and_one_from_an_id_too():
    assert read_paste("time: 2026-03-28 14:05").best()["occurred_at"].remark == "no_zone"

    from_id = read_paste("(request id: 20260328140501123456789AbCdEfGh)").best()["occurred_at"]
    assert (from_id.value, from_id.remark) == ("2026-03-28T14:05:01", "from_id")


OUTER, INNER = "20260328140501123456789AbCdEfGh", "20260328060459111222333AaBbCcDd"


def test_the_chain_has_every_hop_once_in_order_with_its_time():
    paste = read_paste(
        f"< HTTP/1.1 503\n< date: Sat, 28 Mar 2026 06:05:03 GMT\n< x-oneapi-request-id: {OUTER}\n"
        f'{{"error":{{"message":"no channel (request id: {INNER}) (request id: {OUTER})"}}}}'
    )

    assert [(hop.place, hop.value[:14], hop.made_at) for hop in paste.chain] == [
        ("x-oneapi-request-id", "20260328140501", "2026-03-28T14:05:01+08:00"),
        ("text", "20260328060459", "2026-03-28T06:04:59+00:00"),
    ]


URL = "https://a.example/v1/chat/completions"
BODY = '{"model":"m-1","stream":true}'
ESCAPED = BODY.replace('"', '\\"')


@pytest.mark.parametrize(
    "command",
    [
        f"curl '{URL}' -d '{BODY}' -m60 -x http://u:p@proxy.example:3128",
        f'curl.exe -m 60 --proxy proxy.example:3128 {URL} --data-raw "{ESCAPED}"',
        f'curl "{URL}" ^\n --max-time 60 ^\n -x "http://proxy.example:3128" ^\n -d "{ESCAPED}"',
        f"curl --url {URL} `\n -m 60 `\n -x proxy.example:3128 `\n -d '{BODY}'",
        f"curl {URL} \\\r\n --max-time=60 -x proxy.example:3128 \\\r\n --json $'{BODY}'",
        f"curl {URL}\n  -m 60\n  -x proxy.example:3128\n  -d '{BODY}'",
    ],
    ids=["bash", "windows", "cmd", "powershell", "bash-crlf", "lost-backslashes"],
)
def test_a_command_is_read_whatever_shell_it_was_written_for(command):
    found = read_paste(command).values()

    assert found.items() >= {
        ("model", "m-1"),
        ("stream", "yes"),
        ("client_timeout_s", "60"),
        ("via_proxy_text", "proxy.example:3128"),
        ("base_url", "https://a.example/v1"),
    }


@pytest.mark.parametrize(
    "line", ["Key 末四位：x9Zq", "Key last 4: x9Zq", "Key last 4: ****x9Zq", "key: …x9Zq"]
)
def test_the_last_characters_of_a_key_are_its_masked_form(line):
    assert read_paste(line).values() == {"key_hint": "…x9Zq"}


def test_a_word_behind_a_key_is_no_ending_of_it():
    assert "key_hint" not in read_paste("key: name").values()


@pytest.mark.parametrize("template", FIELD_TEMPLATES, ids=lambda template: template.tag)
def test_the_desks_own_template_fills_nothing_while_it_is_empty(template):
    assert read_paste(builtin_redactor().redact(template.text).text, now=NOW) == Paste()


@pytest.mark.parametrize("line", ["现象：一直超时", "What happened: 一直超时"])
def test_what_somebody_tells_goes_into_the_notes_without_its_label(line):
    assert read_paste(line).values() == {"notes": "一直超时"}


def test_a_filled_in_value_wins_and_what_the_prose_says_is_offered():
    paste = read_paste("模型：gpt-4o-mini\n状态码：504\n现象：一直超时，gpt-4o 报 429")

    assert [one.value for one in paste.of("model")] == ["gpt-4o-mini", "gpt-4o"]
    assert [one.value for one in paste.of("status_code")] == ["504", "429"]


ID = "20260328131045123456789AbCdEfGh"


def test_an_id_beside_a_time_without_a_zone_keeps_its_own_clock():
    (hop,) = read_paste(f"时间：2026-03-28 13:10:45\n请求ID：{ID}").chain

    assert (hop.own_clock, hop.remark) == ("2026-03-28 13:10:45", "")


def test_an_id_beside_a_time_with_its_zone_is_told_in_a_zone():
    (hop,) = read_paste(f"时间：2026-03-28 13:10:45 +08:00\n请求ID：{ID}").chain

    assert (hop.made_at, hop.own_clock) == ("2026-03-28T13:10:45+08:00", "")


DATE = "Sat, 28 Mar 2026 05:10:50 GMT"


@pytest.mark.parametrize(
    "dated", [f"Date: {DATE}", f"HTTP/1.1 429 Too Many Requests\nDate: {DATE}", f'{{"date": "{DATE}"}}']
)
def test_a_servers_date_is_a_time_and_nobodys_zone(dated):
    paste = read_paste(f"{dated}\nx-oneapi-request-id: {ID}")

    assert "zone" not in paste.values()
    assert paste.best()["occurred_at"].remark == "server_clock"
    assert paste.chain[0].made_at == "2026-03-28T13:10:45+08:00"


@pytest.mark.parametrize(
    "setting",
    [
        "client = OpenAI(timeout=60, max_retries=2)",
        "const client = new OpenAI({ maxRetries: 5 })",
        "OPENAI_MAX_RETRIES=3",
        "max retries: 3",
        "litellm.completion(model='gpt-4o', num_retries=3)",
        "the SDK is set to 3 retries",
        "SDK 默认重试 2 次",
        "最大重试次数：3",
    ],
)
def test_how_often_a_client_may_retry_is_left_out_and_told_so(setting):
    paste = read_paste(f"{setting}\nopenai.APITimeoutError: Request timed out.")

    assert not {"retry_count", "retried"} & paste.values().keys()
    assert [(spot.line, spot.why) for spot in paste.discarded] == [(1, "allowance")]


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("OpenAI(max_retries=5)\n重试了 3 次还是超时", "3"),
        ("max_retries=5, retried 2 times", "2"),
        ("elapsed=31.2s retries=2 status=504", "2"),
        ("重试次数：3", "3"),
        ("Num retries: 3", "3"),
        ("已达到最大重试次数：3", "3"),
        ("gave up after max retries 3", "3"),
        ("OpenAI(max_retries=0)", "0"),  # none was allowed, so none was
    ],
)
def test_how_often_it_was_retried_is_read_beside_such_a_setting(said, count):
    paste = read_paste(said)

    assert (paste.values()["retry_count"], paste.values()["retried"]) == (
        count,
        "yes" if count != "0" else "no",
    )


@pytest.mark.parametrize(
    ("line", "client"),
    [
        ("client = OpenAI(timeout=60, max_retries=5)", None),
        ("client = openai.OpenAI()", None),
        ("const client = new OpenAI({ timeout: 60 * 1000 })", None),
        ("client: Cherry Studio (1.5.3)", "Cherry Studio"),
        ("客户端：requests(2.31)", "requests"),
    ],
)
def test_a_variable_in_code_is_no_program(line, client):
    assert read_paste(f"{line}\nRequest timed out.").values().get("client") == client
