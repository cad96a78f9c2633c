"""What the assessor needs: a chat model that answers within a schema, and guidelines to search. Knows no server."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from pydantic import Field

from policies.facts import Record
from policies.passages import Passage
from policies.whom import ANYBODY, Whom

Schema = Mapping[str, Any]
"""A JSON schema."""


class Message(Record):
    """One message of a prompt; its content is never printed."""

    role: Literal["system", "user", "assistant"]
    content: str = Field(repr=False)


class Completion(Record):
    """A model's answer. `truncated` when it was cut off at `max_tokens`; token counts are 0 where not told."""

    text: str = Field(repr=False)
    truncated: bool = False
    prompt_tokens: int = 0
    completion_tokens: int = 0


class ChatModel(Protocol):
    """One call, one answer, or a ModelError; no retry. `name` is what an audit is told."""

    @property
    def name(self) -> str: ...

    async def complete(self, messages: Sequence[Message], schema: Schema, max_tokens: int, seed: int) -> Completion: ...


class Guidelines(Protocol):
    """The clinic's guidelines, searched; `whom` leaves out what is not for such a patient."""

    async def search(
        self, query: str, protocols: Sequence[str], limit: int = 4, whom: Whom = ANYBODY
    ) -> list[Passage]: ...
