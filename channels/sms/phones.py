"""What the text door must remember of telephones. Numbers are E.164, and are kept nowhere in the clear."""

from typing import Protocol


class Phones(Protocol):
    async def conversation_of(self, number: str) -> str:
        """The conversation that this telephone is in; "" when it is in none."""

    async def claim(self, number: str, conversation_id: str, instead_of: str = "") -> str:
        """Put the telephone into a conversation unless it is in another than `instead_of`; the one it is in then."""

    async def set_stopped(self, number: str, stopped: bool) -> None:
        """Who has sent STOP gets no text until they send START."""

    async def has_stopped(self, number: str) -> bool: ...

    async def is_known(self, message_id: str) -> bool:
        """Whether a text of the carrier's id was dealt with: its signature holds for ever, and it may come again."""

    async def remember(self, message_id: str) -> None: ...

    async def is_told(self, key: str) -> bool:
        """Whether the text `key` of ours was handed over already."""

    async def set_told(self, key: str) -> None: ...

    async def set_status(self, message_id: str, status: str) -> None:
        """What the carrier last said of a text of ours."""
