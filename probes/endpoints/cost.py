"""What a request can cost at the most, and what it did cost, at an endpoint's prices."""

from dataclasses import dataclass
from decimal import Decimal

from probes.wire.dialects.openai_responses import LEAST_OUTPUT

_PROMPT_OVERHEAD = 50  # what chat templates wrap around one message, generously
# Tokens of the tool that a step offers, and of what vendors put into the prompt to explain tools: Anthropic
# counts some 350 for that.
TOOL_OVERHEAD = 800


@dataclass(frozen=True, slots=True)
class Prices:
    """Of 1,000 tokens, in the endpoint's currency."""

    in_per_1k: Decimal
    out_per_1k: Decimal

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal:
        return (tokens_in * self.in_per_1k + tokens_out * self.out_per_1k) / 1000

    def worst_case(self, prompt: str, max_tokens: int, *, beside: int = 0) -> Decimal:
        """What a request can cost: no tokenizer needs more than one token a byte of its prompt.

        `beside` counts the tokens that are sent with the prompt.
        """
        sent = len(prompt.encode()) + _PROMPT_OVERHEAD + beside
        return self.cost(sent, max(max_tokens, LEAST_OUTPUT))
