"""Write docs/clients.md out of the data: `python -m tests.triage.verdicts.clients.document`."""

from collections.abc import Iterator
from math import isinf
from pathlib import Path

from triage.verdicts.clients.known import FACTS, Client, clients, earlier

PAGE = Path(__file__).parents[4] / "docs" / "clients.md"
_MARK = "<!-- generated below: python -m tests.triage.verdicts.clients.document -->"
_COUNTS = {"total": "in all", "silence": "of silence", "headers": "until headers"}


def page() -> str:
    head = PAGE.read_text("utf-8").partition(_MARK)[0]
    known = [
        client for client in clients().values() if client.sources or client.errors or client.parser_faults
    ]
    named = sorted((client.title for client in clients().values() if client not in known), key=str.lower)
    tables = (
        f"{len(clients())} clients and hops, {sum(len(client.sources) for client in known)} defaults.",
        _table("Client | Fact | By default | Reviewed | Source", map(_fact_rows, known)),
        "## Earlier defaults",
        _table("Client | Up to | Fact | Then | Reviewed | Source", map(_earlier_rows, known)),
        "## What they stumble over",
        _table(
            "Client | Stumbles over | From | Mended in | Class | Reviewed | Source", map(_fault_rows, known)
        ),
        "## What their errors look like",
        _table("Client | Says | Means | Reviewed | Source", map(_error_rows, known)),
        "## Known by name only\n\nNobody has described what these do by themselves, so nothing is claimed: "
        + ", ".join(named)
        + ".",
    )
    return f"{head}{_MARK}\n\n" + "\n\n".join(tables) + "\n"


def _table(head: str, rows_of_clients: Iterator[Iterator[tuple[str, ...]]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for rows in rows_of_clients for row in rows]
    return "\n".join((f"| {head} |", "|---" * (head.count("|") + 1) + "|", *lines))


def _fact_rows(client: Client) -> Iterator[tuple[str, ...]]:
    for fact in FACTS:
        if fact in client.sources:
            yield client.title, fact, _value(client, fact), str(client.reviewed), _link(client.sources[fact])


def _earlier_rows(client: Client) -> Iterator[tuple[str, ...]]:
    for until, then in earlier(client.name):
        changed = [fact for fact in FACTS if _source(then, fact) != _source(client, fact)]
        for fact in changed:
            yield client.title, until, fact, _value(then, fact), str(then.reviewed), _link(then.sources[fact])


def _source(client: Client, fact: str) -> str:
    return client.sources.get(fact, "")


def _value(client: Client, fact: str) -> str:
    if fact == "timeout":
        also = "".join(f", also {limit:g} s" for limit in client.timeouts_also)
        return _seconds(client.timeout_s) + f" {_COUNTS[client.timeout_of]}" + also
    if fact == "retries":
        reasons = ", ".join((*client.retry_statuses, *client.retries_on))
        return f"{client.retries}" + (f" on {reasons}" if reasons else "") + _pauses(client)
    return _seconds(client.connect_s if fact == "connect" else client.idle_s)


def _seconds(seconds: float | None) -> str:
    return "no limit" if seconds is None or isinf(seconds) else f"{seconds:g} s"


def _pauses(client: Client) -> str:
    if client.first_pause_s is None:
        return ""
    longest = f", at most {client.longest_pause_s:g} s" if client.longest_pause_s else ""
    return f"; pauses {client.first_pause_s:g} s, each x{client.pause_factor:g}{longest}"


def _fault_rows(client: Client) -> Iterator[tuple[str, ...]]:
    for fault in client.parser_faults:
        about = fault.about.replace("_", " ")
        mended = fault.mended_in or "not known"
        since = fault.since or "not known"
        yield (
            client.title,
            about,
            since,
            mended,
            f"`{fault.verdict}`",
            str(client.reviewed),
            _link(fault.source),
        )


def _error_rows(client: Client) -> Iterator[tuple[str, ...]]:
    for shape in client.errors:
        yield client.title, f"`{shape.says}`", shape.means, str(client.reviewed), _link(shape.source)


def _link(url: str) -> str:
    return f"[{url.split('/')[2].removeprefix('www.')}]({url})"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
