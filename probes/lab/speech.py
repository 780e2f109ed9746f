"""What the lab's model says: the answer itself, before any protocol or fault gets at it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import cycle, islice

from probes.lab.call import Call


class Finish(StrEnum):
    """Why the model stopped, in OpenAI's words."""

    STOP = "stop"
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"
    TOOL_CALLS = "tool_calls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Pieces become one delta each; a word counts as a token."""

    text: tuple[str, ...] = ()
    thinking: tuple[str, ...] = ()
    tool_input: tuple[str, ...] = ()
    finish: Finish = Finish.STOP

    @property
    def tokens(self) -> int:
        return sum(max(1, len(piece.split())) for piece in (*self.text, *self.thinking, *self.tool_input))


class Part(StrEnum):
    """What a frame of a stream is for, whatever the protocol calls it."""

    OPEN = "open"
    TEXT = "text"
    THINKING = "thinking"
    TOOL = "tool"
    FINISH = "finish"
    USAGE = "usage"
    MARKER = "marker"
    OTHER = "other"


CONTENT = frozenset({Part.TEXT, Part.THINKING, Part.TOOL})


@dataclass(frozen=True, slots=True)
class Frame:
    """One event of a stream. `raw` replaces the well-formed bytes when a fault needs others."""

    part: Part
    data: str = ""
    event: str = ""
    raw: bytes | None = None

    @property
    def wire(self) -> bytes:
        if self.raw is not None:
            return self.raw
        named = f"event: {self.event}\n" if self.event else ""
        return f"{named}data: {self.data}\n\n".encode()

    def rewritten(self, raw: bytes) -> "Frame":
        return replace(self, raw=raw)


def _pieces(text: str) -> tuple[str, ...]:
    return tuple(f"{word} " for word in text.split())


_WORDS = _pieces(
    "A steady stream arrives in many small pieces , each of them sent as soon as it is ready . "
    "Nothing waits for the end , so a reader can follow while the answer is still being written . "
    "The last piece says why the writer stopped , and a marker closes the stream ."
)
_MOST_PIECES = 90
_CHINESE = tuple("流式回答应当一段一段地到达，每一段写好就立刻发出，读者不必等到最后。")
_THOUGHTS = _pieces("First I consider what is asked , then how short the answer may be .")
_THOUGHT = 20  # tokens in one piece, so that long thinking is quick
TOOL = "get_weather"
_NUMBERS = ('{"words": [', '"one", ', '"two", ', '"three", ', '"four", ', '"fi', 've"', "]}")
_TOOL_INPUT = ("{", '"city"', ": ", '"Shang', 'hai"', ', "unit"', ': "celsius"', "}")


def plain(call: Call) -> Answer:
    """As many words as the caller pays for, in at most 90 pieces so that even a long answer is quick.

    Offered a tool, the model calls it instead, as it is asked to.
    """
    if call.tool:
        return using_a_tool(call)
    words = wordy(call).text
    size = -(-len(words) // _MOST_PIECES)
    return Answer(text=tuple("".join(words[at : at + size]) for at in range(0, len(words), size)))


def wordy(call: Call) -> Answer:
    """The plain answer word by word: with `max_tokens` of 300 or more, long enough to fill buffers."""
    return Answer(text=tuple(islice(cycle(_WORDS), _length(call.max_tokens))))


def short(call: Call) -> Answer:
    return replace(plain(call), text=wordy(call).text[:24])


def chinese(call: Call) -> Answer:
    return Answer(text=_CHINESE)


def with_line_separators(call: Call) -> Answer:
    """U+2028 and U+0085 inside a JSON string: legal there, and a line end to careless readers."""
    return Answer(text=("before", "\u2028after\u2028", "and\u0085", " the end"))


def silent(call: Call) -> Answer:
    return Answer()


def thoughtful(call: Call) -> Answer:
    return replace(plain(call), thinking=_THOUGHTS)


def thoughts_only(call: Call) -> Answer:
    return Answer(thinking=_THOUGHTS * 4, finish=Finish.LENGTH)


def thoughts_of(call: Call, tokens: int) -> Answer:
    """So many tokens of thought, and the text only if the caller pays for more than these."""
    paid = call.max_tokens if call.max_tokens is not None else tokens + 1
    thinking = ("".join(islice(cycle(_THOUGHTS), _THOUGHT)),) * (min(tokens, paid) // _THOUGHT)
    return replace(plain(call) if paid > tokens else thoughts_only(call), thinking=thinking)


def using_a_tool(call: Call) -> Answer:
    return Answer(tool_input=_NUMBERS if call.tool else _TOOL_INPUT, finish=Finish.TOOL_CALLS)


def tool_cut_short(call: Call) -> Answer:
    return Answer(tool_input=_TOOL_INPUT[:4], finish=Finish.LENGTH)


def ending(finish: Finish) -> Callable[[Call], Answer]:
    """The plain answer, stopped for another reason."""
    return lambda call: replace(plain(call), finish=finish)


def _length(max_tokens: int | None) -> int:
    if max_tokens is None:
        return _MOST_PIECES
    if max_tokens < 300:
        return max(1, min(max_tokens, _MOST_PIECES))
    return min(max_tokens * 19 // 20, 1600)
