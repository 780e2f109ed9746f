"""Reading one refusal: exact code, then words, then broad type, then status, over all families."""

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

import re2

from probes.wire.facts import Facts
from triage.verdicts.case import Confidence, Evidence
from triage.verdicts.reading import Answer, Conclusion, answer_of
from triage.verdicts.rules import auth, balances, behind, edge, limits, requests, servers

FAMILIES = (
    edge.FAMILY,
    balances.FAMILY,
    limits.FAMILY,
    requests.FAMILY,
    auth.FAMILY,
    servers.FAMILY,
    behind.FAMILY,
)

_EDGE_FIRST = (behind.quoted_page, *edge.FAMILY.special)
_SPECIAL = (
    *tuple(chain.from_iterable(family.special for family in FAMILIES[1:])),
    limits.whose_rate,
    requests.worded_request_fault,
)
_CODES = {name: code for family in FAMILIES for name, code in family.codes.items()}
_LEADS = (*chain.from_iterable(family.leads for family in FAMILIES), *requests.LAST_LEADS)
_STATUSES = {status: code for family in FAMILIES for status, code in family.statuses.items()}

NEIGHBOURS = {
    "limit.upstream_saturated": ("limit.upstream_rate", "limit.upstream_daily"),
    "limit.gateway_rate": ("limit.upstream_rate", "limit.concurrency"),
    "limit.ip": ("client.wrong_base_url",),
    "auth.key_unknown": ("auth.key_expired", "auth.upstream_credential"),
    "auth.upstream_credential": ("auth.key_unknown",),
    "auth.key_expired": ("auth.key_unknown", "quota.key_used_up"),
    "balance.empty": ("balance.below_hold", "quota.key_used_up", "balance.upstream_empty"),
    "balance.below_hold": ("balance.empty",),
    "model.no_channel": ("model.unknown",),
    "model.unknown": ("model.no_channel", "client.wrong_base_url"),
    "edge.blocked": ("edge.challenge", "reach.block_page"),
    "edge.gateway_down": ("upstream.error",),
    "edge.origin_slow": ("timeout.our_proxy", "timeout.upstream"),
    "timeout.our_proxy": ("edge.origin_slow", "timeout.upstream"),
    "upstream.error": ("gateway.internal",),
    "gateway.internal": ("upstream.error",),
    "client.wrong_base_url": ("reach.block_page",),
    "stream.cut": ("upstream.error",),
    "stream.malformed": ("upstream.error",),
    "body.malformed": ("upstream.error",),
}
"""What stays possible beside a class until its deciding fact is known."""


_SHARED_NAMES = frozenset(
    {
        *("invalid_api_key", "token_expired", "key_expired", "throttling_error"),
        *("insufficient_balance", "billing_error", "payment_required", "billing_not_active"),
        *("model_not_found", "model_not_supported", "deploymentnotfound", "get_channel_failed"),
        *("do_request_failed", "bad_response_status_code", "bad_response", "bad_response_body"),
        *("timeout_error", "service_unavailable_error", "request_too_large", "rate_limit_exceeded"),
    }
)
"""Names that come with more than one cause: the words beside them are read first."""


class Sign(NamedTuple):
    """The class that an answer points at, what pointed, and the sign itself."""

    code: str
    basis: str
    words: str = ""


def _by_sign(answer: Answer) -> Sign | None:
    for read in (_at_the_edge, _by_own_name, _by_rule, _by_name, _by_words, _by_type, _by_status):
        if sign := read(answer):
            return sign
    return None


def _at_the_edge(answer: Answer) -> Sign | None:
    code = next((code for rule in _EDGE_FIRST if (code := rule(answer))), "")
    return Sign(code, "edge") if code else None


def _by_own_name(answer: Answer) -> Sign | None:
    """A name that only one fault has."""
    names = (name for name in (answer.code, answer.kind) if name not in _SHARED_NAMES)
    return _named(names, "own_name")


def _by_rule(answer: Answer) -> Sign | None:
    code = next((code for rule in _SPECIAL if (code := rule(answer))), "")
    return Sign(code, "special") if code else None


def _by_name(answer: Answer) -> Sign | None:
    return _named((answer.code, answer.kind, *_names_in(answer)), "code")


def _named(names: Iterable[str], basis: str) -> Sign | None:
    return next((Sign(_CODES[name], basis, name) for name in names if name in _CODES), None)


def _by_words(answer: Answer) -> Sign | None:
    if found := _worded(answer):
        return found
    code = edge.page_in_a_parser(answer)
    return Sign(code, "words") if code else None


def _by_type(answer: Answer) -> Sign | None:
    names = (name for name in (answer.code, answer.kind) if name in servers.TYPES)
    return next((Sign(servers.TYPES[name], "type", name) for name in names), None)


def _by_status(answer: Answer) -> Sign | None:
    status = answer.status or 0
    code = _STATUSES.get(status) or ("upstream.error" if status >= 500 else "")
    return Sign(code, "status") if code else None


_NAME = re2.compile(r"[a-z]+(?:[_:][a-z]+)+")


def _names_in(answer: Answer) -> list[str]:
    """Vendor names that a ticket quotes without the JSON around them."""
    return list(_NAME.findall(answer.text)) if answer.is_declared else []


_AT_ODDS = {
    429: (
        "auth.",
        "client.wrong",
        "client.bad",
        "client.context",
        "model.",
        "stream.",
        "upstream.error",
        "gateway.",
        "edge.gateway_down",
    ),
    402: ("auth.", "limit.", "model.", "client."),
    401: ("limit.", "edge.gateway_down"),
}
"""Classes that the words of a message cannot give to an answer of this status."""


PAGES_ONLY = ("edge.gateway_down", "edge.origin_slow", "edge.origin_unreachable", "timeout.our_proxy")
"""What a server in front of the API says in a page: an error object of the API speaks of what lies behind."""


def _worded(answer: Answer) -> Sign | None:
    barred = _AT_ODDS.get(answer.status or 0, ()) + (PAGES_ONLY if answer.is_error_object else ())
    for code, lead in _LEADS:
        if not (barred and code.startswith(barred)) and (words := lead.found_in(answer.text)):
            return Sign(code, "words", words)
    return None


_CONFIDENCE = {
    "edge": Confidence.CERTAIN,
    "own_name": Confidence.CERTAIN,
    "special": Confidence.CERTAIN,
    "code": Confidence.CERTAIN,
    "words": Confidence.CERTAIN,
    "type": Confidence.LIKELY,
    "status": Confidence.POSSIBLE,
}
_LOOK_ALIKE = ("auth.key_unknown", "auth.upstream_credential")
"""Whose key was refused, no answer says for certain: gateways pass on their provider's words."""

_SECOND_HAND = {
    Confidence.CERTAIN: Confidence.LIKELY,
    Confidence.LIKELY: Confidence.POSSIBLE,
    Confidence.POSSIBLE: Confidence.POSSIBLE,
}

_UNSPECIFIC = ("type", "status")

_LEFT_OPEN_BY_A_STATUS = {
    400: ("client.context_too_long", "balance.upstream_empty", "content.blocked"),
    401: ("quota.key_used_up", "auth.key_expired", "auth.key_missing", "auth.upstream_credential"),
    403: ("balance.below_hold", "auth.ip_not_allowed", "auth.region", "edge.blocked"),
    404: ("client.wrong_base_url", "model.retired"),
    429: (
        "limit.upstream_rate",
        "limit.upstream_saturated",
        "limit.daily_key_quota",
        "balance.upstream_empty",
    ),
    500: ("gateway.internal", "client.bad_parameter"),
    503: ("model.no_channel", "upstream.overloaded", "edge.gateway_down"),
}
"""What the same number is used for by gateways and vendors: a code or words must decide."""


class Read(NamedTuple):
    """What one answer says.

    `specific`: its sign names the class; a type or a status alone does not, and "upstream error" names no
    cause. `exact`: the sign is a name that only this fault has, or the page of an edge.
    """

    conclusion: Conclusion
    specific: bool
    exact: bool

    @property
    def code(self) -> str:
        return self.conclusion.code


def read_error(answer: Answer) -> Read | None:
    """The fault that an answer names; None for an answer that names none."""
    sign = _by_sign(answer)
    if sign is None:
        return None
    confidence = Confidence.LIKELY if sign.code in _LOOK_ALIKE else _CONFIDENCE[sign.basis]
    by_status = sign.basis == "status"
    conclusion = Conclusion(
        code=sign.code,
        confidence=_SECOND_HAND[confidence] if answer.is_declared else confidence,
        evidence=_evidence(answer, sign.words),
        alternatives=(
            *NEIGHBOURS.get(sign.code, ()),
            *(_LEFT_OPEN_BY_A_STATUS.get(answer.status or 0, ()) if by_status else ()),
        ),
        answer=answer,
        overturned_by="error_text" if by_status and answer.is_declared else "",
    )
    specific = sign.basis not in _UNSPECIFIC and sign.code != "upstream.error"
    return Read(conclusion, specific, sign.basis in ("edge", "own_name"))


def by_number_alone(conclusion: Conclusion) -> bool:
    """Whether a ticket's mere status led here, so that its words may lead elsewhere."""
    told = conclusion.answer is not None and conclusion.answer.is_declared
    return told and conclusion.overturned_by == "error_text"


def _evidence(answer: Answer, sign: str) -> tuple[Evidence, ...]:
    seen: list[tuple[str, object]] = [
        ("status", answer.status),
        ("error_code", answer.code),
        ("error_type", answer.kind),
    ]
    if answer.facts is not None:
        seen += [("error_message", answer.facts.error_message[:160]), ("body_kind", answer.facts.body_kind)]
        seen += [
            (name, answer.headers[name])
            for name in ("cf-mitigated", "cf-ray", "server", "retry-after")
            if name in answer.headers
        ]
    if sign and sign not in (answer.code, answer.kind):
        seen.append(("words", sign))
    elif not sign and answer.is_declared and answer.text:
        seen.append(("words", answer.text[:120]))
    return tuple(Evidence(answer.where, name, value) for name, value in seen if value not in (None, ""))


def faulty(answer: Answer) -> bool:
    """Whether an attempt's answer is a refusal at all."""
    facts = answer.facts
    if facts is None:
        return True
    return (
        (facts.status is not None and facts.status != 200) or answer.html or bool(answer.code or answer.kind)
    )


def error_of(facts: Facts | None) -> Answer | None:
    """The refusal that this attempt met; None when it met none."""
    answer = answer_of(facts) if facts else None
    return answer if answer and faulty(answer) else None
