"""What the address of a list asks for: filters that can be told apart from typing errors."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """`filters` by name, without empty ones; `unknown` are (name, value) that name nothing here."""

    filters: dict[str, str]
    unknown: list[tuple[str, str]]


def read_query(query: Mapping[str, str], *, choices: Mapping[str, Collection[str]]) -> Asked:
    """Every filter of `query`; those in `choices` only if they are one of them.

    An unknown choice is left out, since the page's own box could not show it. PostgreSQL refuses NUL
    in a text, and nobody types one.
    """
    typed = {name: value.replace("\0", "").strip() for name, value in query.items()}
    unknown = [
        (name, value) for name, value in typed.items() if value and value not in choices.get(name, (value,))
    ]
    left_out = dict(unknown)
    return Asked(
        filters={name: value for name, value in typed.items() if value and name not in left_out},
        unknown=unknown,
    )
