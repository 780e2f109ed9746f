"""Whether it was streamed, and what happened without."""

import re
from typing import Final

from triage.tickets.paste.arguments import read_arguments
from triage.tickets.paste.found import Finds, Sighting, Weight

_NOT_STREAM: Final = re.compile(
    r"非流式|不(?:是|用|开|走)流式|没有?(?:开|用)流式|流式(?:关|没开)"
    r"|stream\s?[=:]\s?[\"']?(?:false|False|0)\b"
    r"|non-?streaming|streaming (?:is )?(?:off|disabled)|without stream"
)
_STREAM: Final = re.compile(
    r"(?<!非)流式|打字机|stream\s?[=:]\s?[\"']?(?:true|True|1)\b|\bstreaming\b|\bSSE\b|event-stream"
    r"|(?<!up)(?<!down)stream (?:mode|response|request|error"
    r"|disconnected|closed|ended|interrupted|cut|stops?|breaks?)",
    re.IGNORECASE,
)
_CONTROL: Final = re.compile(
    r"(?:\bstream\s?=\s?[Ff]alse|非流式|关(?:闭|掉|了)?流式(?:输出)?)(?: ?(?:时|后|的话"
    r"|模式|下|请求|调用))?\s?(?:[:：,，]|是|却|就|也"
    r"|it |the same (?:request )?|is )?\s{0,2}((?:就|也|都|是|一切|完全|回复"
    r"|also |works?|fails?|ok|fine|正常|没问题|同样"
    r"|可以|能|不行|一样|失败|still |has |same)[^。;；\n,，]{0,40})",
    re.IGNORECASE,
)
_CONTROL_AFTER: Final = re.compile(
    r"((?:works?|is fine|is ok|no problem|succeeds?)(?: [a-z]{1,10}){0,2}) "
    r"(?:without stream(?:ing)?|with stream ?= ?false|(?:in|with) non-?stream\w{0,6})",
    re.IGNORECASE,
)


def read_streams(line: str, number: int) -> Finds:
    if control := _CONTROL_AFTER.search(line):
        yield Sighting("control_text", control[1], number, Weight.HINT + 10)
        yield Sighting("stream", "yes", number, Weight.HINT + 10)
        return
    if control := _CONTROL.search(line):
        yield Sighting("control_text", control[1].strip(), number, Weight.HINT + 10)
        line = line[: control.start()] + line[control.end() :]
        yield Sighting("stream", "yes", number, Weight.HINT - 5)
    if _NOT_STREAM.search(line):
        yield Sighting("stream", "no", number, Weight.HINT + 10)
    elif _STREAM.search(line):
        yield Sighting("stream", "yes", number, Weight.HINT)


def read_settings(line: str, number: int) -> Finds:
    """What was tried with stream=false is not how the request was sent."""
    return read_arguments(_CONTROL.sub(" ", line), number)
