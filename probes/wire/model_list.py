"""Which models a list names, in the shapes of OpenAI, Anthropic, Gemini and Ollama."""

from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

from probes.wire.documents import first_of, mapping_of, string_of

_MOST_COMPARED, _LONGEST_COMPARED = 2000, 200  # names, characters: comparing takes time


@dataclass(frozen=True, slots=True)
class ModelList:
    """`complete` is False when the answer says that further pages follow."""

    names: tuple[str, ...]
    complete: bool = True

    def holds(self, model: str) -> bool | None:
        """None when it cannot be said: no model to look for, or a page without it."""
        if not model:
            return None
        found = model in self.names or f"models/{model}" in self.names  # Gemini's own API writes the latter
        return found or (False if self.complete else None)

    def nearest(self, model: str) -> tuple[str, ...]:
        """Up to three names that may be meant, nearest first; prefix of the vendor and case do not count."""
        short = (name for name in self.names if len(name) <= _LONGEST_COMPARED)
        by_bare = {_bare(name): name for name in reversed(list(islice(short, _MOST_COMPARED)))}
        return tuple(by_bare[bare] for bare in get_close_matches(_bare(model), by_bare, n=3))


def read_models(document: object) -> ModelList | None:
    """None for a document that is no list of models."""
    body = mapping_of(document)
    rows = document if isinstance(document, list) else body.get("data", body.get("models"))
    if not isinstance(rows, list):
        return None
    names = tuple(name for row in rows if (name := _name(row)))
    if rows and not names:
        return None
    return ModelList(names, complete=not (body.get("has_more") or body.get("nextPageToken")))


def _name(row: object) -> str:
    return string_of(row) or string_of(first_of(mapping_of(row), "id", "name", "model"))


def _bare(name: str) -> str:
    return name.lower().rpartition("/")[2]
