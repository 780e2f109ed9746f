"""Cells that a spreadsheet shows and does not run."""

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def inert(cell: str) -> str:
    """The cell, behind an apostrophe where it would be taken for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_STARTS) else cell
