"""How many requests a client sent for one wish: what was declared, and what its library adds unasked."""

import re
from collections.abc import Sequence
from dataclasses import replace

from triage.charges.finding import ChargeFinding, Line, Remark, Statement, WireCount, ids_of

_ALONE = 0  # plain HTTP libraries send once
_TWICE_MORE = 2

# What a client does unasked is described, with its sources, in triage/verdicts/clients; a test holds both to
# one another. The first that fits counts, so those that only sound like an SDK come before it.
_HIDDEN: tuple[tuple[re.Pattern[str], int | None], ...] = (
    (re.compile(r"langchaingo|langchain4j|elixir.?langchain|ruby.?openai|openai.?ruby"), None),
    (re.compile(r"go.?openai|go.?gpt3|net/http|golang"), _ALONE),
    (re.compile(r"azure\.ai\.openai|openai.?dotnet"), 3),
    (re.compile(r"langchain.?js"), 6),
    (re.compile(r"llama.?index"), 3),
    (re.compile(r"claude.?code"), 10),
    (re.compile(r"spring.?ai|gemini.?cli"), 9),
    (re.compile(r"openai|anthropic|claude|langchain|autogen|crewai|instructor|litellm"), _TWICE_MORE),
    (re.compile(r"curl|wget|httpx|requests|urllib|aiohttp|axios|fetch|insomnia|guzzle"), _ALONE),
)


def hidden_retries(client: str) -> int | None:
    """What a client library does by itself unless told otherwise; None for one that nobody knows."""
    named = client.casefold()
    return next((retries for pattern, retries in _HIDDEN if pattern.search(named)), None)


def count_requests(rows: int, *, declared: int | None, client: str = "") -> WireCount:
    hidden = hidden_retries(client)
    at_least = 1 + (declared or 0)
    return WireCount(
        rows=rows,
        declared_retries=declared,
        hidden_retries=hidden,
        client=client,
        at_least=at_least,
        at_most=None if hidden is None else at_least * (1 + hidden),
    )


def with_requests_counted(
    finding: ChargeFinding, submissions: Sequence[Line], *, declared: int | None, client: str
) -> ChargeFinding:
    """The finding of a repeated submission with the arithmetic, if anything is known to count with."""
    count = count_requests(len(submissions), declared=declared, client=client)
    if count.declared_retries is None and count.hidden_retries is None:
        return replace(finding, wire_count=count)
    verdict = _verdict(count)
    said = Statement(code=verdict, charge_ids=ids_of(submissions)) if verdict else None
    return replace(
        finding,
        wire_count=count,
        remarks=(*finding.remarks, *([verdict] if verdict else [])),
        statements=(*finding.statements, *([said] if said else [])),
    )


def _verdict(count: WireCount) -> Remark | None:
    if count.rows < count.at_least:
        return Remark.FEWER_ROWS_THAN_REQUESTS
    most = count.at_least if count.at_most is None else count.at_most
    if count.rows <= most:
        return Remark.RETRIES_EXPLAIN_ROWS
    return None if count.at_most is None else Remark.MORE_ROWS_THAN_REQUESTS
