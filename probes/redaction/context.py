"""Finds values that are named as credentials: headers, JSON, .env, YAML, flags, URLs, cookies, prose."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from probes.redaction.keep import is_kept, is_masked, is_named_harmless, is_vendor_id, kept_shape
from probes.redaction.names import Named, named
from probes.redaction.patience import keep_going
from probes.redaction.randomness import looks_dense, looks_random, turns
from probes.redaction.wordlist import words

# RE2: a name that holds a credential's stem. The words of the whole name decide (names.py).
TRIGGER = (
    r"(?i)[a-z0-9_.$\-]*(?:(?:api|access|secret|private|auth|app|account|signing|encryption|subscription|master)"
    r"[ _\-.]?key|key|(?:access|auth|api|refresh|bearer)[ _-]token|token|secret|passw|passphrase|passcode|pwd"
    r"|pass\b|credential|creds?\b"
    r"|(?:access|auth|invite|recovery|backup|security|verification|pairing|js)[ _\-]?codes?\b"
    r"|sonar(?:qube)?[._\-]?login\b"
    r"|authorization|authentication|auth\b|bearer|cookies?|jwt|session\b|sid\b|_?sk\b|_?ak\b"
    r"|pat\b|psk\b|sessionid|connect\.sid|cf_clearance|wordpress_logged_in|secret_key_base)[a-z0-9_\-]*(?:\.(?:base|private|prod|value|default)\b)?"
    r"|密码|口令|密钥|秘钥|密匙|私钥|令牌|凭证|凭据|授权码|提取码|访问码|恢复码|备用码"
)


class Labelled(NamedTuple):
    """A value to mask: [start, end) of the line, and what its name said."""

    start: int
    end: int
    kind: str


KINDS = {
    Named.PASSWORD: "password",
    Named.SECRET: "secret",
    Named.KEY: "api_key",
    Named.AUTH: "authorization",
    Named.SESSION: "cookie",
    Named.MAYBE: "secret",
}

# After the name: closing quotes and brackets, one sign of assignment, opening quotes and brackets.
_CLOSING = r"""(?:\\*["'`)\]}]|（[^）]{0,12}）|\([^)]{0,12}\)){0,3}"""
_ASSIGN = re.compile(
    rf"""{_CLOSING}[ \t]{{0,8}}(?:(?<=["'])[ \t]{{0,4}},(?=[ \t]{{0,4}}\\*["'])|===?|:=|=>|->|→|[:=：]+"""
    r"""|\bis\b|\bwas\b|(?:就?是|[改设]?为|等于)[:：]?|\|)"""
    r"""[ \t]{0,8}[(\[{<【]?[ \t]{0,4}(?:[rbfu$]?(?P<quote>\\*["'`]))?[ \t]{0,4}"""
)
# `key: str = "…"`, `key As String = "…"`, `key string = "…"`, `key[] = "…"`
_TYPED = re.compile(
    r"""(?:\s?:\s?[A-Za-z&][\w.\[\]|?&<> ]{1,40}"""
    r"""|\s(?i:as\s)?(?i:string|str|text|varchar|char|var|\[\]byte)\s?"""
    r"""|\[\d{0,4}\]\s?)=\s?[rbfu]?(?P<quote>["'`])"""
)
_CALL = re.compile(r"""\(\s{0,4}(?P<quote>\\*["'`])""")
# `setopt(handle, OPT_PASSWORD, "…")`
_NEXT_ARGUMENT = re.compile(r"""[ \t]?,[ \t]?(?P<quote>["'])""")
# `key = SecretStr("…")`, `token: Some("…")`
_WRAPPED = re.compile(
    r"""["'`)\]]{0,2}\s?(?::\s?[A-Za-z&][\w.\[\]|?&<> ]{1,40}=|=>|:=|[:=])\s?(?:new\s)?"""
    r"""[A-Za-z_][\w.:]{0,60}!?\(\s{0,4}[rbfu]?(?P<quote>\\*["'`])"""
)
_OF_ANOTHER = (
    r"(?!\S{0,8}(?:名|组|余额|额度|数量|编号|类型|期|时间|状态|长度|错|失败|返回"
    r"|任务|请求|订单|流水|版本|模型|地址|哈希|指纹))"
)
_SAID = re.compile(
    rf"(?:（[^）]{{0,12}}）)?[ \t]?{_OF_ANOTHER}"
    rf"[一-鿿]{{1,10}}[ \t]{{0,2}}[:：]+[ \t]{{0,4}}(?P<quote>[\"'`])?"
)
# "改成了 …", "was set to …"
_MADE = re.compile(
    r"(?:(?i:[ \t]?[是已被都也]?(?:修?改|更?换|重?设置?|重置|写|填|用)[成为的是了]{1,2}"
    r"|[ \t](?:was|is|has been|have)?[ \t]?(?:(?:set|changed|reset|updated)[ \t])?(?:to|as))"
    rf"|[ \t]?{_OF_ANOTHER}[一-鿿]{{1,8}}[是为成了])[:：]?[ \t]{{0,4}}"
    r"(?:[A-Za-z一-鿿][A-Za-z0-9一-鿿\-]{1,15}[ \t](?=[A-Za-z0-9_+/.\-]{16}))?(?P<quote>\\*[\"'`])?"
)
_BRACKETED = re.compile("(?P<quote>)[【（(「『《]")
_TOLD = re.compile(
    r"(?i:(?!.{0,24}\b(?:id|name|type|group|balance|quota|limit|count|error|code|status|request|time|model|scope|alias)s?\b)"
    r"(?:[ \t][a-z0-9\-一-鿿]{2,16}){1,3}[ \t]?(?::|[-=]>|→)[ \t]{1,4}(?P<quote>[\"'`])?)"
)
# "the password for the admin account is …"
_TOLD_SO = re.compile(r"(?i:(?:[ \t][a-z0-9\-]{2,16}){1,5}[ \t](?:is|was)[ \t]{1,4}(?P<quote>[\"'`])?)")
_MARKUP = re.compile(r"""["']?[^<>\n]{0,80}?(?:\bvalue\s*=\s*(?P<quote>["'])|>)[ \t]*(?:<!\[CDATA\[)?""")
_TAGGED = re.compile(r"""[ \t][^<>\n]{0,80}>(?P<quote>)""")  # <wsse:Password Type="…">
_SPACE = re.compile(r"""["']?(?:（[^）]{0,12}）|\([^)]{0,12}\))?[ \t]{1,8}[(\[【]?(?P<quote>\\*["'`])?""")
_COMMAND = re.compile(r"(?:^|[\s;&])(?:ENV|ARG|setenv|set -\w{1,4}|setx(?: /\w)?)[ \t]{1,4}$")  # NAME VALUE
_ADJACENT = re.compile("(?P<quote>)")
_SCHEME = re.compile(
    r"(?i:(?:bearer|basic|token|apikey|api-key|bot|key|sso-key|digest|negotiate|ntlm)[ \t:=]+)+"
)
_SIGNED = re.compile(r"(?i:(?:aws4|tc3|osS4?|sdk-hmac|hmac|goog4|acs3|volc|wechatpay2|digest)[\w-]*[ ,])")

_ANOTHER = re.compile(
    r"""(?:["']?[ \t]{0,4}[,;|][ \t]{0,4}["']?|(?P<space>[ ]))"""
    r"""(?P<value>[^\s"'`<>,;&|(){}\[\]\\，。；=]{12,256}={0,2})"""
)
_PREFIX = re.compile(r"[a-z]{2,8}[-_]")
_LONGEST_GROUP = 20  # characters that people leave between spaces
_INNER_NAME = re.compile(r"[A-Za-z][A-Za-z_-]{0,30}=(?=[A-Za-z0-9])")  # in "keys: AK=…"
_BARE = re.compile(r"""[^\s"'`<>,;&|(){}\[\]\\，。；、！？）】」』》：？“”一-鿿]+""")
_PASSWORD = re.compile(r"""[^\s"'`<>，。；、！？）】」』》“”一-鿿]+""")
_LOOSE_LEAST = 12
_LOOSE = re.compile(rf"[A-Za-z0-9_\-+/=.~:]{{{_LOOSE_LEAST},}}", re.ASCII)
_LOOSE_BEGINS = re.compile(rf"[A-Za-z0-9_\-+/=.~:]{{{_LOOSE_LEAST}}}", re.ASCII)
_CELL_BEFORE = re.compile(r"(?:^|\|)[\s*`\"']*$")  # of a table's row
# That of a query (`?page=2`) is none.
_SIGN_INSIDE = re.compile(
    r"[^!@#$%^&*?](?:[!@#$%^*]|[?&](?![A-Za-z_]{1,20}=))+[^!@#$%^&*?]"
)  # `?page=` is none
# An address or a path where a password could stand: proxy_pass, PWD of a shell.
_ELSEWHERE = re.compile(r"https?://[^\s@]*|(?:[.~]?/|[A-Za-z]:\\)[\w.\-/\\]*")
_BARE_NAME = re.compile(
    r"(?P<name>(?:[A-Za-z0-9]{1,32}[ _\-])?[A-Za-z0-9_.\-]+)[\"']?[ \t]{1,8}[(\[【]?[\"'`]?$"
)
_WORD = re.compile(r"[A-Za-z][a-z]*(?:[-_ .][A-Za-z][a-z]*)*")
_TEST = re.compile(r"[Tt]est[A-Z_]")  # behind "PASS: "
_TYPE_NAME = re.compile(r"(?:[A-Z][a-z]{2,}){2,6}")
_CODE = re.compile(
    r"(?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*|(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*\(.*|https?://.*|[./~]+/.*|[A-Za-z]:[\\/].*"
)
# Shapes that keys without a prefix share with harmless ids: beside a key's name they are keys.
_ALSO_KEYS = {None, "uuid", "hash"}
NO_CREDENTIALS = words(
    "null none true false undefined nil required invalid missing incorrect wrong empty expired disabled",
    "enabled unknown failed error not is was and or the for from to in on with your user username admin",
    "login string optional authentication reset changed protected rejected accepted ok yes no set unset",
    "here below above text field input bearer basic",
)
_CLAUSE = re.compile(r"[，。；！？,;!?|]|\.\s")
_REST = re.compile(r"""[^\s"'`<>]*""")
_LONGEST_NAME = 128
_BEHIND, _AHEAD, _COOKIES_AHEAD = 96, 2048, 16 * 1024  # characters around a name that are read
_LOOSE_REACH = 64  # characters between a credential's name and a value that it may mean


def labelled_values(line: str, names: "Iterator[tuple[int, int]]") -> Iterator[Labelled]:
    """The values that the names (spans in the line) announce as credentials."""
    since = reached = 0  # of the values that the last name announced: what stands in them is no name
    for start, end in names:
        if since <= start < reached:
            continue
        keep_going()
        found = list(_near(line, start, end, named(line[max(start, end - _LONGEST_NAME) : end])))
        if found:
            since, reached = found[0].start, found[-1].end
        yield from found


def _near(line: str, start: int, end: int, meaning: Named) -> Iterator[Labelled]:
    """Read only the surroundings of a name: a line may have any length and any number of names."""
    left = max(0, start - _BEHIND)
    clip = line[left : end + (_COOKIES_AHEAD if meaning is Named.COOKIE else _AHEAD)]
    for value in _values(clip, start - left, end - left, meaning):
        last = value.end + left
        if value.end == len(clip):
            last = _REST.match(line, last).end()  # type: ignore[union-attr] # it may be empty, never absent
        yield Labelled(value.start + left, last, value.kind)


def _values(line: str, start: int, end: int, meaning: Named) -> Iterator[Labelled]:
    if meaning is Named.COOKIE:
        yield from cookies(line, end)
    elif meaning is not Named.NOTHING and not _is_about(line, start, end):
        yield from _announced(line, start, end, meaning)


def _announced(line: str, start: int, end: int, meaning: Named) -> Iterator[Labelled]:
    found = _assigned(line, start, end, meaning)
    if found:
        yield found
        yield from _listed(line, found, meaning)
    elif meaning in {Named.KEY, Named.SECRET, Named.AUTH} or line[start:end].lower() in {"key", "sk", "pat"}:
        yield from _mentioned(line, end, meaning)


def _is_about(line: str, start: int, end: int) -> bool:
    """A value (`invalid_api_key'`), a path, a URL's account, a `${REFERENCE}`, an armour name no value."""
    return (
        line[start - 3 : start] == "://"
        or line[end : end + 2] in {"_i", "_e"}
        or line[end : end + 1] in {"/", "&", "+"}
        or line[end : end + 6] == " BLOCK"
        or looks_random(line[start:end], least=20, rate=0.3)  # a value that happens to end so
        or (line[start - 1 : start] == "{" and line[end : end + 1] == "}")
    )


def _listed(line: str, first: Labelled, meaning: Named) -> Iterator[Labelled]:
    """What stands behind a first value and separators, and is as long: `KEYS=a,b,c`."""
    if meaning is Named.PASSWORD:
        return
    width, position = first.end - first.start, first.end
    while another := _ANOTHER.match(line, position):
        start, position = another.span("value")
        value = another["value"]
        if position - start != width or (another["space"] and width > _LONGEST_GROUP):
            return
        if not _is_alike(value, line[first.start : first.end], spaced=bool(another["space"])):
            return
        yield Labelled(start, position, first.kind)


def _is_alike(value: str, first: str, *, spaced: bool) -> bool:
    """Whether what stands behind a key is another one of its kind: of the same prefix, or as random."""
    prefix = _PREFIX.match(first)
    if prefix is not None and value.startswith(prefix[0]):
        return True
    is_random = looks_random(value, least=min(len(value), 16), rate=0.12)
    return (is_random or (spaced and turns(value) >= 0.2)) and not is_vendor_id(value)


def _assigned(line: str, start: int, end: int, meaning: Named) -> Labelled | None:
    """The value behind a sign of assignment, a flag's space, a tag, or a quoted pair."""
    for pattern, strict in _connections(line, start, end, meaning):
        link = pattern.match(line, end)
        if link is None:
            continue
        if "|" in link[0] and not _CELL_BEFORE.search(line, 0, start):
            continue
        span = _value(line, link.end(), link["quote"] or "", meaning)
        if span and is_credential(line, span, meaning, strict=strict, quoted=bool(link["quote"])):
            return Labelled(*span, KINDS[meaning])
    return None


def _connections(line: str, start: int, end: int, meaning: Named) -> "Iterator[tuple[re.Pattern[str], bool]]":
    yield _ASSIGN, True
    if line[end : end + 1] == ">" or line[start - 1 : start] in {'"', "'"}:
        yield _MARKUP, True
    elif line[start - 1 : start] in {"<", ":"}:
        yield _TAGGED, True
    yield _CALL, True
    yield _TYPED, True
    yield _WRAPPED, False
    yield _NEXT_ARGUMENT, False
    yield _SPACE, line[start : start + 1] == "-" or _COMMAND.search(line, 0, start) is not None
    yield _MADE, False
    yield _SAID, True
    yield _TOLD, True
    yield _TOLD_SO, False
    if meaning is Named.PASSWORD or not line[start].isascii():
        yield _BRACKETED, False
    if not line[start].isascii():
        yield _ADJACENT, False


def _value(line: str, start: int, quote: str, meaning: Named) -> tuple[int, int] | None:
    """[start, end) of the value: up to its closing quote where it may hold spaces, else one word."""
    if scheme := _SCHEME.match(line, start):
        start = scheme.end()
    if signed := _SIGNED.match(line, start):
        start = signed.end()
    if inner := _INNER_NAME.match(line, start):
        start = inner.end()
    if quote:
        close = line.find(quote, start)
        inside = line[start:close] if close > start else ""
        if inside and (meaning in {Named.PASSWORD, Named.SECRET} or not re.search(r"[\s,;，]", inside)):
            return start, close
    return _word(line, start, meaning)


def _word(line: str, start: int, meaning: Named) -> tuple[int, int] | None:
    wide = meaning in {Named.PASSWORD, Named.SESSION}
    found = (_PASSWORD if wide else _BARE).match(line, start)
    if found is None:
        return None
    text = found[0]
    if wide and "&" in text and "=" in text:
        text = text.split("&", 1)[0]
    text = re.split(r"[;,](?=\S*[=:])", text, maxsplit=1)[0] if wide else text
    text = text.rstrip(",;.:)]}\\" if wide else ".:")
    return (start, start + len(text)) if text else None


def is_credential(line: str, span: tuple[int, int], meaning: Named, *, strict: bool, quoted: bool) -> bool:
    """Whether a value (a span of the line) is what its name promises.

    `strict` says that a sign of assignment ties them together, `quoted` that the value stands in quotes.
    """
    value = line[slice(*span)]
    if is_masked(value) or value.lower() in NO_CREDENTIALS:
        return False
    if meaning is Named.PASSWORD:
        return _is_password(value, strict=strict)
    if is_vendor_id(value) or _is_code(value):
        return False
    if meaning is Named.SESSION:
        return strict and len(value) >= 8
    if meaning is Named.MAYBE:
        return _maybe(line, span, value, strict=strict)
    if not strict:
        return looks_random(value, least=12, rate=0.12) and kept_shape(value) in _ALSO_KEYS
    return len(value) >= 8 and (_has_variety(value) or (quoted and meaning is Named.SECRET))


def _is_code(value: str) -> bool:
    """`self.config.api_key`, `get_key()`, an address, a path: where the key is, not what it is."""
    return _CODE.fullmatch(value) is not None and turns(value) < 0.25


def _is_password(value: str, *, strict: bool) -> bool:
    if _ELSEWHERE.fullmatch(value) and turns(value) < 0.25:
        return False
    if strict:
        return len(value) >= 3 and not (_CODE.fullmatch(value) and value.endswith((")", "(")))
    if len(value) >= 8 and turns(value) >= 0.36:
        return True
    if len(value) >= 12 and value not in {value.lower(), value.upper(), value.title()}:
        return True
    letters = sum(c.isalpha() for c in value)
    return len(value) >= 6 and letters > 0 and (any(c.isdigit() for c in value) or _has_sign(value))


def _has_sign(value: str) -> bool:
    """Whether a sign that people put into passwords stands inside, and capitals beside small letters."""
    return _SIGN_INSIDE.search(value) is not None and value not in {value.lower(), value.upper()}


def _maybe(line: str, span: tuple[int, int], value: str, *, strict: bool) -> bool:
    """A bare `key`, `sig`, `session`: only a random value, or any value in a URL's query, is a credential."""
    if is_named_harmless(line[: span[0]]) or _TEST.match(value):
        return False
    if line[span[0] - 1 : span[0]] == "=" and line.rfind("?", 0, span[0]) > line.rfind(" ", 0, span[0]):
        return len(value) >= 8 and (any(c.isdigit() for c in value) or looks_random(value, least=14))
    if not strict:
        return _is_bare_key(line, span, value)
    if len(value) >= 32 and kept_shape(value) in {"uuid", "hash"}:
        return True
    if len(value) >= 8 and _has_sign(value) and (any(c.isdigit() for c in value) or turns(value) >= 0.24):
        return True
    if len(value) >= 10 and _SIGN_INSIDE.search(value) and turns(value) >= 0.4:  # of one case, with digits
        return True
    return looks_random(value, least=14, rate=0.15) and not _is_name(value)


def _is_bare_key(line: str, span: tuple[int, int], value: str) -> bool:
    """`key <hex32>`, `prod key <uuid>`: right behind the name, and no `cache key` or `object key`."""
    said = _BARE_NAME.search(line, max(0, span[0] - _LONGEST_NAME), span[0])
    if said is None or named(said["name"]) is Named.NOTHING:
        return False
    shape = kept_shape(value)
    if shape in {"uuid", "hash"}:
        return len(value) >= 32
    return shape is None and looks_random(value, least=16, rate=0.25)


def _is_name(value: str) -> bool:
    """Kept shapes other than bare ids and hashes, which a name can still make a credential."""
    return kept_shape(value) not in _ALSO_KEYS and turns(value) < 0.3


def _has_variety(value: str) -> bool:
    """Not a word, a sentence's fragment or a small number: something that somebody generated."""
    if _TYPE_NAME.fullmatch(value):
        return False
    if _WORD.fullmatch(value):
        return len(value) >= 24 and "_" not in value and "-" not in value and turns(value) > 0.1
    letters = any(c.isalpha() for c in value)
    return letters or len(value) >= 16


def _mentioned(line: str, end: int, meaning: Named) -> Iterator[Labelled]:
    """`这个令牌不能用了：…`, `my key, which I got yesterday, …`: a random string soon after the name."""
    if not _LOOSE_BEGINS.search(line, end, end + _LOOSE_REACH + _LOOSE_LEAST):
        return
    for token in _LOOSE.finditer(line, end):
        value, value_start = token[0].rstrip(".:"), token.start()
        if value_start > end + _LOOSE_REACH:
            return
        if "://" in value:
            continue
        skipped = max(value[:-2].rfind("="), value[:-2].rfind(":")) + 1
        value, value_start = value[skipped:], value_start + skipped
        if _is_meant(value, line[:value_start], same_clause=not _CLAUSE.search(line, end, value_start)):
            yield Labelled(value_start, value_start + len(value), KINDS[meaning])
            return


def _is_meant(value: str, before: str, *, same_clause: bool) -> bool:
    if is_masked(value) or is_vendor_id(value) or not (same_clause or looks_dense(value, least=20)):
        return False
    return looks_random(value, least=20, rate=0.3) and not is_kept(value.rpartition("/")[2], before)


# --- cookies ---

_COOKIE_LINK = re.compile(r"""\\*["']?\s{0,4}[:=]\s{0,4}\\*["']?|\\*["']\s*,\s*\\*["']|\s+["']?""")
_COOKIE = re.compile(
    r"""\s*(?P<name>[A-Za-z0-9_.\-\[\]%]{1,128})=(?P<value>[^;\s"'，]*)(?:;|(?=[\s"'，\\])|$)"""
)
# cookies={"sessionid": "…"}
_COOKIE_TABLE = re.compile(r"""\\*["']?\s{0,4}[:=]\s{0,4}(?:dict\()?\{""")
_COOKIE_PAIR = re.compile(
    r"""[{,]\s{0,8}\\*["'](?P<name>[A-Za-z0-9_.\-]{1,128})\\*["']\s{0,4}:\s{0,4}\\*["'](?P<value>[^"'\\]*)"""
)
_ATTRIBUTES = {"path", "domain", "expires", "max-age", "samesite", "version", "priority"}


def cookies(line: str, end: int) -> Iterator[Labelled]:
    """Every value of a Cookie or Set-Cookie header that may identify a session; names stay readable."""
    if _COOKIE_TABLE.match(line, end):
        yield from _cookie_pairs(line, end)
        return
    link = _COOKIE_LINK.match(line, end)
    position = link.end() if link else end
    while cookie := _COOKIE.match(line, position):
        value = cookie["value"]
        if _is_session_value(cookie["name"], value):
            yield Labelled(*cookie.span("value"), "cookie")
        if cookie.end() == position:
            return
        position = cookie.end()


def _cookie_pairs(line: str, end: int) -> Iterator[Labelled]:
    close = line.find("}", end)
    for cookie in _COOKIE_PAIR.finditer(line, end, close if close >= 0 else len(line)):
        if _is_session_value(cookie["name"], cookie["value"]):
            yield Labelled(*cookie.span("value"), "cookie")


def _is_session_value(name: str, value: str) -> bool:
    if name.lower() in _ATTRIBUTES or is_masked(value) or not value:
        return False
    return len(value) >= 8 or named(name) is not Named.NOTHING
