"""The refusals of the address rules: a permanent code each, its words, and the exceptions that carry them."""

from collections.abc import Mapping


def gettext_noop(message: str) -> str:
    """Marks `message` for the catalogues; whoever shows it translates it."""
    return message


WORDS: Mapping[str, str] = {
    "address.loopback": gettext_noop(
        "%(address)s is the machine that the desk runs on. Use the endpoint's public address, or have an "
        "admin add %(entry)s as an exception."
    ),
    "address.private": gettext_noop(
        "%(address)s is in a private network. Use the endpoint's public address, or have an admin add "
        "%(entry)s as an exception."
    ),
    "address.link_local": gettext_noop(
        "%(address)s only exists inside one network segment. Use the endpoint's public address, or have an "
        "admin add %(entry)s as an exception."
    ),
    "address.reserved": gettext_noop(
        "%(address)s is reserved and belongs to no public service. Check what the name resolves to."
    ),
    "address.multicast": gettext_noop(
        "%(address)s addresses a group, not one machine. Check what the name resolves to."
    ),
    "address.embedded": gettext_noop(
        "%(address)s hides an IPv4 address inside an IPv6 address. Use the IPv4 address itself."
    ),
    "address.metadata": gettext_noop(
        "%(address)s hands out a cloud machine's credentials. The desk never connects to it, and no "
        "exception can be made."
    ),
    "address.own_service": gettext_noop(
        "%(address)s port %(port)s is a service of the desk itself. The desk never probes it, and no "
        "exception can be made."
    ),
    "address.unreadable": gettext_noop("The resolver answered with something that is not an IP address."),
    "url.empty": gettext_noop("The base URL is empty. Enter one such as https://api.example.com/v1."),
    "url.characters": gettext_noop(
        "The base URL contains a space, a backslash or a control character, which programs read differently. "
        "Remove it."
    ),
    "url.malformed": gettext_noop(
        "The base URL cannot be read. Write https://, the host name and the path, such as "
        "https://api.example.com/v1."
    ),
    "url.scheme": gettext_noop("The base URL does not start with https://. Write it with https:// in front."),
    "url.http": gettext_noop(
        "The base URL uses http, which would send the probe key in clear. Write https://, or have an admin "
        "add %(entry)s as an exception."
    ),
    "url.userinfo": gettext_noop(
        "The base URL has a user name or password before the @. Remove it; a key belongs in the probe key "
        "field."
    ),
    "url.query": gettext_noop(
        "The base URL has a query after the question mark. Remove it; a key belongs in the probe key field."
    ),
    "url.fragment": gettext_noop("The base URL has a part after #. Remove it."),
    "url.host_missing": gettext_noop("The base URL names no host. Write it as https://api.example.com/v1."),
    "url.host": gettext_noop("“%(host)s” is not a host name. Use letters, digits, hyphens and dots."),
    "url.host_numeric": gettext_noop(
        "“%(host)s” is a number that programs read as an address. Write the address as four decimal parts, "
        "or use the host name."
    ),
    "url.port": gettext_noop(
        "Port %(port)s is not open to probes. Use 443 or 8443, or have an admin add %(entry)s as an "
        "exception."
    ),
    "url.port_range": gettext_noop("Port %(port)s does not exist. Ports go from 1 to 65535; https uses 443."),
    "exception.malformed": gettext_noop(
        "“%(text)s” is not an exception. Write one host and one port, such as 127.0.0.1:8801, [::1]:8801 or "
        "localhost:8801."
    ),
}


class Refused(ValueError):
    """A refusal with a permanent `code`; its text in English is `str()` of it.

    `message` and `params` are what django.forms.ValidationError takes, so that a form can translate.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(WORDS[code] % params)
        self.code = code
        self.params = params

    @property
    def message(self) -> str:
        return WORDS[self.code]


class AddressRefused(Refused):
    """An address that the desk does not connect to; `reason` is the code."""

    @property
    def reason(self) -> str:
        return self.code


class BaseUrlRefused(Refused):
    """A base URL that may not be registered or probed."""


class ExceptionRefused(Refused):
    """An exception to the deny table that may not be made."""
