"""Tracebacks of Python, Node, Go, Java and C#: whose code it was; the frames themselves are left out."""

import re
from typing import Final

from triage.tickets.paste.arguments import read_arguments
from triage.tickets.paste.clients import read_place
from triage.tickets.paste.found import Finds, Mark, Role, Sighting, Weight, Why
from triage.tickets.paste.lines import Text

_FRAME: Final = re.compile(
    r"^(?:\d{4}-\d\d-\d\d[ T][\d:.,]{5,18}Z?(?= ))?\s{0,40}(?:[|│+]\s{0,6})*(?:"
    r'File "[^"]{1,300}", line \d+'  # Python
    r"|at (?:async |new )?[\w.$<>\[\] /@\\:-]{1,200}(?:\([^)]{0,300}\)?)"  # Node, Java
    r"|at (?:async )?(?:file://|node:|/|[A-Z]:\\|https?://|webpack|app://)\S{1,300}:\d+:\d+"
    r"|\.\.\. \d+ (?:more|common frames omitted)"
    r"|at [\w.`<>\[\], ]{3,200}\([^)]{0,200}\)(?: in \S{1,200})?"  # C#
    r"|(?:[\w.*/()@-]{1,150}\([0-9a-fx, .?{}]{0,120}\)"  # Go
    r"|created by [\w./()*@-]{1,200}(?: in goroutine \d+)?)\s*$"
    r"|(?:/|[A-Z]:/)[\w./@+~-]{1,250}\.go:\d+(?: \+0x[0-9a-f]+)?"
    r"|[\w./\\@:-]{1,200}\.py:\d+: in \w+"
    r"|[❱>]?\s{0,4}\d{1,5} [│|]"  # rich
    r"|/\S{1,250}\.py:\d+ in \S+"
    r")"
)
_OPENS: Final = re.compile(
    r"^\s{0,8}(?:[|│+╭-]\s?)*(?:Traceback \(most recent call last\)|Exception Group Traceback"
    r"|goroutine \d+ \[|The above exception was the direct cause"
    r"|During handling of the above exception|[╭╰]─|-{10,}$|\[signal )"
)
_CARETS: Final = re.compile(r"^\s{2,}[~^]{2,}[~^ ]*$")
_EXCEPTION: Final = re.compile(
    r"^(?:\s{0,8}[|+]\s{0,4}[-+\d ]{0,20})?(?:Uncaught |Unhandled |Caused by: "
    r"|Exception in thread \"[^\"]{1,60}\" |\[cause\]: |panic: |error: |ERROR:? |Error: )?"
    r"((?:[A-Za-z_][\w]{0,60}[.$]){0,8}[A-Z]\w{1,60}?(?:Error|Exception|Timeout|Fault|Exit|Failure"
    r"|Interrupt|Rejection)\w{0,20})(?:\b| \[)"
)
# What the name of an exception says of the status, in every SDK that follows OpenAI's names.
STATUSES: Final = {
    "RateLimitError": "429",
    "RateLimitException": "429",
    "AuthenticationError": "401",
    "UnauthorizedException": "401",
    "PermissionDeniedError": "403",
    "PermissionDeniedException": "403",
    "NotFoundError": "404",
    "NotFoundException": "404",
    "BadRequestError": "400",
    "BadRequestException": "400",
    "UnprocessableEntityError": "422",
    "ConflictError": "409",
    "RequestTooLargeError": "413",
    "OverloadedError": "529",
    "ServiceUnavailableError": "503",
    "DeadlineExceededError": "504",
}
NAMED_STATUSES: Final = re.compile(rf"(?<![A-Za-z])({'|'.join(STATUSES)})(?![A-Za-z])")
_MODULES: Final = (
    ("openai.", "openai-python"),
    ("anthropic.", "anthropic-python"),
    ("litellm.", "LiteLLM"),
    ("com.openai.", "openai-java"),
    ("requests.exceptions", "requests"),
    ("httpx.", "httpx"),
    ("aiohttp.", "aiohttp"),
    ("okhttp3.", "okhttp"),
    ("urllib3.", "urllib3"),
    ("httpcore.", "httpx"),
)
_CARRIERS: Final = frozenset({"requests", "httpx", "aiohttp", "okhttp", "urllib3"})


def find_stacks(text: Text) -> Finds:
    """Frames become one mark a run; lines with an exception tell the story."""
    run = 0  # where the present run of frames began
    last = 0
    for number, line in text.free():
        if _is_frame(line) or (last == number - 1 and last and _is_code(line, text.lines[last - 1])):
            yield from read_place(line, number)
            yield from read_arguments(line, number)
            run = run if run and last == number - 1 else number
            last = number
            text.take(number, number)
            continue
        if run:
            yield Mark(run, last, Role.LEFT_OUT, Why.FRAMES)
            run = 0
        if exception := _EXCEPTION.match(line):
            yield from _exception(exception[1], number)
    if run:
        yield Mark(run, last, Role.LEFT_OUT, Why.FRAMES)


def _is_frame(line: str) -> bool:
    return bool(_FRAME.match(line) or _OPENS.match(line) or _CARETS.match(line))


def _is_code(line: str, before: str) -> bool:
    """The source line that Python shows below a frame, deeper than it."""
    return 'File "' in before and line[:4].isspace() and bool(line.strip()) and not _EXCEPTION.match(line)


def _exception(name: str, line: int) -> Finds:
    yield Mark(line, line, Role.STORY)
    short = name.rpartition(".")[2].rpartition("$")[2]
    if status := STATUSES.get(short):
        yield Sighting("status_code", status, line, Weight.HINT + 5)
    for module, client in _MODULES:
        if name.startswith(module):
            yield Sighting(
                "client",
                client,
                line,
                (Weight.HINT - 10 - 5 * (client == "urllib3")) if client in _CARRIERS else Weight.NAMED - 5,
            )
