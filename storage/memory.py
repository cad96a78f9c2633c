"""Conversations, outbox and changes in this process's memory, which behave like the real ones.

For trials, the warm-up and tests. Knows nothing about Redis.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from dialogue.conversation import Conversation
from dialogue.duties import Duty
from dialogue.figures import Figures, figures_of
from dialogue.ports import Clock, Conflict
from dialogue.queue import Place, place_of, rank
from storage.listeners import Listeners


class MemoryChanges:
    """Implements `Changes`."""

    def __init__(self) -> None:
        self._listeners = Listeners()

    @asynccontextmanager
    async def listen(self, conversation_id: str | None) -> AsyncIterator[AsyncIterator[str]]:
        with self._listeners.listening(conversation_id) as listener:
            yield listener

    def tell(self, conversation_id: str) -> None:
        self._listeners.tell(conversation_id)


class MemoryOutbox:
    """Implements `Outbox`. `claim_after` as in `ValkeyOutbox`."""

    def __init__(self, clock: Clock, claim_after: float = 60.0) -> None:
        self._clock = clock
        self._claim_after = claim_after
        self._owed: dict[tuple[str, str], Duty] = {}
        self._taken: dict[Duty, tuple[str, float]] = {}
        self._workers: set[str] = set()
        self._more = asyncio.Event()

    def owe(self, duties: Sequence[Duty]) -> None:
        """Adds duties. One with the same conversation and id replaces the old one."""
        for duty in duties:
            self._owed[duty.conversation, duty.id] = duty
        self._more.set()

    def forget(self, conversation_id: str) -> None:
        self._owed = {key: duty for key, duty in self._owed.items() if key[0] != conversation_id}

    async def take(self, worker: str, wait_seconds: float) -> list[Duty]:
        loop = asyncio.get_running_loop()
        until = loop.time() + wait_seconds
        while True:
            left = until - loop.time()
            found = self._look(worker)
            if found or left <= 0:
                return found
            self._more.clear()
            await self._wait(left)

    async def done(self, duty: Duty) -> None:
        if self._taken.pop(duty, None) and self._owed.get((duty.conversation, duty.id)) == duty:
            del self._owed[duty.conversation, duty.id]

    async def defer(self, duty: Duty, due: float) -> None:
        if self._taken.pop(duty, None) and self._owed.get((duty.conversation, duty.id), duty) == duty:
            self.owe([duty.model_copy(update={"due": due})])

    def _look(self, worker: str) -> list[Duty]:
        now = self._clock.now()
        returned = worker not in self._workers
        self._workers.add(worker)
        if not returned:
            self._keep(worker, now)
        found = [duty for duty in self._owed.values() if duty.due <= now and self._free(duty, worker, returned, now)]
        self._taken |= dict.fromkeys(found, (worker, now))
        return sorted(found, key=lambda duty: duty.due)

    def _keep(self, worker: str, now: float) -> None:
        """The worker is alive: restarts the time of the duties it is working on."""
        self._taken |= {duty: (worker, now) for duty, (holder, _) in self._taken.items() if holder == worker}

    def _free(self, duty: Duty, worker: str, returned: bool, now: float) -> bool:
        holder, since = self._taken.get(duty, ("", -math.inf))
        return now - since >= self._claim_after or (returned and holder == worker)

    async def _wait(self, seconds: float) -> None:
        """Waits until a duty is added, the next one becomes due, or the time is over."""
        now = self._clock.now()
        earliest = min((duty.due for duty in self._owed.values() if duty.due > now), default=math.inf)
        try:
            async with asyncio.timeout(max(0.0, min(seconds, earliest - now, 1.0))):
                await self._more.wait()
        except TimeoutError:
            return


class MemoryConversations:
    """Implements `Conversations`."""

    def __init__(self, outbox: MemoryOutbox, changes: MemoryChanges) -> None:
        self._outbox = outbox
        self._changes = changes
        self._kept: dict[str, Conversation] = {}
        self._figures: dict[str, Figures] = {}
        self._over: set[str] = set()

    async def load(self, conversation_id: str) -> Conversation | None:
        return self._kept.get(conversation_id)

    def at_hand(self, conversation_id: str) -> Conversation | None:
        return self._kept.get(conversation_id)

    async def commit(self, conversation: Conversation, duties: Sequence[Duty], turns: int = 1) -> None:
        held = self._kept.get(conversation.id)
        if held == conversation:
            return
        if any(duty.conversation != conversation.id for duty in duties):
            raise ValueError(f"A duty is of another conversation than {conversation.id}.")
        if (held.version if held else 0) != conversation.version - turns:
            raise Conflict(f"Version {conversation.version} of conversation {conversation.id} is not the next one.")
        self._outbox.owe(duties)
        self._kept[conversation.id] = conversation
        self._figures.pop(conversation.id, None)
        if figures := figures_of(conversation):
            self._figures[conversation.id] = figures
        self._changes.tell(conversation.id)

    async def destroy(self, conversation_id: str) -> None:
        if gone := self._kept.pop(conversation_id, None):
            if gone.page:
                self._over.add(conversation_id)
            self._outbox.forget(conversation_id)
            self._changes.tell(conversation_id)

    async def were_destroyed(self, ids: Sequence[str]) -> set[str]:
        return self._over & set(ids)

    async def load_all(self, ids: Sequence[str]) -> list[Conversation]:
        return [self._kept[conversation_id] for conversation_id in ids if conversation_id in self._kept]

    async def figures(self) -> list[Figures]:
        return list(self._figures.values())

    async def places(self) -> Sequence[Place]:
        found = [place for kept in self._kept.values() if (place := place_of(kept))]
        return sorted(found, key=lambda place: (place.rank, place.id))

    async def waiting(self, limit: int) -> list[Conversation]:
        ranked = [(place, kept.id) for kept in self._kept.values() if (place := rank(kept)) is not None]
        return [self._kept[conversation_id] for _, conversation_id in sorted(ranked)[:limit]]
