"""Reading one refusal: exact code, then words, then broad type, then status, over all families."""

import re
from itertools import chain

from probes.wire.facts import Facts
from triage.verdicts.case import Confidence, Evidence
from triage.verdicts.reading import Answer, Conclusion, answer_of
from triage.verdicts.rules import auth, balances, behind, edge, limits, requests, servers
from triage.verdicts.texts import Lead

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
_LEADS = tuple(chain.from_iterable(family.leads for family in FAMILIES))
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


def _by_sign(answer: Answer) -> tuple[str, str, str]:
    """(class, what decided, the sign itself); empty strings when nothing is recognised."""
    for rule in (*_EDGE_FIRST, *_SPECIAL):
        if code := rule(answer):
            return code, "special", ""
    for name in (answer.code, answer.kind, *_names_in(answer)):
        if name in _CODES:
            return _CODES[name], "code", name
    if found := _worded(answer, _LEADS):
        return found
    if code := edge.page_in_a_parser(answer):
        return code, "words", ""
    for name in (answer.code, answer.kind):
        if name in servers.TYPES:
            return servers.TYPES[name], "type", name
    if answer.status in _STATUSES:
        return _STATUSES[answer.status], "status", ""
    if answer.status is not None and answer.status >= 500:
        return "upstream.error", "status", ""
    return "", "", ""


_NAME = re.compile(r"(?<![a-z])[a-z]+(?:[_:][a-z]+)+")


def _names_in(answer: Answer) -> list[str]:
    """Vendor names that a ticket quotes without the JSON around them."""
    return _NAME.findall(answer.text) if answer.is_declared else []


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


def _worded(answer: Answer, leads: tuple[tuple[str, Lead], ...]) -> tuple[str, str, str] | None:
    barred = _AT_ODDS.get(answer.status or 0, ())
    for code, lead in leads:
        if not code.startswith(barred or ("-",)) and (words := lead.found_in(answer.text)):
            return code, "words", words
    return None


_CONFIDENCE = {
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

SPECIFIC = ("special", "code", "words")
"""Signs that name the class; a type or a status alone does not, and "upstream error" names no cause."""


def read_error(answer: Answer) -> tuple[Conclusion, bool] | None:
    """(conclusion, whether its sign is specific) of an answer that names a fault; None for any other."""
    code, basis, sign = _by_sign(answer)
    if not code:
        return None
    confidence = Confidence.LIKELY if code in _LOOK_ALIKE else _CONFIDENCE[basis]
    conclusion = Conclusion(
        code=code,
        confidence=_SECOND_HAND[confidence] if answer.is_declared else confidence,
        evidence=_evidence(answer, sign),
        alternatives=NEIGHBOURS.get(code, ()),
        answer=answer,
    )
    return conclusion, basis in SPECIFIC and code != "upstream.error"


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
