"""What must be remembered about telephones (a port). Numbers are E.164 and are never stored in the clear."""

from typing import Protocol


class Phones(Protocol):
    async def conversation_of(self, number: str) -> str:
        """The conversation that this telephone is in; "" when it is in none."""

    async def claim(self, number: str, conversation_id: str, instead_of: str = "") -> str:
        """Puts the telephone into a conversation, unless it is already in one other than `instead_of`. Returns the
        conversation it is in afterwards."""

    async def set_stopped(self, number: str, stopped: bool) -> None:
        """Notes that the telephone has sent STOP, or START: between the two it gets no texts."""

    async def has_stopped(self, number: str) -> bool: ...

    async def is_known(self, message_id: str) -> bool:
        """Whether the text with this id of the carrier was dealt with. Its signature never expires, so it may come
        again."""

    async def remember(self, message_id: str) -> None: ...

    async def is_told(self, key: str) -> bool:
        """Whether our text `key` was handed to the carrier already."""

    async def set_told(self, key: str) -> None: ...

    async def set_status(self, message_id: str, status: str) -> None:
        """Keeps the carrier's latest report on a text of ours."""
