"""What the rest of previsit asks of a carrier. Knows nothing about which carrier it is."""

from typing import Protocol


class TelephoneFailed(Exception):
    """The carrier did not take it. `refused` means for good (a wrong number, who has sent STOP): do not repeat."""

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.refused = refused


class Telephone(Protocol):
    """Numbers are E.164 ("+15551234567"). `callback` is where the carrier tells what became of it."""

    async def text(self, to: str, body: str, callback: str = "") -> str:
        """Hand a text over, and get the carrier's id of it; the carrier keeps no copy. Raises TelephoneFailed."""

    async def check(self) -> None:
        """Whether the carrier knows us and is open to us. Raises TelephoneFailed."""

    async def call(self, to: str, script: str, answered: str = "") -> str:
        """Ring, and let the carrier fetch what to say from the address `script`. Raises TelephoneFailed.

        `answered` is where the carrier tells whether a person or a machine has taken the call, while it goes on, and at
        its end whether anybody has.
        """
