"""What an address of an API says: base URL, protocol, model, task, kind of work."""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from triage.tickets.paste.found import Finds, Mark, Role, Sighting, Weight, Why

URL: Final = re.compile(r"https?://[^\s\"'<>`|\\^，。；、）】」{}\[\]]{4,600}", re.IGNORECASE)
PATH: Final = re.compile(r"(?<![\w.:/])((?:/[\w.-]{1,40}){0,6}/v\d(?:beta)?/[\w/.:-]{3,120})")
_TRAILING = ".,;:!?)*"

# The part of a path that the client's library appends, the longest first.
_PROTOCOL_PATHS: Final = (
    ("/chat/completions", "openai_chat"),
    ("/responses", "openai_responses"),
    ("/messages/count_tokens", "anthropic"),
    ("/messages", "anthropic"),
)
_OTHER_PATHS: Final = re.compile(
    r"/(?:completions|embeddings|rerank|moderations|models|audio/\w+|images/(?:generations|edits|variations)"
    r"|videos?(?:/(?:generations|edits|remix))?|video/generations|tasks?|mj/(?:submit|task)"
    r"|suno/(?:submit|fetch)|files|batches|realtime"
    r"|dashboard/billing/\w+|contents/generations/tasks)(?:[/?:]|$)"
)
_MEDIA_PATHS: Final = (
    ("/images/", "image"),
    ("/mj/", "image"),
    ("/video", "video"),
    ("/suno/", "video"),
    ("/contents/generations/tasks", "video"),
)
_TASK = re.compile(
    r"/(?:tasks?|videos|video/generations|video/query|generations/tasks|fetch|predictions"
    r"|images/generations)/([\w-]{6,100})(?:/fetch|/content|/cancel)?/?$"
)
_NOT_A_TASK = frozenset(
    {"generations", "submit", "content", "completions", "edits", "variations", "imagine", "fetch"}
)
_GEMINI = re.compile(r"/models/([\w.-]{3,80}):(?:stream)?[gG]enerateContent")
_DEPLOYMENT = re.compile(r"/deployments/([\w.-]{2,80})/")
_PAGES = re.compile(
    r"^(?:www\.|docs?\.|help\.|support\.|status\.|platform\.|console\.|community\.|errors\."
    r"|developers?\.|(?:www\.)?github\.com|stackoverflow\.com"
    r"|(?:www\.)?python-httpx\.org|openai\.com|cloudflare\.com|nginx\.org|anthropic\.com)"
)


def urls_in(line: str) -> list[str]:
    return [match.group().rstrip(_TRAILING) for match in URL.finditer(line)]


def is_api(url: str) -> bool:
    """Whether requests go there, as far as the address itself tells; manuals and consoles are not."""
    host, path = _parts(url)
    return bool(
        not _PAGES.match(host)
        and (
            protocol_of(path)
            or _OTHER_PATHS.search(path)
            or _GEMINI.search(path)
            or _VERSIONED.match(f"{path}/")
        )
    )


def read_url(url: str, line: int, *, weight: int = Weight.SEEN) -> Finds:
    """Everything that the address of one request says."""
    _host, path = _parts(url)
    if base := base_of(url):
        yield Sighting("base_url", base, line, weight)
    yield from read_path(path, line, weight=weight)
    if "?" in url:
        yield Mark(line, line, Role.READ, Why.QUERY)


def read_path(path: str, line: int, *, weight: int = Weight.SEEN) -> Finds:
    """`path` may carry a query, which says nothing."""
    path = path.partition("?")[0]
    if protocol := protocol_of(path):
        yield Sighting("protocol", protocol, line, weight)
    for pattern in (_GEMINI, _DEPLOYMENT):
        if match := pattern.search(path):
            yield Sighting("model", unquote(match[1]), line, weight)
    if "streamGenerateContent" in path:
        yield Sighting("stream", "yes", line, weight)
    if work := next((work for part, work in _MEDIA_PATHS if part in path), ""):
        yield Sighting("workload", work, line, weight)
    if (task := _TASK.search(path)) and task[1] not in _NOT_A_TASK:
        yield Sighting("task_id", task[1], line, weight)


def protocol_of(path: str) -> str:
    path = path.partition("?")[0].rstrip("/")
    return next((protocol for ending, protocol in _PROTOCOL_PATHS if path.endswith(ending)), "")


def base_of(url: str) -> str:
    """What the customer has in the client's settings: scheme, host, and the path as far as it is theirs."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if not parts.netloc:
        return ""
    path = _own_path(parts.path)
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}{path}"


def without_query(url: str) -> str:
    """As typed, but for user, password and query."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
    except ValueError:
        return ""
    scheme = f"{parts.scheme}://" if "://" in url else ""
    return f"{scheme}{parts.netloc.rpartition('@')[2]}{parts.path}"


def _own_path(path: str) -> str:
    for ending, _protocol in _PROTOCOL_PATHS:
        if path.rstrip("/").endswith(ending):
            return re.sub(r"/openai/deployments/.*", "", path.rstrip("/").removesuffix(ending))
    for pattern in (_GEMINI, _OTHER_PATHS):
        if match := pattern.search(path):
            return path[: match.start()]
    version = _VERSIONED.match(path)
    return version[1] if version else path.rstrip("/")


_VERSIONED: Final = re.compile(r"((?:/[\w.-]{1,40}){0,6}?/v\d(?:beta\d?)?)/")


def _parts(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        return parts.netloc.rpartition("@")[2].lower(), parts.path
    except ValueError:
        return "", ""
