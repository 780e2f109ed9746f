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
    MAYBE = "maybe"  # a credential only when the value looks like one


_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[\u4e00-\u9fff]+")
_PASSWORDS = {"password", "passwd", "pwd", "passphrase", "passcode", "userpass", "requirepass", "masterauth"}
_SECRETS = {
    "secret",
    "secrets",
    "secretkey",
    "clientsecret",
    "appsecret",
    "credential",
    "credentials",
    "apisecret",
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
}
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
    "azure personal project",
)
_NOT_KEY_OF = words(
    "primary foreign cache idempotency sort partition public routing object unique row hash map dict",
    "translation message shortcut press hot dedupe lookup group ordering tag json field sorting search",
    "config cipher host natural candidate composite surrogate i18n locale feature queue topic record",
    "metric registry bucket s3 kv",
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


@lru_cache(maxsize=4096)
def named(name: str) -> Named:
    """Read a name in any spelling: X-Api-Key, x_api_key, xApiKey and "api key" are one."""
    words = [word.lower() for word in _WORDS.findall(name)]
    while words and words[-1].isdigit():
        words.pop()
    if not words:
        return Named.NOTHING
    return _read(words)


def _read(words: list[str]) -> Named:
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last == "id":
        return Named.MAYBE if before in {"key", "secret", "accesskey", "ak"} else Named.NOTHING
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
    if last in {
        "keys",
        "sk",
        "ak",
        "auth",
        "signature",
        "sig",
        "sign",
        "pass",
        "sid",
        "session",
        "mima",
        "miyao",
        "psk",
    }:
        return Named.NOTHING if before in {"primary", "foreign"} else Named.MAYBE
    return _ending(last)


def _ending(last: str) -> Named:
    for suffix, meaning in (*_SUFFIXES, *_CHINESE.items()):
        if last.endswith(suffix):
            return meaning
    if last.endswith(_KEY_SUFFIXES):
        return Named.KEY
    return (
        Named.MAYBE
        if last.endswith(("token", "key")) and last not in {"monkey", "turkey", "hotkey"}
        else Named.NOTHING
    )


def _key_of(before: str) -> Named:
    if before in _KEY_OF:
        return Named.KEY
    return Named.NOTHING if before in _NOT_KEY_OF else Named.MAYBE


def _token_of(before: str) -> Named:
    if before in _NOT_TOKEN_OF:
        return Named.NOTHING
    return Named.KEY if before in _TOKEN_OF or not before else Named.MAYBE
