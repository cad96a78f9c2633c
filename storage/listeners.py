"""The listeners for changes in this process. Knows nothing about where the notices come from."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Self


class Listener:
    """Iterates over the ids that have changed. An id that changes again before it is read comes once, so that a slow
    reader delays nobody."""

    def __init__(self, conversation_id: str | None) -> None:
        self.only = conversation_id
        self._changed: dict[str, None] = {}
        self._any = asyncio.Event()

    def tell(self, conversation_id: str) -> None:
        if self.only in (None, conversation_id):
            self._changed[conversation_id] = None
            self._any.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        while not self._changed:
            self._any.clear()
            await self._any.wait()
        conversation_id = next(iter(self._changed))
        del self._changed[conversation_id]
        return conversation_id


class Listeners:
    """All listeners of this process."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    @contextmanager
    def listening(self, conversation_id: str | None) -> Iterator[Listener]:
        listener = Listener(conversation_id)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def tell(self, conversation_id: str) -> None:
        for listener in self._listeners:
            listener.tell(conversation_id)

    def look_again(self, existing: Iterable[str]) -> None:
        """After changes may have been missed: tells all listeners of everything they listen to."""
        for conversation_id in existing:
            self.tell(conversation_id)
        for listener in self._listeners:
            if listener.only is not None:
                listener.tell(listener.only)
