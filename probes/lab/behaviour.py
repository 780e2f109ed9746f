"""One behaviour of the lab: its name, what it does, what it shows, and what a right diagnosis may be."""

from dataclasses import dataclass, field

from probes.lab.promises import AS_OK, Shows

CHAT = ("openai_chat", "openai_responses", "anthropic")
OPENAI = ("openai_chat",)
MARKED = ("openai_chat", "anthropic")
TASK = ("media_task",)

FINE = ("ok.not_reproduced",)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A model name is `name` or `name:arg`.

    `unit` says what the argument counts; it is empty, and `default` 0, where there is none. `expect` holds
    verdict codes for a ticket that declares nothing else, `shows` the facts of each step. `protocols` are
    those in which the behaviour shows; in another one it is as healthy as can be.
    """

    name: str
    english: str
    chinese: str
    expect: tuple[str, ...]
    unit: str = ""
    default: float = 0
    protocols: tuple[str, ...] = CHAT
    shows: Shows = field(default_factory=lambda: AS_OK)
