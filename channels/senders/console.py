"""Pages by ringing the nurse consoles that are open now. Knows nothing about browsers or sessions."""

from typing import Protocol

from dialogue.paging_ports import Notice, SendFailed


class Consoles(Protocol):
    """The consoles that signed-in staff have open."""

    async def ring(self, notice: Notice) -> bool:
        """Rings them all; True once one of them has answered that it shows the page."""


class ConsoleSender:
    """A `Sender`. A page is accepted once a signed-in person's browser has answered, not by an open connection."""

    def __init__(self, consoles: Consoles, name: str = "console") -> None:
        self.name = name
        self._consoles = consoles

    async def send(self, notice: Notice) -> None:
        if not await self._consoles.ring(notice):
            raise SendFailed(f"{self.name}: no open console answered")
