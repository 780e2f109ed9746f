"""The fingerprint of a buffer: the size of the pieces that a stream arrives in, and who ships such a one."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

KIB: Final = 1024
_SIZES: Final = (4 * KIB, 8 * KIB, 16 * KIB, 32 * KIB, 64 * KIB)
_NEAR: Final = 0.06  # chunk headers and the event that straddles the edge
_ALIKE: Final = 0.7

HOLDERS: Final = {
    4 * KIB: ("nginx proxy_buffers (4k)", "PHP output_buffering"),
    8 * KIB: ("nginx proxy_buffers (8k)", "Apache", "Tomcat"),
    16 * KIB: ("nginx ssl_buffer_size", "Node.js streams"),
    32 * KIB: ("gzip", "Go ReverseProxy", "nginx proxy_buffers 8 4k"),
    64 * KIB: ("nginx proxy_buffers 8 8k", "Node.js streams (22+)"),
}
"""Who ships a buffer of this size.

nginx: proxy_buffers 8 4k|8k (ngx_http_proxy_module), ssl_buffer_size 16k (ngx_http_ssl_module). PHP:
output_buffering = 4096 (php.ini-production). Apache: AP_IOBUFSIZE 8192 (httpd.h). Tomcat:
socket.appWriteBufSize 8192. Node.js: highWaterMark 16 KiB, 64 KiB since 22 (its manual on streams). Go:
httputil.ReverseProxy copies in 32 KiB (reverseproxy.go). gzip: the window of RFC 1951 is 32 KiB.
"""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The buffer that pieces of one size come out of."""

    size: int  # bytes, as buffers are shipped
    measured: int  # bytes, the middle one of the pieces
    pieces: int
    holders: tuple[str, ...]


def fingerprint(sizes: Sequence[int], *, is_coded: bool = False) -> Fingerprint | None:
    """The buffer behind pieces of these sizes in bytes, the last (a remainder) left out by the caller.

    None when they are not alike, or of no size that buffers are shipped in. `is_coded`: the stream is
    compressed, so that only a compressor's own blocks can show.
    """
    whole = [size for size in sizes if size > 0]
    if len(whole) < 2:
        return None
    usual = median(whole)
    alike = [size for size in whole if abs(size - usual) <= _NEAR * usual]
    shipped = next((size for size in _SIZES if abs(usual - size) <= _NEAR * size), None)
    if shipped is None or len(alike) < _ALIKE * len(whole):
        return None
    holders = ("gzip",) if is_coded else HOLDERS[shipped]
    return Fingerprint(shipped, round(usual), len(alike), holders)
