"""Verdicts and charge findings as JSON, for rows and for programs."""

from dataclasses import asdict, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from triage.charges.finding import ChargeCode, ChargeFinding
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
            "retry_not_before": _time(data.get("retry_not_before")),
        }
    )


_VERDICT_NAMES = frozenset(f.name for f in fields(Verdict))


def finding_as_dict(finding: ChargeFinding) -> dict[str, Any]:
    """JSON-ready: amounts as text, so that no digit is lost."""
    return asdict(finding) | {
        "net": _amounts_as_text(finding.net),
        "excess": _amounts_as_text(finding.excess),
        "covered_until": _iso(finding.covered_until),
    }


def finding_from_dict(data: dict[str, Any]) -> ChargeFinding:
    return ChargeFinding(
        **data
        | {
            "code": ChargeCode(data["code"]),
            "task_ids": tuple(data["task_ids"]),
            "charge_ids": tuple(data["charge_ids"]),
            **{name: tuple(data.get(name, ())) for name in ("return_ids", "repeated_task_ids", "remarks")},
            "net": {currency: Decimal(amount) for currency, amount in data["net"].items()},
            "excess": {currency: Decimal(amount) for currency, amount in data["excess"].items()},
            "covered_until": _time(data["covered_until"]),
        }
    )


def _evidence(rows: list[dict[str, Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(**row) for row in rows)


def _amounts_as_text(amounts: Any) -> dict[str, str]:
    return {currency: format(amount, "f") for currency, amount in amounts.items()}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
