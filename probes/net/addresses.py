"""Decides where the desk may connect: the deny table, its exact exceptions, what a base URL may look like.

Nothing here asks the network. `vet` judges a resolved address, because a name or a spelling proves nothing:
glibc reads `2130706433`, `0x7f.1` and `127.1` as 127.0.0.1, and a resolver may answer twice in two ways.
"""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from probes.net.refusals import AddressRefused as AddressRefused
from probes.net.refusals import BaseUrlRefused as BaseUrlRefused
from probes.net.refusals import ExceptionRefused as ExceptionRefused

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

DEFAULT_PORTS = {"https": 443, "http": 80}
_OPEN_PORTS = {"https": (443, 8443), "http": (80,)}


def _networks(code: str, listed: str) -> tuple[tuple[IPNetwork, str], ...]:
    return tuple((ipaddress.ip_network(network), code) for network in listed.split())


# The first hit names the reason. Sources: the special-purpose registries of IANA for IPv4 and IPv6; RFC 3879
# for fec0::/10, RFC 4291 for ::/96, RFC 2765 for ::ffff:0:0:0/96. The last row is all that IANA has
# not given out: public addresses begin in 2000::/3 alone. `ipaddress.is_global` and `is_private` let several
# of these pass.
DENIED: tuple[tuple[IPNetwork, str], ...] = (
    *_networks("address.loopback", "127.0.0.0/8 ::1/128"),
    *_networks("address.private", "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7 fec0::/10"),
    *_networks("address.link_local", "169.254.0.0/16 fe80::/10"),
    *_networks("address.multicast", "224.0.0.0/4 ff00::/8"),
    *_networks("address.reserved", "0.0.0.0/8 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24"),
    *_networks("address.reserved", "192.88.99.0/24 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24"),
    *_networks("address.reserved", "203.0.113.0/24 240.0.0.0/4"),
    *_networks("address.reserved", "::/128 100::/64 2001:db8::/32 3fff::/20 5f00::/16"),
    *_networks(
        "address.embedded",
        "::ffff:0:0/96 ::ffff:0:0:0/96 ::/96 64:ff9b::/96 64:ff9b:1::/48 2002::/16 2001::/32",
    ),
    *_networks("address.reserved", "2001::/23"),
    *_networks("address.reserved", "::/3 4000::/2 8000::/1"),
)

METADATA: frozenset[IPAddress] = frozenset(
    ipaddress.ip_address(address)
    for address in (
        "169.254.169.254",  # AWS, Azure, GCP, OpenStack and most others
        "169.254.170.2",  # AWS ECS task credentials
        "169.254.170.23",  # AWS EKS pod identity
        "169.254.0.23",  # Tencent Cloud
        "169.254.42.42",  # Scaleway
        "100.100.100.200",  # Alibaba Cloud
        "100.96.0.96",  # Volcano Engine
        "192.0.0.192",  # Oracle Cloud
        "168.63.129.16",  # Azure's host; not in any private range
        "fd00:ec2::254",  # AWS over IPv6
        "fd00:ec2::23",  # AWS EKS pod identity over IPv6
        "fd20:ce::254",  # GCP over IPv6
        "fd00:42::42",  # Scaleway over IPv6
        "fd00:a9fe:a9fe::1",  # Akamai (Linode) over IPv6
    )
)

_LAST_32_BITS = tuple(
    ipaddress.IPv6Network(n) for n in ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48")
)


def vet(
    address: str,
    port: int,
    *,
    exceptions: frozenset[str],
    name: str = "",
    never: frozenset[str] = frozenset(),
) -> None:
    """Pass an address that the desk may connect to.

    `exceptions` holds exact "host:port" entries in the form of `check_exception`; host is the address, or the
    registered `name` that resolved to it. `never` holds "address:port" of the desk's own services, which no
    exception opens, as none opens a metadata address. Raises AddressRefused.
    """
    ip = _address(address)
    if ip is None:
        raise AddressRefused("address.unreadable")
    own_entry, named_entry = entry_of(str(ip), port), entry_of(name or str(ip), port)
    params: dict[str, str | int] = {"address": str(ip), "port": port, "entry": named_entry}
    reached = (ip, *_embedded(ip))
    if METADATA.intersection(reached):
        raise AddressRefused("address.metadata", **params)
    if never.intersection(entry_of(str(each), port) for each in reached):
        raise AddressRefused("address.own_service", **params)
    if exceptions.intersection((own_entry, named_entry)):
        return
    if code := next((code for network, code in DENIED if ip in network), ""):
        raise AddressRefused(code, **params)


def entry_of(host: str, port: int) -> str:
    """`host:port` as exceptions are written; IPv6 in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _address(text: str) -> IPAddress | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _embedded(ip: IPAddress) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses that a translator or tunnel would reach through `ip`."""
    if isinstance(ip, ipaddress.IPv4Address):
        return
    if ip.ipv4_mapped:
        yield ip.ipv4_mapped
    if ip.sixtofour:
        yield ip.sixtofour
    if ip.teredo:
        yield from ip.teredo
    if any(ip in network for network in _LAST_32_BITS):
        yield ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """A base URL taken apart by the parser that also connects; `path` has no slash at its end."""

    scheme: str
    host: str
    port: int
    path: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def authority(self) -> str:
        """What the Host header says: the port only when it is not the scheme's own."""
        return entry_of(self.host, self.port).removesuffix(f":{DEFAULT_PORTS[self.scheme]}")


_FORBIDDEN_CHARACTERS = re.compile(r"[\s\\\x00-\x1f\x7f]")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\Z")
_NUMERIC_END = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\Z")  # read as IPv4 by WHATWG URL, section 3.5
_ENDS_WITH_PORT = re.compile(r":[0-9]{1,5}\Z")


def check_base_url(url: str, *, allow_http: bool, exceptions: frozenset[str]) -> str:
    """The canonical form of a base URL. Raises BaseUrlRefused; asks no resolver."""
    return str(read_base_url(url, allow_http=allow_http, exceptions=exceptions))


def read_base_url(url: str, *, allow_http: bool, exceptions: frozenset[str]) -> BaseUrl:
    """Take a base URL apart. Raises BaseUrlRefused with the first thing that is wrong."""
    parsed = _parse(url.strip())
    host, port = _host(parsed), _port(parsed)
    if entry_of(host, port) not in exceptions:
        _check_scheme_and_port(parsed.scheme, host, port, allow_http=allow_http)
    _check_literal(host, port, exceptions)
    return BaseUrl(parsed.scheme, host, port, parsed.raw_path.decode("ascii").rstrip("/"))


def check_exception(text: str) -> str:
    """The canonical form of an admin's exception, such as "127.0.0.1:8801". Raises ExceptionRefused.

    Metadata addresses are refused here already, so that nobody believes to have opened them.
    """
    try:
        parsed = _parse(f"https://{text.strip()}")
        host, port = _host(parsed), _port(parsed)
    except BaseUrlRefused:
        raise ExceptionRefused("exception.malformed", text=text[:80]) from None
    if parsed.raw_path != b"/" or not _ENDS_WITH_PORT.search(text.strip()):
        raise ExceptionRefused("exception.malformed", text=text[:80])
    entry = entry_of(host, port)
    if _address(host):
        try:
            vet(host, port, exceptions=frozenset({entry}))
        except AddressRefused as refused:
            raise ExceptionRefused(refused.code, **refused.params) from None
    return entry


def _parse(url: str) -> httpx.URL:
    if not url:
        raise BaseUrlRefused("url.empty")
    if _FORBIDDEN_CHARACTERS.search(url):
        raise BaseUrlRefused("url.characters")
    parsed = _parsed(url)
    if parsed is None:
        raise BaseUrlRefused("url.malformed")
    if parsed.scheme not in DEFAULT_PORTS:
        raise BaseUrlRefused("url.scheme")
    if parsed.userinfo or "@" in url.partition("://")[2].partition("/")[0]:
        raise BaseUrlRefused("url.userinfo")
    if "#" in url:
        raise BaseUrlRefused("url.fragment")
    if "?" in url:
        raise BaseUrlRefused("url.query")
    return parsed


def _parsed(url: str) -> httpx.URL | None:
    """None for what the parser refuses: its own message may quote a password."""
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError):
        return None


def _host(parsed: httpx.URL) -> str:
    host = parsed.raw_host.decode("ascii").removesuffix(".")
    if not host:
        raise BaseUrlRefused("url.host_missing")
    if "%" not in host and (address := _address(host)):
        return str(address)
    if _NUMERIC_END.search(host):
        raise BaseUrlRefused("url.host_numeric", host=host)
    if not _HOST_NAME.match(host):
        raise BaseUrlRefused("url.host", host=host)
    return host


def _port(parsed: httpx.URL) -> int:
    port = DEFAULT_PORTS[parsed.scheme] if parsed.port is None else parsed.port
    if not 0 < port < 65536:
        raise BaseUrlRefused("url.port_range", port=port)
    return port


def _check_scheme_and_port(scheme: str, host: str, port: int, *, allow_http: bool) -> None:
    if scheme == "http" and not allow_http:
        raise BaseUrlRefused("url.http", entry=entry_of(host, port))
    if port not in _OPEN_PORTS[scheme]:
        raise BaseUrlRefused("url.port", port=port, entry=entry_of(host, port))


def _check_literal(host: str, port: int, exceptions: frozenset[str]) -> None:
    """Refuse now what connecting would refuse: literal addresses, and localhost (RFC 6761, section 6.3)."""
    local = host == "localhost" or host.endswith(".localhost")
    if not local and _address(host) is None:
        return
    try:
        vet("127.0.0.1" if local else host, port, exceptions=exceptions, name=host)
    except AddressRefused as refused:
        raise BaseUrlRefused(refused.code, **refused.params) from None
