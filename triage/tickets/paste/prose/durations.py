"""How long it took: to the first words, to the end, and to the timeout of the client."""

import re
from collections.abc import Iterable
from typing import Final

from triage.tickets.paste.found import Finds, Sighting, Weight
from triage.tickets.paste.values import seconds

_TIMEOUT_SAID: Final = re.compile(
    r"(?:(?:客户端|我们|SDK|请求)?的?超时(?:时间|设置)?(?:设|配|是|为|了|的|成|到| ?[(（]){0,4}"
    r"|timeout (?:is|was|set to|of"
    r"|=)(?: set to)?)\s{0,2}(\d{1,6}(?:\.\d{1,3})?)\s{0,2}(毫秒|ms|s(?:ec(?:ond)?s?)?\b|秒"
    r"|m(?:in(?:ute)?s?)?\b|分钟)"
)
_ENDED: Final = re.compile(
    r"(?:(?:跑|等|卡|过|输出|生成|转圈)了?(?:大概|大约|差不多|到|约)?|大约|大概|每次|约|都是"
    r"|after|waits?(?:ed)? (?:for )?"
    r"|at (?:about|around|exactly) |for |took|耗时|用时|≈|~)\s{0,2}(?:about |around |exactly |roughly "
    r"|approximately |到|第)?\s?(\d{1,5}(?:\.\d{1,3})?)\s{0,2}(ms|s(?:ec(?:ond)?s?)?\b|秒钟?"
    r"|m(?:in(?:ute)?s?)?\b|分钟)(?:左右|多)?(?P<tail>.{0,16})"
)
_CUT: Final = re.compile(
    r"断|超时|失败|报错|没了|中断|挂|卡住|报|停|cut|drop|disconnect"
    r"|time[ds]? ?out|fail|abort|close|stop|error|breaks?"
    r"|dies|then",
    re.IGNORECASE,
)
_CUT_FIRST: Final = re.compile(
    r"(?:cuts?|drops?|dropped|disconnect(?:s|ed)?|dies|died|stops?|stopped|fails?|failed|breaks?|ends?"
    r"|closed?|times? out|timed out|aborts?|hangs?) (?:off |at |after |in |exactly |about |around "
    r"|roughly )*(\d{1,5}(?:\.\d{1,3})?) ?(ms|s(?:ec(?:ond)?s?)?\b|m(?:in(?:ute)?s?)?\b)"
)
_FIRST: Final = re.compile(
    r"(?:首字|首 ?token|首包|第一个字|TTFT|TTFB|first (?:token|byte|chunk|words?)(?: (?:came|arrived|arrives"
    r"|appears|shows up|after|took|takes))*)\s{0,2}(?:要|用了?|等了?"
    r"|花了?|到达|延迟|时间|耗时|大概|约|：|:|=|after|in|≈"
    r"|~|\s){0,4}\s?(\d{1,5}(?:\.\d{1,3})?) ?(ms|s(?:ec(?:ond)?s?)?\b|秒|m(?:in(?:ute)?s?)?\b|分钟)",
    re.IGNORECASE,
)


def read_durations(line: str, number: int) -> Finds:
    firsts, limits = list(_FIRST.finditer(line)), list(_TIMEOUT_SAID.finditer(line))
    for field, told in (
        ("first_output_s", firsts),
        ("client_timeout_s", limits),
        ("elapsed_s", _CUT_FIRST.finditer(line)),
    ):
        for match in told:
            yield Sighting(field, seconds(f"{match[1]} {match[2]}"), number, Weight.HINT + 10)
    for match in _ENDED.finditer(line):
        if not _stands_in(match.start(1), (*firsts, *limits)) and (took := _until_cut(line, match)):
            yield Sighting("elapsed_s", took, number, Weight.HINT + 5)


def _stands_in(position: int, told: Iterable[re.Match[str]]) -> bool:
    return any(match.start() <= position < match.end() for match in told)


def _until_cut(line: str, ended: re.Match[str]) -> str:
    """The time, if words beside it say that something broke then."""
    beside = line[max(0, ended.start() - 40) : ended.start()] + ended["tail"]
    return seconds(f"{ended[1]} {ended[2]}") if _CUT.search(beside) else ""
