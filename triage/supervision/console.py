"""What the supervised programs say, on one terminal: a name before each line, colours where they show."""

import sys
from typing import TextIO

NAME_WIDTH = 8
_COLOURS = {"web": 36, "worker": 32, "chores": 33, "ledger": 31, "beat": 35, "lab": 34}
_PLAIN = "\x1b[0m"


class Console:
    """Writes whole lines, until the reader goes away (`make run | head`)."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._coloured = self._out.isatty()
        self.reader_left = False

    def say(self, name: str, line: str) -> None:
        label = f"{name:<{NAME_WIDTH}}|"
        if self._coloured and name in _COLOURS:
            label = f"\x1b[{_COLOURS[name]}m{label}{_PLAIN}"
        self.tell(f"{label} {line}")

    def tell(self, text: str) -> None:
        try:
            self._out.write(text + "\n")
            self._out.flush()
        except BrokenPipeError:
            self.reader_left = True
