"""What a request can cost at the most, and what it did cost, at an endpoint's prices."""

from dataclasses import dataclass
from decimal import Decimal

from probes.wire.dialects.openai_responses import LEAST_OUTPUT

_PROMPT_OVERHEAD = 50  # what chat templates wrap around one message, generously


@dataclass(frozen=True, slots=True)
class Prices:
    """Of 1,000 tokens, in the endpoint's currency."""

    in_per_1k: Decimal
    out_per_1k: Decimal

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal:
        return (tokens_in * self.in_per_1k + tokens_out * self.out_per_1k) / 1000

    def worst_case(self, prompt: str, max_tokens: int) -> Decimal:
        """What a request can cost: no tokenizer needs more than one token a byte of its prompt."""
        return self.cost(len(prompt.encode()) + _PROMPT_OVERHEAD, max(max_tokens, LEAST_OUTPUT))
