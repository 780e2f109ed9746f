"""Labels and what stands behind them: filled templates, tables, lists, key=value, in Chinese and English."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice
from typing import Final

_SEPARATOR = re.compile(r":(?!/)|=(?!=)|[：＝]|】\s?|\?\s(?=\S)|？\s?")
_MOST_PAIRS: Final = 60  # separators of one line
_SHORT: Final = 6
_BEFORE: Final = 48  # characters in which a label must fit
_CUT = re.compile(r"[，,；;。|｜\t{}(（\[【!！]")
_PARENTHESIS = re.compile(r"[（(\[][^（()）\]]{0,40}[）)\]]")
_NOISE = re.compile(r"[\s_\-*`\"'“”.?？#>·•✅🔴🟢]+")
_ASKING = re.compile(
    r"(?:请问|请填写|请提供|请您|您的|你的|您|我的|我们的|是否|有无|有没有|的|当前|具体|所用的?|使用的|调用的|出错的?"
    r"|\b(?:my|your|the|which|what|is|was|did|you)\b|\s)+"
)
_TOKEN = re.compile(r"[a-z0-9/+=]+|[^\W_a-z0-9]")
_BULLET = re.compile(
    r"^\s{0,12}(?:>\s?)*(?:[-*+]\s+|[•·▪●○＊◆■]\s*|\d{1,2}[.、)）]\s*|[（(]\d{1,2}[）)]\s*"
    r"|\[[ xX]\]\s+|#{1,6}\s+)*"
)
_HEADING = re.compile(
    r"^\s{0,3}(?:#{1,6}\s+(?P<hash>.{1,60}?)\s*#*|\*\*(?P<bold>[^*]{1,60})\*\*\s*[:：]?"
    r"|【(?P<block>[^】]{1,40})】)\s*$"
)
_ROW = re.compile(r"^\s*[|｜].*[|｜]\s*$")
_RULE = re.compile(r"^[\s|｜:\-—]+$")
IGNORED: Final = ("ignored",)
_LONG: Final = frozenset({"error_text", "notes"})  # they run on until the next label


@dataclass(frozen=True, slots=True)
class Labelled:
    """`fields` are the fields that this label may mean; the first whose value fits gets it."""

    fields: tuple[str, ...]
    value: str
    starts_line: bool
    whole: str = ""  # the value up to the end of the line, whatever labels stand in it


@cache
def label_table() -> Mapping[str, tuple[str, ...]]:
    """Label -> fields, the more particular field first."""
    table: dict[str, tuple[str, ...]] = {}
    shipped = tomllib.loads(resources.files(__package__).joinpath("labels.toml").read_text("utf-8"))
    for field, labels in shipped.items():
        for label in labels:
            key = _key(label)
            table[key] = (*table.get(key, ()), field)
    return table


def fields_named(label: str) -> tuple[str, ...]:
    """The fields that a label means: by all of it, or by its last words."""
    found = label_in(label)
    return found[0] if found else ()


def label_in(before: str, *, strict: bool = True) -> tuple[tuple[str, ...], int] | None:
    """(fields, where the label begins) of the label that ends this text; None when it ends with none.

    `strict` asks more of short words, which mean many things in prose but not in key=value.
    """
    folded = unicodedata.normalize("NFKC", before).casefold()
    folded = folded if len(folded) == len(before) else before.lower()
    tokens = list(_TOKEN.finditer(_PARENTHESIS.sub(_blank, folded)))[-14:]
    while len(tokens) > 1 and tokens[-1].group() in _TRAILING:
        tokens.pop()
    table = label_table()
    for at, token in enumerate(tokens):
        words = [one.group() for one in tokens[at:]]
        if fields := table.get("".join(words)):
            before_it = folded[tokens[0].start() : token.start()].strip()
            is_whole = not before_it or bool(_ASKING.fullmatch(before_it))
            if fields == IGNORED:
                return None
            return (fields, token.start()) if is_whole or not (strict and _is_weak(words)) else None
    return None


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _is_weak(tokens: list[str]) -> bool:
    """One short word behind others is too little: "exit code", "留言时间"."""
    said = "".join(tokens)
    return said in _WEAK or (said.isascii() and len(said) < 3)


_TRAILING: Final = frozenset("是为吗呢约")
_WEAK: Final = frozenset(
    (
        "code",
        "type",
        "time",
        "date",
        "status",
        "error",
        "log",
        "logs",
        "url",
        "host",
        "key",
        "token",
        "when",
        "api",
        "version",
        "http",
        "user",
        "customer",
        "response",
        "tool",
        "note",
        "details",
        "issue",
        "problem",
        "ts",
        "rt",
        "stream",
        "proxy",
        "network",
        "charge",
        "account",
        "body",
        "client",
        "concurrency",
        "message",
        "时间",
        "日期",
        "地址",
        "版本",
        "说明",
        "描述",
        "问题",
        "网络",
        "用户",
        "客户",
        "工具",
        "响应",
        "返回",
        "日志",
        "应用",
        "程序",
        "接口",
        "状态",
        "补充",
        "其他",
        "域名",
    )
)


def labelled(line: str) -> list[Labelled]:
    """Every label of a line with its value, in order."""
    offset = _BULLET.match(line).end()  # type: ignore[union-attr]
    if _ROW.match(line):
        return _cells(line)
    pairs = list(_pairs(line, offset))
    found = []
    for number, (start, after, fields) in enumerate(pairs):
        end = pairs[number + 1][0] if number + 1 < len(pairs) else len(line)
        whole = line[after:].strip()
        found.append(
            Labelled(
                fields,
                line[after:end].strip(" \t,，;；、|｜"),
                number == 0 and _starts(line, offset, start),
                whole,
            )
        )
    return found


def _starts(line: str, offset: int, start: int) -> bool:
    """Nothing stands before the label but marks and words that ask."""
    before = line[offset:start].strip(" *`【[_'\"")
    is_short = len(before) <= _SHORT and not before.isascii()  # "客户" of "客户账号"
    return not before or is_short or bool(_ASKING.fullmatch(before.lower()))


def _pairs(line: str, offset: int) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(start of the label, start of the value, fields)."""
    last = offset
    for match in islice(_SEPARATOR.finditer(line, offset), _MOST_PAIRS):
        before = line[max(last, match.start() - _BEFORE) : match.start()]
        cut = max((found.end() for found in _CUT.finditer(before.rstrip("）)】] \"'"))), default=0)
        if named := label_in(before[cut:], strict=match.group() != "="):
            fields, start = named
            yield match.start() - len(before) + cut + start, match.end(), fields
            last = match.end()


def _cells(line: str) -> list[Labelled]:
    cells = [cell.strip() for cell in re.split(r"[|｜]", line.strip().strip("|｜"))]
    if len(cells) < 2 or not (fields := fields_named(cells[0])):
        return []
    return [Labelled(fields, cells[1], True, cells[1])]


def heading(line: str) -> tuple[str, ...] | None:
    """The fields that a heading names; an empty tuple for a heading that names none; None for no heading."""
    match = _HEADING.match(line)
    if match is None:
        return None
    return fields_named(match["hash"] or match["bold"] or match["block"])


def bare_label(line: str) -> tuple[str, ...]:
    """The fields of a line that is nothing but a label."""
    said = line.strip()
    if not 1 < len(said) <= _BEFORE // 2 or _SEPARATOR.search(said):
        return ()
    found = label_in(said)
    return found[0] if found and found[1] == 0 else ()


def columns_of(line: str) -> list[tuple[str, ...]] | None:
    """The fields of a table's head, cell by cell, when at least two are known."""
    cells = split_row(line)
    named = [fields_named(cell) for cell in cells]
    return named if len(cells) > 1 and sum(map(bool, named)) > 1 else None


def split_row(line: str) -> list[str]:
    if _ROW.match(line):
        return [cell.strip() for cell in re.split(r"[|｜]", line.strip().strip("|｜"))]
    return [cell.strip() for cell in line.split("\t")] if "\t" in line.strip() else []


def is_rule(line: str) -> bool:
    """The line below a table's head."""
    return bool(line.strip()) and bool(_RULE.match(line))


def is_long(fields: tuple[str, ...]) -> bool:
    return bool(fields) and fields[0] in _LONG


def _key(label: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", label).casefold())
