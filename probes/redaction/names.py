"""Which field, header, flag and variable names announce a credential."""

import re
from enum import Enum
from functools import lru_cache

from probes.redaction.wordlist import words


class Named(Enum):
    """What a name promises about its value."""

    NOTHING = "nothing"
    PASSWORD = "password"  # noqa: S105 - a category, not a password
    SECRET = "secret"  # noqa: S105
    KEY = "key"
    AUTH = "authorization"
    COOKIE = "cookie"
    SESSION = "session"  # a cookie's name, which needs no word "cookie" beside it
    MAYBE = "maybe"  # a credential only when the value looks like one


# What frameworks call the cookie of a session.
_SESSIONS = re.compile(
    r"(?i)(?:jsessionid|phpsessid|asp(?:\.net_)?sessionid\w*|connect\.sid|laravel_session|ci_session|cf_clearance"
    r"|remember_(?:me_)?token|wordpress_logged_in\w*|wordpress_sec\w*|_gitlab_session|user_session)"
)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*_(?:TOKEN|PAT)")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[\u4e00-\u9fff]+")
_PASSWORDS = words(
    "password passwd pwd passphrase passcode requirepass masterauth psk",
    "userpass dbpass rootpass adminpass sudopass storepass keypass sshpass httppass proxypass loginpass",
)
_SECRETS = {
    "secret",
    "secrets",
    "secretkey",
    "clientsecret",
    "appsecret",
    "credential",
    "credentials",
    "apisecret",
    "cred",
    "creds",
}
_KEYS = {
    "apikey",
    "apikeys",
    "accesskey",
    "authkey",
    "appkey",
    "privatekey",
    "accesstoken",
    "authtoken",
    "apitoken",
}
_AUTHS = {"authorization", "authentication", "bearer"}
_MAYBES = words("keys sk ak auth signature sig sign pass sid session mima miyao")
_SUFFIXES = (
    ("password", Named.PASSWORD),
    ("passwd", Named.PASSWORD),
    ("pwd", Named.PASSWORD),
    ("secret", Named.SECRET),
)
_KEY_SUFFIXES = (
    "apikey",
    "accesskey",
    "secretkey",
    "authkey",
    "privatekey",
    "accesstoken",
    "authtoken",
    "bottoken",
)
_NOT_KEYS = words("monkey turkey hotkey")
_CHINESE = {
    "密码": Named.PASSWORD,
    "口令": Named.PASSWORD,
    "密钥": Named.KEY,
    "秘钥": Named.KEY,
    "密匙": Named.KEY,
    "私钥": Named.KEY,
    "令牌": Named.KEY,
    "凭证": Named.KEY,
    "凭据": Named.KEY,
    "授权码": Named.KEY,
    "提取码": Named.PASSWORD,
    "访问码": Named.PASSWORD,
    "恢复码": Named.PASSWORD,
    "备用码": Named.PASSWORD,
}
# A last word that only says which credential it is: MJ_APIKEY_PRIVATE, api_key_prod, key_part1.
_QUALIFIERS = words(
    "private prod production live dev test staging new old main primary secondary backup default current",
    "value plain plaintext raw text part content",
)
# Before "code": what somebody has to enter, unlike the code of an error.
_CODES = words("access auth invite recovery backup security verification pairing js")
_TOKENS_AS_LOGIN = words("sonar sonarqube")  # tools in whose settings "login" is a token
# A last word that speaks about a credential instead of being one.
_ABOUT = words(
    "name names type types count counts limit limits usage used url uri endpoint path file length len",
    "size expires expiry expired expiration ttl in at hint prefix suffix version algorithm alg policy",
    "status error code message msg field header headers param params format index label desc description",
    "budget price cost rate per source mode group quota enabled required valid invalid alias provider",
    "reset remaining requests owner scope scopes tokens details time ms seconds vault manager store ref",
    "rotation rules",
)
_KEY_OF = words(
    "api access secret private auth signing encryption master subscription account admin service role app",
    "license deploy webhook hmac shared storage function host encoding aes mch merchant partner functions",
    "signature client server root probe test live prod production gateway proxy channel openai anthropic",
    "azure personal",
)
_NOT_KEY_OF = words(
    "primary foreign cache idempotency sort partition public object unique row hash map dict",
    "translation message shortcut press hot dedupe lookup group ordering tag json field sorting",
    "config cipher host natural candidate composite surrogate i18n locale feature queue topic record",
    "metric registry bucket s3 kv redis",
)
_TOKEN_OF = words(
    "access refresh auth api bearer id bot secret session csrf xsrf personal user app page device push",
    "deploy job runner service account oauth security identity login hub registry admin system gateway",
    "verification",
)
_NOT_TOKEN_OF = words(
    "next continuation sync first last per max min prompt total output input eos bos pad unk stop cursor",
    "special mask completion reasoning cached start end begin each every new single generated time page",
)
# The id of an access key or a secret is half of a credential; other keys' ids only point to them.
_KEY_ID_OF = (["access", "key"], ["secret"], ["secret", "key"])
_PASS_OF_TESTS = words("first second all test tests did low high band single multi boarding by")


@lru_cache(maxsize=4096)
def named(name: str) -> Named:
    """Read a name in any spelling: X-Api-Key, x_api_key, xApiKey and "api key" are one."""
    if _SESSIONS.fullmatch(name):
        return Named.SESSION
    words = [word.lower() for word in _WORDS.findall(name.removeprefix("-D"))]  # a property for Java
    while words and (words[-1].isdigit() or (len(words) > 1 and words[-1] in _QUALIFIERS)):
        words.pop()
    if not words:
        return Named.NOTHING
    meaning = _read(words)
    # Variables of a program's surroundings that end so hold tokens, whoever's they are.
    return Named.KEY if meaning is Named.MAYBE and _VARIABLE.fullmatch(name) else meaning


def _read(words: list[str]) -> Named:
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last == "id":
        return Named.MAYBE if words[-3:-1] in _KEY_ID_OF or before in {"accesskey", "ak"} else Named.NOTHING
    if [before, last] in (["key", "base"], ["erlang", "cookie"]):
        return Named.SECRET
    if (last == "login" and before in _TOKENS_AS_LOGIN) or last == "jscode":
        return Named.KEY
    if last in {"code", "codes"} and before in _CODES:
        return Named.PASSWORD
    if last == "pass" and before and before not in _PASS_OF_TESTS:
        return Named.PASSWORD
    if last in _ABOUT:
        return Named.NOTHING
    if last == "key":
        return _key_of(before)
    if last in {"token", "jwt", "pat"}:
        return _token_of(before)
    return _single(last, before)


def _single(last: str, before: str) -> Named:
    for known, meaning in (
        (_PASSWORDS, Named.PASSWORD),
        (_SECRETS, Named.SECRET),
        (_KEYS, Named.KEY),
        (_AUTHS, Named.AUTH),
        ({"cookie", "cookies"}, Named.COOKIE),
    ):
        if last in known:
            return meaning
    if last in _MAYBES:
        return Named.NOTHING if before in {"primary", "foreign"} else Named.MAYBE
    return _ending(last)


def _ending(last: str) -> Named:
    for suffix, meaning in (*_SUFFIXES, *_CHINESE.items()):
        if last.endswith(suffix):
            return meaning
    if last.endswith(_KEY_SUFFIXES):
        return Named.KEY
    return Named.MAYBE if last.endswith(("token", "key")) and last not in _NOT_KEYS else Named.NOTHING


def _key_of(before: str) -> Named:
    if before in _KEY_OF:
        return Named.KEY
    return Named.NOTHING if before in _NOT_KEY_OF else Named.MAYBE


def _token_of(before: str) -> Named:
    if before in _NOT_TOKEN_OF:
        return Named.NOTHING
    return Named.KEY if before in _TOKEN_OF or not before else Named.MAYBE
