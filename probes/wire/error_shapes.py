"""Where an error object hides in a JSON document, whichever vendor or gateway wrote it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorSeen:
    """The parts of one error, as text; empty where the document names none."""

    type: str = ""
    code: str = ""
    message: str = ""
    param: str = ""
    request_id: str = ""


def find_error(document: object) -> ErrorSeen | None:
    """The error that a document reports, or None when it reports none."""
    raise NotImplementedError
