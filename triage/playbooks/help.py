"""What the public help pages say: only the texts that were written for customers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from triage.playbooks.listing import family_of
from triage.playbooks.wording import FAMILIES
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import Playbooks, fill, language_of


@dataclass(frozen=True, slots=True)
class Page:
    """One class for customers: no text of support or the engineer is in it."""

    code: str
    title: str
    means: str
    can_do: str
    avoid: str
    send: str

    @property
    def family(self) -> str:
        return family_of(self.code)

    @property
    def family_label(self) -> Any:
        return FAMILIES[self.family]


def page_of(code: str, playbooks: Playbooks, language: str) -> Page | None:
    """None for a class that has no public page."""
    if code not in ISSUES:
        return None
    words = playbooks[code][language_of(language)]
    texts = (words.help_title, words.help_means, words.help_do, words.help_avoid, words.help_send)
    return Page(code, *(fill(text, {}) for text in texts))


def pages(playbooks: Playbooks, language: str, *, search: str = "", family: str = "") -> list[Page]:
    """In the order of the families; `search` holds words that must all stand in a page."""
    wanted = search.casefold().split()
    in_order = sorted(ISSUES, key=lambda code: list(FAMILIES).index(family_of(code)))
    fitting = (
        code
        for code in in_order
        if family in ("", family_of(code)) and all(word in _searched(code, playbooks) for word in wanted)
    )
    return [page for code in fitting if (page := page_of(code, playbooks, language))]


def _searched(code: str, playbooks: Playbooks) -> str:
    """Both languages, since an error text may be in either, and what people call the family."""
    texts = (f"{words.help_title} {words.help_means} {words.help_do}" for words in playbooks[code].values())
    return f"{code} {_ALSO_CALLED.get(family_of(code), '')} {' '.join(texts)}".casefold()


_ALSO_CALLED: Mapping[str, str] = {
    "reach": "connection refused dns ssl econnrefused 连接失败 解析失败",
    "edge": "cloudflare 403 502 503 504 521 522 524 html",
    "client": "400 404 413 422 bad request 参数错误",
    "auth": "401 403 unauthorized forbidden api key 令牌 密钥 无效",
    "balance": "402 403 insufficient balance quota 欠费 充值",
    "quota": "401 403 429 quota 额度",
    "limit": "429 rate limit too many requests 限流 频率",
    "model": "404 503 model not found 模型不存在",
    "gateway": "500 internal error",
    "upstream": "500 502 503 529 overloaded 过载",
    "content": "content filter 敏感词 审核",
    "body": "200 empty json 空内容",
    "stream": "stream stops cut off breaks off sse 流中断 断流 卡住 乱码",
    "timeout": "timeout timed out 408 504 超时",
    "task": "image video task 任务 出图 视频",
    "charge": "charged twice double billing 重复扣费 多扣 账单",
}


def families_of(found: Iterable[Page]) -> list[tuple[Any, Sequence[Page]]]:
    return [(FAMILIES[name], list(group)) for name, group in groupby(found, key=lambda page: page.family)]


@dataclass(frozen=True, slots=True)
class Asked:
    """One line that customers fill in: its label, as the paste reader knows it, and what belongs there."""

    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class FieldTemplate:
    """What customers copy and fill in, in one language."""

    tag: str
    name: str
    asked: tuple[Asked, ...]

    @property
    def text(self) -> str:
        """Labels alone: a hint between them could be read as an answer."""
        mark = "：" if self.tag == "zh-Hans" else ": "
        return "\n".join(f"{one.label}{mark}" for one in self.asked)


def _asked(rows: str) -> tuple[Asked, ...]:
    return tuple(Asked(*(part.strip() for part in row.split("|"))) for row in rows.strip().splitlines())


_CHINESE = """
账户 ID | 控制台里的用户编号
Key 末四位 | 只写末 4 位，不要写完整的 Key
Base URL | 您填写的地址，先删去其中的 Key
模型 | 与程序里逐字相同
流式 | 是、否或不清楚
请求时间 | 含时区，例如 2026-11-21 14:05 +08:00
状态码 | 例如 429；没有就写“无”
报错原文 | 先删去 Key 和提示词
耗时 | 从发出到失败的秒数
首字耗时 | 等到第一个字的秒数
客户端 | 软件或 SDK 的名称
客户端版本 | 例如 openai-python 2.8.0 里的 2.8.0
代理 | 是、否或不清楚
关闭流式后 | 正常、同样出错或没试过
重试次数 | 程序自动重试了几次
并发数 | 同时进行的请求数
请求 ID | 应答头或报错里的编号，多个用逗号分开
任务 ID | 仅图片、视频
扣费 | 已扣、未扣或不清楚
现象 | 用一两句话说明发生了什么
"""
_ENGLISH = """
Account ID | the user number in your console
Key last 4 | the last 4 characters only, never the whole key
Base URL | as you typed it, with any key taken out
Model | letter by letter as in your program
Stream | yes, no or unknown
Request time | with zone, such as 2026-11-21 14:05 +08:00
Status code | such as 429; write "none" if there was none
Error text | take keys and prompts out first
Elapsed | seconds until it failed
First output | seconds until the first text
Client | name of the app or SDK
Client version | such as 2.8.0 of openai-python 2.8.0
Proxy | yes, no or unknown
Without streaming | works, same error or not tried
Retry count | how often the program retried by itself
Concurrency | requests at the same time
Request ID | from a response header or the error, several with commas
Task ID | images and videos only
Charged | yes, no or unknown
What happened | in one or two sentences
"""
FIELD_TEMPLATES: Final = (
    FieldTemplate("zh-Hans", "中文", _asked(_CHINESE)),
    FieldTemplate("en", "English", _asked(_ENGLISH)),
)
"""Only what is not sensitive is asked for."""
