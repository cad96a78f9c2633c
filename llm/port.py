"""The assessor's ports: a chat model that answers by a schema, and guidelines to search. Knows no server."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from pydantic import Field

from policies.demographics import ANYBODY, Demographics
from policies.facts import Record
from policies.passages import Passage

Schema = Mapping[str, Any]
"""A JSON schema."""


class Message(Record):
    """One message of a prompt; its `repr` leaves out the content."""

    role: Literal["system", "user", "assistant"]
    content: str = Field(repr=False)


class Completion(Record):
    """A model's answer. `truncated`: it was cut off at `max_tokens`. Token counts are 0 if the server gives none."""

    text: str = Field(repr=False)
    truncated: bool = False
    prompt_tokens: int = 0
    completion_tokens: int = 0


class ChatModel(Protocol):
    """Gives one answer for one call, or raises ModelError; does not retry. `name` goes on the audit trail."""

    @property
    def name(self) -> str: ...

    async def complete(self, messages: Sequence[Message], schema: Schema, max_tokens: int, seed: int) -> Completion: ...


class Guidelines(Protocol):
    """The clinic's guidelines, searched; `patient` leaves out what is not for such a patient."""

    async def search(
        self, query: str, protocols: Sequence[str], limit: int = 4, patient: Demographics = ANYBODY
    ) -> list[Passage]: ...
