"""Which program a paste comes from: User-Agent, paths of modules, names of packages with a version."""

import re
import tomllib
from importlib import resources
from typing import Final

from triage.tickets.paste.found import Finds, Sighting, Weight
from triage.verdicts.clients.known import client_named

_PROGRAMS: Final = tomllib.loads(resources.files(__package__).joinpath("programs.toml").read_text("utf-8"))
_CARRIER: Final = Weight.HINT - 10
_OF_AGENTS: Final = {"app": Weight.SEEN + 1, "sdk": Weight.SEEN, "carrier": Weight.NAMED}
_OF_PLACES: Final = {"app": Weight.NAMED + 15, "sdk": Weight.NAMED, "carrier": _CARRIER}
_AGENTS: Final = tuple(
    (re.compile(rf"(?:{row['pattern']})(?P<version>\d[\w.+-]{{0,24}})?", re.IGNORECASE), row)
    for row in _PROGRAMS["agent"]
)

_PINNED: Final = re.compile(
    r"(?:^|[/\s\"'(])(@anthropic-ai/sdk|@langchain/openai|openai|anthropic|litellm|langchain-openai"
    r"|langchain|httpx|requests|axios|go-openai)(?:@v?|==|-py-|\s+(?:Version"
    r"|version):?\s+|\s?库?版本[是为：:]?\s?)(\d[\w.-]{0,20})"
)
_PINNED_NAMES: Final = {
    "@anthropic-ai/sdk": "anthropic-ts",
    "@langchain/openai": "LangChain.js",
    "langchain-openai": "LangChain",
    "langchain": "LangChain",
    "litellm": "LiteLLM",
    "anthropic": "anthropic-python",
}
_TYPED_VERSION: Final = re.compile(
    r"\s*(?:[/ @(:：]|版本|version|\bv)?\s*(?:版本"
    r"|version)?[:： ]?\s*\(?[vV]?(\d+(?:\.\d+){1,3}(?:[-+.]?[A-Za-z0-9]{1,8}){0,2})\)?\s*$"
)
_LANGUAGES: Final = {"python": "openai-python", "js": "openai-node", "go": "openai-go", "java": "openai-java"}


def read_user_agent(agent: str, line: int) -> Finds:
    for pattern, row in _AGENTS:
        if match := pattern.search(agent):
            yield Sighting("client", row["name"], line, _OF_AGENTS[row["kind"]])
            if match["version"]:
                yield Sighting("client_version", match["version"].strip(".-"), line, _OF_AGENTS[row["kind"]])


def read_place(frame: str, line: int) -> Finds:
    """Whose code a line of a stack is."""
    low = frame.lower()
    for row in _PROGRAMS["place"]:
        if row["part"] in low:
            yield Sighting("client", row["name"], line, _OF_PLACES[row["kind"]])
    yield from read_pinned(frame, line)
    if "resources/chat/completions" in low or "resources\\chat\\completions" in low:
        yield Sighting("protocol", "openai_chat", line, Weight.NAMED)
    elif "openai/resources/responses" in low:
        yield Sighting("protocol", "openai_responses", line, Weight.NAMED)
    elif "anthropic/resources" in low or "@anthropic-ai/sdk/resources" in low:
        yield Sighting("protocol", "anthropic", line, Weight.NAMED)
    if (
        "/_streaming.py" in low
        or "/streaming.ts" in low
        or "/streaming.js" in low
        or "/lib/streaming/" in low
    ):
        yield Sighting("stream", "yes", line, Weight.NAMED)


def read_pinned(text: str, line: int) -> Finds:
    """A package with its version, as in openai==1.2.3 or node_modules/openai@4.2.0."""
    for match in _PINNED.finditer(text):
        node = "node_modules" in text or "@" in match.group()
        name = _PINNED_NAMES.get(match[1]) or (
            "openai-node"
            if node and match[1] == "openai"
            else "openai-python"
            if match[1] == "openai"
            else match[1]
        )
        weight = _CARRIER if match[1] in ("httpx", "requests", "axios") else Weight.NAMED
        yield Sighting("client", name, line, weight)
        if weight > _CARRIER:
            yield Sighting("client_version", match[2].strip(".-"), line, Weight.NAMED)


def sdk_of_language(lang: str) -> str:
    """OpenAI's SDK of this language; Anthropic's tells so by its User-Agent as well, which counts more."""
    return _LANGUAGES.get(lang.strip().lower(), "")


def split_version(said: str) -> tuple[str, str]:
    """("Cherry Studio", "1.5.3") of "Cherry Studio v1.5.3"; no version when none stands at the end."""
    match = _TYPED_VERSION.search(said[:160])
    return (said[: match.start()].strip(" ,，(（"), match[1]) if match and match.start() else (said, "")


def client_in(prose: str) -> tuple[str, str, int] | None:
    """(title, version, weight) of a program that prose names, if the desk knows it."""
    known = client_named(prose)
    if known is None:
        return None
    longest_first = sorted(known.aliases, key=len, reverse=True)
    places = (re.search(_loosely(alias), prose, re.IGNORECASE) for alias in longest_first)
    at = next(filter(None, places), None)
    behind = _VERSION_BEHIND.match(prose, at.end()) if at else None
    if known.name in _EVERYDAY and not behind:
        return None
    weight = Weight.FAINT + 5 if known.name in _CARRIERS else Weight.HINT
    return known.title, behind[1] if behind else "", weight


def _loosely(alias: str) -> str:
    """Hyphens and spaces in a name are anybody's choice."""
    return "[-_ ]?".join(map(re.escape, re.split(r"[-_ ]+", alias)))


_VERSION_BEHIND: Final = re.compile(
    r"(?:[ -]?[A-Z][a-z]{2,10})?(?: ?version)?[\s/@(（=vV版本是:：]{1,6}(\d+(?:\.\d+){1,3})"
)
_EVERYDAY: Final = frozenset({"requests", "continue", "goose", "cursor", "bob", "coze", "trae"})
"""Words that people write without meaning the program."""
_CARRIERS: Final = frozenset(
    row["name"] for kind in ("agent", "place") for row in _PROGRAMS[kind] if row["kind"] == "carrier"
)
