"""What the public help pages say: only the texts that were written for customers."""

from collections.abc import Iterable, Sequence
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
    found = (page_of(code, playbooks, language) for code in in_order if family in ("", family_of(code)))
    return [page for page in found if page and all(word in _searched(page) for word in wanted)]


def _searched(page: Page) -> str:
    return f"{page.code} {page.title} {page.means} {page.can_do}".casefold()


def families_of(found: Iterable[Page]) -> list[tuple[Any, Sequence[Page]]]:
    return [(FAMILIES[name], list(group)) for name, group in groupby(found, key=lambda page: page.family)]


@dataclass(frozen=True, slots=True)
class FieldTemplate:
    """What customers copy and fill in, in one language: labels that the paste reader knows."""

    tag: str
    name: str
    text: str


FIELD_TEMPLATES: Final = (
    FieldTemplate(
        "zh-Hans",
        "中文",
        """账户 ID（控制台里的用户编号）：
Key 末四位（只写末 4 位，不要写完整的 Key）：
Base URL：
模型名称：
流式（是/否）：
请求时间（含时区）：
状态码：
报错原文（先删去 Key 和提示词）：
耗时（秒）：
首字耗时（秒）：
客户端（名称和版本）：
使用代理（是/否/不清楚）：
关闭流式后（正常/同样出错/没试过）：
重试次数：
并发数：
请求 ID：
任务 ID（仅图片、视频）：
扣费情况（已扣/未扣/不清楚）：
现象（发生了什么）：""",
    ),
    FieldTemplate(
        "en",
        "English",
        """Account ID (the user number in your console):
Key last 4 (never the whole key):
Base URL:
Model name:
Streaming (yes/no):
Request time (with zone):
Status code:
Error text (take keys and prompts out first):
Elapsed (seconds):
First token (seconds):
Client (name and version):
Proxy (yes/no/unknown):
Without streaming (works/same error/not tried):
Retry count:
Concurrency:
Request ID:
Task ID (images and videos only):
Charged (yes/no/unknown):
What happened:""",
    ),
)
"""Only what is not sensitive is asked for."""
