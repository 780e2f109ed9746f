"""How it was sent: again, at the same time, through a proxy."""

import re
from typing import Final

from triage.tickets.paste.allowances import without_allowance
from triage.tickets.paste.found import Finds, Sighting, Weight
from triage.tickets.paste.values import number_text
from triage.verdicts.intake import read_count

_RETRIED: Final = re.compile(
    r"(?:重试|重发|retried|retry(?:ing)?|retries|re-?sent|tried)\s?(?:了|过|it|about|up to|共|again)?\s{0,2}"
    r"(\d{1,4}|[一二两三四五六七八九十几]|three|five)\s?(?:次|遍|times?\b|x\b)"
    r"|\b(?:retried|re-?sent) (once|twice)|\bretrying (\d{1,3})/\d"
    r"|(?<!max )(\d{1,4}|[一二两三四五六七八九十]|two|three|five) ?(?:次重试|retries\b(?! (?:left|remain)))"
    r"|\bnum(?:ber of)? retries ?[:=] ?(\d{1,3})\b",
    re.IGNORECASE,
)
_NOT_RETRIED: Final = re.compile(
    r"(?:没有?|未|不)(?:做|进行|有)?重试|no retr(?:y|ies)|not retried|without retr|没重发", re.IGNORECASE
)
_CONCURRENCY: Final = re.compile(
    r"(?<!limit )(?<!organization )(?<!max )(?:并发(?:数|量|请求)?(?:是"
    r"|为|开到|开了|开|约|大概|大约|：|:|=)?\s?"
    r"|concurrency(?: of| is|=|:)? ?|Semaphore\("
    r"|max_workers ?= ?)(\d{1,6})(?!\d| ?(?:秒|s\b|%))|(\d{1,6}) ?(?:个|路|线程|的)? ?(?:并发|线程|协程"
    r"|parallel (?:requests|workers|calls)|concurrent|workers|threads|requests (?:in parallel"
    r"|at (?:the same time|once))|at the same time)",
    re.IGNORECASE,
)
_NO_PROXY: Final = re.compile(
    r"(?:没有?|未|不|无)(?:走|用|使用|经过|开|挂|任何|设置?)?(?:任何)?(?:代理|梯子|vpn"
    r"|反代)|直连|\bno (?:proxy|vpn)"
    r"|not? (?:behind|using|via|through)(?: a| any)? (?:proxy|vpn)|direct(?:ly)? connect|without (?:a "
    r"|any )?(?:proxy|vpn)|--noproxy|direct connection",
    re.IGNORECASE,
)
_PROXY: Final = re.compile(
    r"(?:走|用|挂|开|经过|通过|使用|套)了?(?:一层|个|的是|公司|我们的?|自己的?"
    r"|自建的?)?\s?(nginx|cloudflare|clash|v2ray|公司代理|代理"
    r"|梯子|vpn|反代|cdn|cf)|\b(?:behind|through|via|using)(?: (?:a|an|our|the|their))? ?((?:corporate "
    r"|company |http |https |socks5? |reverse )?(?:proxy|vpn|nginx|cloudflare|squid|zscaler|caddy"
    r"|traefik|haproxy))|(nginx|caddy|cloudflare) ?(?:反代|反向代理|reverse prox)",
    re.IGNORECASE,
)


def read_retries(line: str, number: int) -> Finds:
    if _NOT_RETRIED.search(line):
        yield Sighting("retried", "no", number, Weight.HINT + 5)
        return
    if match := _RETRIED.search(without_allowance(line)):
        said = next(part for part in match.groups() if part).lower()
        count = {"three": 3, "five": 5, "two": 2}.get(said) or read_count(said)
        yield Sighting("retried", "yes", number, Weight.HINT + 5)
        if count and count <= 1000:
            yield Sighting("retry_count", str(count), number, Weight.HINT + 5)


def read_load(line: str, number: int) -> Finds:
    if match := _CONCURRENCY.search(line):
        said = match[1] or match[2]
        if 0 < int(said) <= 100_000:
            yield Sighting("concurrency", number_text(int(said)), number, Weight.HINT + 5)


def read_proxy(line: str, number: int) -> Finds:
    if _NO_PROXY.search(line):
        yield Sighting("via_proxy", "no", number, Weight.HINT + 4)
    if match := _PROXY.search(_NO_PROXY.sub(" ", line)):
        yield Sighting("via_proxy", "yes", number, Weight.HINT + 5)
        yield Sighting(
            "via_proxy_text", next(part for part in match.groups() if part), number, Weight.HINT + 5
        )
