"""Facts and headers of one request as several runs saw it: what differs, the most telling first."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from django.utils.translation import gettext as _

from probes.wire.facts import Facts
from triage.history.comparison import OF_ANY_ATTEMPT, FactRow
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.facts import FACTS
from triage.tickets.wording.values import fact_text

# From what makes two answers different answers to what only colours them.
_MOST_TELLING = (
    *("failure", "status", "in_stream_error", "end_mode", "body_kind", "error_type", "error_code"),
    *("error_message", "decode_problem", "finish_reason", "done_seen", "content_chars", "tool_calls"),
    *("doubled", "malformed_events", "model_reported", "burst_count", "events_per_read", "first_content_ms"),
    *("headers_ms", "max_gap_ms", "total_ms", "connect_ms", "tls_ms", "resolve_ms", "retry_after_s"),
    *("http_version", "tls_version", "address", "content_type", "content_encoding"),
)
_RANKS = {name: rank for rank, name in enumerate(_MOST_TELLING)}
_TELLING_HEADERS = (
    *("server", "via", "x-accel-buffering", "cache-control", "content-type", "content-encoding"),
    *("transfer-encoding", "retry-after", "cf-cache-status", "x-cache"),
)
_HEADER_RANKS = {name: rank for rank, name in enumerate(_TELLING_HEADERS)}

# Of one answer alone, or told by another fact of this list better.
_NEVER_COMPARED = frozenset(
    {
        "body_sha256", "request_ids", "gap_histogram", "retry_at", "clock_skew_s", "max_gap_at_ms",
        "max_gap_after", "last_byte_ms", "first_byte_ms", "first_event_ms", "malformed_sample", "unfinished",
        "task_submitted_at", "task_expires_at", "balance", "credit_used", "reads", "bytes_per_read",
        "max_read_gap_ms", "first_comment_ms", "last_comment_ms", "repeated_deltas", "decoded_bytes",
    }
)  # fmt: skip
_OWN_TABLES = frozenset(
    {"step", "headers", "header_names", "headers_missing", "body_excerpt", "bursts", "id_chain"}
)
# Where nothing is known of these, it was not written down: older desks kept less.
_UNKNOWN_UNLESS_TOLD = frozenset({"address", "addresses", "http_version", "model_reported"})
# What each protocol says in words of its own, or only one of them says.
_OF_ONE_PROTOCOL = frozenset(
    {
        "finish_reason", "done_seen", "end_mode", "last_seen", "error_type", "error_code", "error_param",
        "error_message", "usage_seen", "pings", "comments", "events", "answers", "empty_choices_events",
        "prompt_tokens", "completion_tokens", "reasoning_tokens", "model_reported", "shape_known",
    }
)  # fmt: skip
_ANOTHER_EACH_TIME = re.compile(r"^(content-length|date|age|.*(-id|-ray|-ms|-remaining.*|-reset.*))$")
# Two measurements are of one size unless one is twice the other and they are so far apart.
_FAR_APART = {"_ms": 300.0, "_bytes": 1024.0, "_chars": 80.0, "_tokens": 16.0, "_s": 5.0, "_per_read": 4.0}
_FAR_APART_COUNTS = 5.0

Seen = Sequence[Facts | None]


def facts_across(seen: Seen, *, one_protocol: bool = True) -> list[FactRow]:
    """Every fact that a run showed; differing ones first. None stands for a run without this request."""
    told = [facts.as_dict() if facts else {} for facts in seen]
    names = [name for name in FACTS if name not in _OWN_TABLES and any(name in facts for facts in told)]
    rows = [_fact_row(name, seen, one_protocol=one_protocol) for name in names]
    return sorted(rows, key=lambda row: (not row.differs, fact_rank(row.name)))


def headers_across(seen: Seen) -> list[FactRow]:
    """Every header that an answer had, also those whose values are not kept; differing ones first."""
    names = sorted(set(chain.from_iterable((*facts.headers, *facts.header_names) for facts in seen if facts)))
    rows = [_header_row(name, seen) for name in names]
    return sorted(rows, key=lambda row: (not row.differs, header_rank(row.name)))


def fact_rank(name: str) -> int:
    """The lower the more telling; what nobody ranked comes last, in the order of the wire."""
    return _RANKS.get(name, len(_RANKS))


def header_rank(name: str) -> int:
    return _HEADER_RANKS.get(name, len(_HEADER_RANKS))


def _fact_row(name: str, seen: Seen, *, one_protocol: bool) -> FactRow:
    values = tuple(fact_text(name, getattr(facts, name), step=facts.step) if facts else "" for facts in seen)
    is_compared = name not in _NEVER_COMPARED and (one_protocol or name not in _OF_ONE_PROTOCOL)
    differs = is_compared and _disagree([getattr(facts, name) for facts in _tellers(name, seen)], name)
    return FactRow(name, in_words(FACTS, name), values, differs=differs)


def _tellers(name: str, seen: Seen) -> Iterator[Facts]:
    """Those that can say something of it: one that was not answered knows only how it failed."""
    for facts in seen:
        if facts is None or facts.skipped or (name in _UNKNOWN_UNLESS_TOLD and not getattr(facts, name)):
            continue
        if facts.status is not None or name in OF_ANY_ATTEMPT:
            yield facts


def _disagree(values: Sequence[object], name: str) -> bool:
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if numbers and len(numbers) == len(values) and name != "status":
        return max(numbers) >= 2 * min(numbers) and max(numbers) - min(numbers) >= _far_apart(name)
    return len(set(map(repr, values))) > 1


def _far_apart(name: str) -> float:
    return next((far for ending, far in _FAR_APART.items() if name.endswith(ending)), _FAR_APART_COUNTS)


def _header_row(name: str, seen: Seen) -> FactRow:
    values = tuple(_header_text(name, facts) for facts in seen)
    answered = [facts for facts in seen if facts and facts.status is not None]
    return FactRow(name, name, values, differs=len({_header_tells(name, facts) for facts in answered}) > 1)


def _header_tells(name: str, facts: Facts) -> str | bool:
    """Of a value that changes from answer to answer, only whether it is there."""
    if _ANOTHER_EACH_TIME.match(name):
        return name in facts.headers or name in facts.header_names
    return _header_text(name, facts)


def _header_text(name: str, facts: Facts | None) -> str:
    if facts is None or facts.status is None:
        return ""
    if name in facts.headers:
        return facts.headers[name]
    return _("there, value not kept") if name in facts.header_names else _("missing")
