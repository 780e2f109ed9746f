"""What the clients of customers do by themselves: limits, retries, error shapes and faults, kept as data."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import re2

from triage.verdicts.phrases import number_of, phrases_in
from triage.verdicts.texts import plain

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class ErrorShape:
    """How one of the client's errors reads in a log or on a screen."""

    says: str  # as it is written
    means: str  # timeout, connect_timeout, connect, cut, parser, status, rate_limit, idle or retries_spent
    source: str


@dataclass(frozen=True, slots=True)
class ParserFault:
    """An answer that this client is known to read wrongly."""

    about: str  # a code that pages put into words
    verdict: str  # the class that fits a ticket about it
    source: str
    since: str = ""  # the version that began to; empty: as long as anybody knows
    mended_in: str = ""  # the version that reads it right; empty: none that is known

    def concerns(self, version: str) -> bool:
        """Whether this version reads it wrongly; one that is not told is taken for today's."""
        told = version_key(version)
        if not told:
            return not self.mended_in
        return version_key(self.since) <= told and (not self.mended_in or told < version_key(self.mended_in))


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One client by its defaults. None means unknown; `inf` seconds mean that it waits for ever."""

    name: str
    title: str
    aliases: tuple[str, ...]
    vendor_page: str
    reviewed: date
    words: tuple[str, ...] = ()  # aliases that are also everyday words: they count at the beginning only
    version_read: str = ""  # whose code or manual the facts are from
    version_told: str = ""  # what the ticket says
    kind: str = "client"  # or "hop": what stands between client and gateway
    stands_on: str = ""  # the client that sends for it, and lends what is not said here
    timeout_s: float | None = None  # of one request, before any retry
    timeout_of: str = ""  # what it counts: "total", "silence" between bytes, or "headers" until they came
    timeouts_also: tuple[float, ...] = ()  # other limits that it is met with: earlier ones, or of some models
    connect_s: float | None = None
    idle_s: float | None = None  # the longest pause inside a stream
    retries: int | None = None  # beyond the first request
    retry_statuses: tuple[str, ...] = ()  # "429", or "5xx" for all of them
    retries_on: tuple[str, ...] = ()  # "connect", "timeout", "cut"
    first_pause_s: float | None = None  # before the first retry
    pause_factor: float = 2  # how many times longer each later pause is
    longest_pause_s: float | None = None
    errors: tuple[ErrorShape, ...] = ()
    parser_faults: tuple[ParserFault, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)  # of timeout, connect, idle and retries

    def retries_status(self, status: int) -> bool:
        return bool({str(status), f"{status // 100}xx"} & set(self.retry_statuses))


@lru_cache(maxsize=1024)
def client_named(text: str, version: str = "") -> Client | None:
    """The client that support typed, with the defaults of its version; None for one that nobody described.

    Of several names the first counts, of names that begin at one place the longest. A version that stands
    behind the name in `text` counts where `version` is empty; without any, today's defaults are told.
    """
    found = _names("client").search(typed := plain(text))
    if found is None:
        return None
    behind = _VERSION.match(typed, found.end())
    told = version or (behind.group(1) if behind else "")
    return replace(of_version(clients()[_by_alias()[_joined(found.group())]], told), version_told=told)


_VERSION = re.compile(r"[\s/@(v=_<>-]{1,5}(\d{1,3}(?:\.\d+)*)(?![\d.])")


def hops_named(text: str) -> tuple[Client, ...]:
    """The proxies, CDNs and balancers that a text names, in its order."""
    names = (_by_alias()[_joined(found.group())] for found in _names("hop").finditer(plain(text)))
    return tuple(clients()[name] for name in dict.fromkeys(names))


def of_version(client: Client, version: str) -> Client:
    """The client with the defaults that it had then."""
    told = version_key(version)
    times = ((version_key(until), then) for until, then in earlier(client.name))
    return next((then for until, then in times if told and told <= until), client)


def version_key(version: str) -> tuple[int, ...]:
    """To compare versions by; empty when it names no number."""
    return tuple(map(int, re.findall(r"\d{1,9}", version.partition("-")[0])))[:4]


@lru_cache(maxsize=256)
def client_of_error(text: str) -> tuple[Client, ErrorShape] | None:
    """Whose error this text quotes, by the longest shape in it; None when several clients write it so."""
    read = plain(text)
    present = phrases_in(read)
    fitting = [found for number, found in _SHAPES if number in present]
    longest = max((len(says) for says, _client, _shape in fitting), default=0)
    writers = {client.name for says, client, _shape in fitting if len(says) == longest}
    theirs = [found for found in fitting if found[1].name in writers]
    return max(theirs, key=lambda found: _weight(found, read))[1:] if len(writers) == 1 else None


def _weight(found: tuple[str, Client, ErrorShape], text: str) -> tuple[bool, int]:
    """What says why counts more, and of those the innermost: causes are told last."""
    says, _client, shape = found
    return shape.means not in ("status", "retries_spent"), text.rfind(says)


_A_YEAR: Final = timedelta(days=365)


def overdue(on: date) -> tuple[str, ...]:
    """Whose facts nobody has looked at for a year."""
    return tuple(client.name for client in clients().values() if on - client.reviewed > _A_YEAR)


@cache
def clients() -> Mapping[str, Client]:
    """Every client and hop by its name, with what the one that sends for it lends."""
    return {name: _client(name, _with_lent(name)) for name in _tables()}


def _with_lent(name: str) -> Mapping[str, Any]:
    """The table of a client; facts that it does not state are those of the client that it stands on."""
    table = _tables()[name]
    below = _with_lent(table["stands_on"]) if "stands_on" in table else {}
    return {**{fact: below[fact] for fact in FACTS if fact in below}, **table}


def _client(name: str, table: Mapping[str, Any]) -> Client:
    return Client(
        name=name,
        title=table["title"],
        kind=table.get("kind", "client"),
        aliases=(name, *table.get("aliases", ())),
        words=tuple(table.get("words", ())),
        vendor_page=table["vendor_page"],
        reviewed=table["reviewed"],
        version_read=table.get("version_read", ""),
        stands_on=table.get("stands_on", ""),
        errors=tuple(ErrorShape(**shape) for shape in table.get("errors", ())),
        parser_faults=tuple(ParserFault(**fault) for fault in table.get("parser_faults", ())),
        sources={fact: table[fact]["source"] for fact in FACTS if fact in table},
        **_values(table),
    )


FACTS: Final = ("timeout", "connect", "idle", "retries")
"""What is known of a client's defaults, each with its source."""

# Where the values of the files stand in a client: table, key, field.
_PLACES: Final = (
    ("timeout", "seconds", "timeout_s"),
    ("timeout", "of", "timeout_of"),
    ("timeout", "also", "timeouts_also"),
    ("connect", "seconds", "connect_s"),
    ("idle", "seconds", "idle_s"),
    ("retries", "count", "retries"),
    ("retries", "statuses", "retry_statuses"),
    ("retries", "on", "retries_on"),
    ("retries", "first_pause_s", "first_pause_s"),
    ("retries", "pause_factor", "pause_factor"),
    ("retries", "longest_pause_s", "longest_pause_s"),
)


def _values(table: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults that a table states, by the fields of `Client`."""
    stated = {place: table[fact][key] for fact, key, place in _PLACES if key in table.get(fact, {})}
    return {place: tuple(value) if isinstance(value, list) else value for place, value in stated.items()}


@cache
def earlier(name: str) -> tuple[tuple[str, Client], ...]:
    """(the last version of a time, the client as it was then), the oldest first."""
    today = _with_lent(name)
    times = sorted(today.get("before", ()), key=lambda then: version_key(then["until"]))
    return tuple((then["until"], _client(name, {**today, **then})) for then in times)


@cache
def _by_alias() -> Mapping[str, str]:
    return {_joined(plain(alias)): client.name for client in clients().values() for alias in client.aliases}


def _joined(alias: str) -> str:
    """People write "go-openai", "go openai" and "goopenai"."""
    return _SEPARATOR.sub("", alias)


_SEPARATOR = re.compile(r"[-_ ]")


@cache
def _names(kind: str) -> "re2._Regexp":
    """Any alias of this kind, as a word of its own where it begins or ends in Latin letters.

    RE2 seeks all of them in one pass; a word ends for it where plain Latin letters and digits do.
    """
    aliases = [
        (plain(alias), alias in client.words)
        for client in clients().values()
        if client.kind == kind
        for alias in client.aliases
    ]
    longest_first = sorted(aliases, key=lambda alias: len(alias[0]), reverse=True)
    return re2.compile("|".join(_as_word(alias, is_word=is_word) for alias, is_word in longest_first))


def _as_word(alias: str, *, is_word: bool) -> str:
    start = r"\A" if is_word else _edge(alias[0])
    return start + "[-_ ]?".join(map(re2.escape, _SEPARATOR.split(alias))) + _edge(alias[-1])


def _edge(character: str) -> str:
    """Where no plain Latin letter or digit goes on beside this one; beside "@" a boundary would be one."""
    if not character.isascii():
        return ""
    return r"\b" if character.isalnum() else r"\B"


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    files = sorted(FOLDER.glob("*.toml"))
    return {name: table for file in files for name, table in tomllib.loads(file.read_text("utf-8")).items()}


_SHAPES: Final = tuple(
    (number_of(says := plain(shape.says)), (says, client, shape))
    for client in clients().values()
    for shape in client.errors
)
"""What errors look like, each with the number under which it is sought, in one pass with all other phrases.

Made as the module is read, like all that is sought: no thread then finds half of it.
"""
