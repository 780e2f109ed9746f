"""What is known of clients, and how they are recognised."""

from collections import Counter
from datetime import date
from math import inf

import pytest

from triage.charges.retries import hidden_retries
from triage.verdicts.clients.known import (
    FACTS,
    client_named,
    client_of_error,
    clients,
    earlier,
    hops_named,
    overdue,
    version_key,
)
from triage.verdicts.codes import ISSUES
from triage.verdicts.texts import plain

REVIEW_WITHIN_A_YEAR = "look at the sources of these clients again, correct what changed, and set `reviewed`"


def test_no_review_is_older_than_a_year():
    assert overdue(date.today()) == (), REVIEW_WITHIN_A_YEAR


def test_a_year_later_every_review_is_overdue():
    assert len(overdue(date(2031, 1, 1))) == len(clients())


@pytest.mark.parametrize("client", clients().values(), ids=lambda client: client.name)
def test_every_fact_names_its_source(client):
    told = {
        "timeout": client.timeout_s,
        "connect": client.connect_s,
        "idle": client.idle_s,
        "retries": client.retries,
    }

    assert {fact for fact in FACTS if told[fact] is not None} == set(client.sources)
    links = [*client.sources.values(), *(shape.source for shape in client.errors), client.vendor_page]
    assert all(link.startswith("https://") for link in links)
    assert all(fault.verdict in ISSUES for fault in client.parser_faults)


def test_no_two_clients_answer_to_one_name():
    names = Counter(plain(alias) for client in clients().values() for alias in set(client.aliases))

    assert [alias for alias, count in names.items() if count > 1] == []


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("openai-python", "openai-python"),
        ("python openai sdk 1.51", "openai-python"),
        ("OpenAI SDK", "openai-sdk"),
        ("openai-node 5", "openai-node"),
        ("anthropic-sdk-python", "anthropic-python"),
        ("langchain ChatOpenAI", "langchain-python"),
        ("LangChain.js 0.3", "langchain-js"),
        ("langchain4j", "langchain4j"),
        ("Elixir LangChain 0.8.13", "elixir-langchain"),
        ("Cherry Studio v1.7.12", "cherry-studio"),
        ("CherryStudio", "cherry-studio"),
        ("Claude Code 子代理", "claude-code"),
        ("沉浸式翻译", "immersive-translate"),
        ("酒馆", "sillytavern"),
        ("Dify 接 RAGFlow", "dify"),
        ("curl / opencode / playground 都试过", "curl"),
        ("安卓 App (okhttp)", "okhttp"),
        ("go openai", "go-openai"),
        ("Go 程序", "go-net-http"),
        ("Azure.AI.OpenAI (C#)", "openai-dotnet"),
        ("HttpClient .NET", "dotnet-httpclient"),
        ("requests", "requests"),
        ("continue.dev", "continue"),
        ("ＯｐｅｎＡＩ－Ｐｙｔｈｏｎ", "openai-python"),
    ],
)
def test_a_client_is_known_as_people_type_it(typed, name):
    assert client_named(typed).name == name


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "自研网关",
        "openaiish",
        "too many requests",
        "please continue",
        "gpt-5-codex",
        "prefetch",
        "Chrome",
    ],
)
def test_words_and_other_names_are_no_client(typed):
    assert client_named(typed) is None


@pytest.mark.parametrize(
    ("typed", "version", "timeout_s", "retries"),
    [
        ("Cherry Studio", "", 1800, None),
        ("Cherry Studio", "1.2.7", 60, 1),
        ("Cherry Studio v1.2.10", "", 60, 1),
        ("Cherry Studio v1.2.11", "", 600, None),
        ("Cherry Studio", "v1.7.24", 600, None),
        ("Cherry Studio 1.9.9", "", 1800, None),
        ("gemini-cli 0.21.1", "", None, 2),
        ("gemini-cli", "0.31.0", None, 9),
        ("openai-node", "3.2.1", inf, 0),
        ("openai-node 5", "", 600, 2),
    ],
)
def test_defaults_are_those_of_the_version(typed, version, timeout_s, retries):
    client = client_named(typed, version)

    assert (client.timeout_s, client.retries) == (timeout_s, retries)


def test_what_a_framework_does_not_set_is_lent_by_the_sdk_below():
    langchain, sdk = clients()["langchain-python"], clients()["openai-python"]

    assert (langchain.timeout_s, langchain.retries, langchain.idle_s) == (sdk.timeout_s, sdk.retries, 120)
    assert langchain.sources["retries"] == sdk.sources["retries"]
    assert clients()["n8n"].retries == 2  # its own, though LangChain below would retry six times


def test_earlier_times_are_told_the_oldest_first():
    assert [until for until, _then in earlier("cherry-studio")] == ["1.2.10", "1.7.24"]
    assert version_key("v1.7.0-rc.1") == (1, 7, 0)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("openai.APITimeoutError: Request timed out.", "openai-python"),
        ("litellm.Timeout: APITimeoutError - Request timed out", "litellm"),
        (
            "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='x', port=443): Read timed out.",
            "requests",
        ),
        ("TypeError: fetch failed { cause: UND_ERR_HEADERS_TIMEOUT }", "undici"),
        ("curl: (28) Operation timed out after 60001 milliseconds", "curl"),
        ("Run failed: [openai_api_compatible] Error: PluginInvokeError", "dify"),
        ("AI_RetryError: Failed after 3 attempts. Last error: Too Many Requests", "vercel-ai-sdk"),
        ("stream has sent too many empty messages", "go-openai"),
    ],
)
def test_an_error_names_the_client_that_writes_it_so(text, name):
    assert client_of_error(text)[0].name == name


@pytest.mark.parametrize("text", ["", "APIConnectionTimeoutError", "429 Too Many Requests", "timeout"])
def test_an_error_that_several_write_names_nobody(text):
    assert client_of_error(text) is None


def test_hops_are_known_by_what_people_call_them():
    assert [hop.name for hop in hops_named("Cloudflare 小黄云后面是 nginx 反代")] == ["cloudflare", "nginx"]
    assert hops_named("直连") == ()


def test_a_client_tells_which_statuses_it_retries():
    client = clients()["openai-python"]

    assert [status for status in (400, 401, 408, 429, 500, 529) if client.retries_status(status)] == [
        408,
        429,
        500,
        529,
    ]


@pytest.mark.parametrize("client", clients().values(), ids=lambda client: client.name)
def test_charges_are_counted_with_the_same_retries(client):
    assert hidden_retries(client.name) in (None, client.retries)
