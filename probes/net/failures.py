"""What broke an exchange, and the one table from that to its name and a detail."""

import errno
import re
import socket
import ssl
from collections.abc import Mapping
from enum import Enum

from probes.net.limits import CapReached, DeadlinePassed
from probes.net.refusals import Refused
from probes.wire.facts import Failure

_DETAIL_CHARS = 120
_OPENSSL = re.compile(r"(?:\[[^]]*\] )?(.*?) \(_ssl\.c:\d+\)")  # [LIBRARY: REASON] words (place)


class Stage(Enum):
    """What the desk was doing when the network broke."""

    RESOLVING = "resolving"
    CONNECTING = "connecting"
    SECURING = "securing"
    WRITING = "writing"
    READING = "reading"


class NetworkBroke(Exception):
    """What the operating system or TLS reported, and at which stage."""

    def __init__(self, stage: Stage, cause: Exception) -> None:
        super().__init__(stage.value)
        self.stage = stage
        self.cause = cause


class NotAsHttp(Exception):
    """The answer broke the rules of HTTP; `failure` and `detail` say how, in no word of the answer's own."""

    def __init__(self, failure: Failure, detail: str = "") -> None:
        super().__init__(failure.value)
        self.failure = failure
        self.detail = detail


Broke = Refused | NetworkBroke | DeadlinePassed | CapReached | NotAsHttp

_STAGES: Mapping[Stage, Failure] = {
    Stage.RESOLVING: Failure.DNS,
    Stage.CONNECTING: Failure.CONNECT_REFUSED,
    Stage.SECURING: Failure.TLS_PROTOCOL,
    Stage.WRITING: Failure.WRITE_FAILED,
    Stage.READING: Failure.RESET,
}
_CERTIFICATES: Mapping[int, Failure] = {  # X509_V_ERR_* of OpenSSL; all others are an issue of trust
    9: Failure.TLS_EXPIRED,  # not yet valid
    10: Failure.TLS_EXPIRED,
    62: Failure.TLS_WRONG_NAME,
    64: Failure.TLS_WRONG_NAME,  # an address instead of a name
}
_RESOLVER_CODES = {getattr(socket, name): name for name in dir(socket) if name.startswith("EAI_")}


def failure_of(broke: Broke) -> Failure:
    """The name of what broke."""
    match broke:
        case Refused():
            return Failure.ADDRESS_REFUSED
        case NetworkBroke(cause=ssl.SSLCertVerificationError() as error):
            return _CERTIFICATES.get(error.verify_code, Failure.TLS_UNTRUSTED)
        case NetworkBroke(stage=Stage.CONNECTING, cause=TimeoutError()):
            return Failure.CONNECT_TIMEOUT
        case NetworkBroke():
            return _STAGES[broke.stage]
        case CapReached():
            return Failure.TOO_LARGE
        case _:
            return broke.failure


def detail_of(broke: Broke) -> str:
    """A short word for what broke, empty when its name says all.

    Either a permanent code of ours ("address.metadata", "cap: body_bytes"), or what the system, TLS or HTTP
    call it ("ECONNRESET", "EAI_NONAME", "tls: 10 certificate has expired", "tls: wrong version number",
    "http2: INTERNAL_ERROR").
    """
    match broke:
        case Refused():
            return broke.code
        case NetworkBroke():
            return _detail_of_cause(broke.cause)[:_DETAIL_CHARS]
        case CapReached():
            return f"cap: {broke.cap}"
        case NotAsHttp():
            return broke.detail[:_DETAIL_CHARS]
        case _:
            return ""


def tls_words(error: ssl.SSLError) -> str:
    """What OpenSSL says, in words: Python has names for only some of its reasons."""
    found = _OPENSSL.search(str(error))
    return found[1] if found else ""


def _detail_of_cause(cause: Exception) -> str:
    match cause:
        case ssl.SSLCertVerificationError():
            return f"tls: {cause.verify_code} {cause.verify_message}"
        case ssl.SSLError():
            return f"tls: {tls_words(cause)}"
        case socket.gaierror():
            return _RESOLVER_CODES.get(cause.errno, "")
        case OSError(errno=int(code)):
            return errno.errorcode.get(code, "")
        case _:
            return ""
