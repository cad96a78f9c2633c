"""A `Conversations` that passes everything on to another one, to be subclassed by one that does more."""

from collections.abc import Sequence

from dialogue.conversation import Conversation
from dialogue.duties import Duty
from dialogue.figures import Figures
from dialogue.ports import Conversations
from dialogue.queue import Place


class WrappedConversations:
    """Implements `Conversations` by calling `inner`."""

    def __init__(self, inner: Conversations) -> None:
        self._inner = inner

    async def load(self, conversation_id: str) -> Conversation | None:
        return await self._inner.load(conversation_id)

    def at_hand(self, conversation_id: str) -> Conversation | None:
        return self._inner.at_hand(conversation_id)

    async def commit(self, conversation: Conversation, duties: Sequence[Duty], turns: int = 1) -> None:
        await self._inner.commit(conversation, duties, turns)

    async def destroy(self, conversation_id: str) -> None:
        await self._inner.destroy(conversation_id)

    async def were_destroyed(self, ids: Sequence[str]) -> set[str]:
        return await self._inner.were_destroyed(ids)

    async def waiting(self, limit: int) -> list[Conversation]:
        return await self._inner.waiting(limit)

    async def places(self) -> Sequence[Place]:
        return await self._inner.places()

    async def figures(self) -> list[Figures]:
        return await self._inner.figures()

    async def load_all(self, ids: Sequence[str]) -> list[Conversation]:
        return await self._inner.load_all(ids)
