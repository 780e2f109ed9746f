"""Verdicts as JSON, for rows and for programs."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from triage.verdicts.case import Confidence, Evidence, Owner, Resend, Verdict


def verdict_as_dict(verdict: Verdict) -> dict[str, Any]:
    """JSON-ready: times in ISO 8601, everything else as codes and plain values."""
    return asdict(verdict) | {"retry_not_before": _iso(verdict.retry_not_before)}


def verdict_line(verdict: dict[str, Any]) -> str:
    """A verdict's dict in the one line that terminals show."""
    return "{code} ({confidence}), owner {owner}, resend {resend}".format_map(verdict)


def verdict_from_dict(data: dict[str, Any]) -> Verdict:
    """Also of a verdict that older rules stored: what it does not say is empty, other names are dropped."""
    return Verdict(
        **{name: value for name, value in data.items() if name in _VERDICT_NAMES}
        | {
            "confidence": Confidence(data["confidence"]),
            "owner": Owner(data["owner"]),
            "resend": Resend(data.get("resend", Resend.UNKNOWN)),
            "evidence": _evidence(data.get("evidence", [])),
            "counter_evidence": _evidence(data.get("counter_evidence", [])),
            "alternatives": tuple(data.get("alternatives", ())),
            "findings": tuple(data.get("findings", ())),
            "look_first": tuple(data.get("look_first", ())),
            "retry_not_before": _time(data.get("retry_not_before")),
        }
    )


_VERDICT_NAMES = frozenset(f.name for f in fields(Verdict))


def _evidence(rows: list[dict[str, Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(**row) for row in rows)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
