"""What can go wrong while a ledger is fetched: permanent codes, shared by database, pages and tests."""

from enum import StrEnum


class FetchCode(StrEnum):
    """How a fetch ended; `OK` or what went wrong."""

    OK = "ok"
    UNREACHABLE = "unreachable"  # the detail is the network failure
    ADDRESS_REFUSED = "address_refused"  # by the desk, before connecting
    TOO_LARGE = "too_large"
    REDIRECTED = "redirected"
    DENIED = "denied"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    BAD_STATUS = "bad_status"
    HTML = "html"
    NOT_JSON = "not_json"
    REFUSED_BY_API = "refused_by_api"  # 200, and the body says that it failed
    OTHER_SHAPE = "other_shape"  # JSON, but not of the system that was chosen
    PAGES_REPEAT = "pages_repeat"
    LINK_ELSEWHERE = "link_elsewhere"
    WINDOW_IGNORED = "window_ignored"
    WINDOW_TOO_FULL = "window_too_full"
    CHANGED_WHILE_READ = "changed_while_read"
    NO_TOKEN = "no_token"  # noqa: S105 - a code
    TOKEN_UNREADABLE = "token_unreadable"  # noqa: S105 - a code
    MAPPING = "mapping"


# Far more than is ever shown: a secret that is cut in two would not be known for one.
_LONGEST_DETAIL = 20_000


class FetchFault(Exception):
    """A fetch cannot go on; `detail` is untrusted text, to be masked and only then shortened."""

    def __init__(self, code: FetchCode, detail: str = "") -> None:
        super().__init__(code.value)
        self.code = code
        self.detail = detail[:_LONGEST_DETAIL]
