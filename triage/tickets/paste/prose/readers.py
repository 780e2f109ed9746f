"""What people say in their own words, and what code says in arguments: which reader looks at which line."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from triage.tickets.paste.found import Finds, Mark, Role, Sighting, Weight, Why
from triage.tickets.paste.lines import Text
from triage.tickets.paste.logs import is_log
from triage.tickets.paste.moments import moments_in
from triage.tickets.paste.prose.charges import read_charges
from triage.tickets.paste.prose.durations import read_durations
from triage.tickets.paste.prose.failures import read_error_names, read_machine, read_status
from triage.tickets.paste.prose.model_names import read_models
from triage.tickets.paste.prose.names import read_keys, read_programs, read_tasks
from triage.tickets.paste.prose.sending import read_load, read_proxy, read_retries
from triage.tickets.paste.prose.streaming import read_settings, read_streams


def find_prose(text: Text) -> Finds:
    lines, gap = text.scanned()
    if gap:
        yield Mark(*gap, Role.LEFT_OUT, Why.TOO_LONG)
    for number, line in lines:
        if is_log(line):
            continue
        low = line.lower()
        for reader, signs in _READERS:
            if not signs or any(sign in low for sign in signs):
                yield from reader(line, number)
        yield from _moments(line, number, text.now)


def _moments(line: str, number: int, now: datetime | None) -> Finds:
    for moment in list(moments_in(line, now=now))[:4]:
        yield Sighting("occurred_at", moment.text, number, Weight.HINT - 5, moment.remark)
        if moment.zone:
            yield Sighting("zone", moment.zone, number, Weight.HINT - 5)


# A reader looks at lines with one of its signs; without signs, at every line.
_READERS: Final[tuple[tuple[Callable[[str, int], Finds], tuple[str, ...]], ...]] = (
    (read_status, ()),
    (read_error_names, ("_", "error", "exception")),
    (read_models, ()),
    (read_settings, ("=", ":", "：", "(", "@", "版本", "version")),
    (read_durations, tuple("0123456789")),
    (read_retries, ("重", "retr", "sent", "tried")),
    (
        read_load,
        (
            "并发",
            "线程",
            "协程",
            "concurr",
            "parallel",
            "worker",
            "threads",
            "semaphore",
            "same time",
            "at once",
        ),
    ),
    (
        read_proxy,
        ("代理", "梯", "vpn", "prox", "直连", "反代", "direct", "nginx", "clash", "cdn", "cf", "v2ray"),
    ),
    (read_proxy, ("cloudflare", "squid", "zscaler", "caddy", "traefik")),
    (read_streams, ("stream", "流式", "sse", "打字机")),
    (read_charges, ("扣", "charg", "bill", "计费")),
    (read_tasks, ("task", "video", "cgt", "vidgen")),
    (read_keys, ("…", "**", "..")),
    (read_programs, ()),
    (read_machine, ()),
)
