"""Errors as their vendors send them, with the class of each: a line of the file for every name worth knowing.

`told` is the class where only a ticket quotes the answer, if that is another.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from probes.wire.dialects.table import DIALECTS
from probes.wire.facts import Facts
from probes.wire.moments import Chunk, Closed, Headers, Sending, Sent
from probes.wire.reader import read_facts

_FILE = Path(__file__).with_suffix(".jsonl")
_AT = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorAnswer:
    """A refusal as it travels, and the class that it means."""

    name: str
    status: int
    headers: Mapping[str, str]
    body: str
    code: str
    told: str

    def facts(self) -> Facts:
        """The control attempt that met it, read as the worker reads one."""
        moments = [
            Sending(5.0),
            Sent(6.0),
            Headers(40.0, self.status, "HTTP/1.1", tuple(self.headers.items())),
        ]
        data = [Chunk(41.0, self.body.encode())] if self.body else []
        return read_facts(
            [*moments, *data, Closed(42.0)], step="control", dialect=DIALECTS["openai_chat"], wall_start=_AT
        )


def vendor_answers() -> Iterator[VendorAnswer]:
    for line in _FILE.read_text("utf-8").splitlines():
        row = json.loads(line)
        body = row["body"]
        yield VendorAnswer(
            name=row["name"],
            status=row["status"],
            headers=row.get("headers", {"content-type": "application/json"}),
            body=body if isinstance(body, str) else json.dumps(body, ensure_ascii=False),
            code=row["class"],
            told=row.get("told", row["class"]),
        )
