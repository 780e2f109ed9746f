"""Header values that may be sent but never shown, logged, compared by eye or pickled."""

import re
from collections.abc import Iterator, Mapping
from typing import NoReturn

_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")  # RFC 9110, section 5.5, without obs-text


class SecretUnusable(ValueError):
    """A secret that cannot be a header value; the message names the header, never the value."""


class SecretHeaders(Mapping[str, str]):
    """A mapping of header names to secrets whose every picture of itself is masked.

    Raises SecretUnusable for a value that HTTP cannot carry: the HTTP library would quote it in its error.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)
        for name, value in self._values.items():
            if not _VALUE.fullmatch(value):
                raise SecretUnusable(f"the secret for the header {name} is not one line of printable ASCII")

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"SecretHeaders({', '.join(f'{name}=***' for name in self)})"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("secret headers are not pickled")
