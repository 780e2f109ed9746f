"""Every dialect that the desk speaks, by the name that endpoints store."""

from collections.abc import Mapping
from types import MappingProxyType

from probes.wire.dialects.anthropic import Anthropic
from probes.wire.dialects.base import Dialect
from probes.wire.dialects.media_task import MediaTask
from probes.wire.dialects.openai_chat import OpenAIChat
from probes.wire.dialects.openai_responses import OpenAIResponses

_SPOKEN: tuple[Dialect, ...] = (OpenAIChat(), OpenAIResponses(), Anthropic(), MediaTask())

DIALECTS: Mapping[str, Dialect] = MappingProxyType({dialect.name: dialect for dialect in _SPOKEN})
