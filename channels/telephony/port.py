"""The port for texts and calls. Knows nothing about which carrier is behind it."""

from typing import Literal, Protocol

UNDELIVERED = frozenset({"undelivered", "failed"})
"""The statuses by which the carrier says that a text has reached nobody."""


Ability = Literal["sms", "voice"]
"""What a number can do, in the carrier's words."""


class TelephoneFailed(Exception):
    """The carrier did not take a text or a call. `refused`: it never will (a wrong number, or one that sent STOP), so
    do not try again."""

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.refused = refused


class Telephone(Protocol):
    """Numbers are E.164 ("+15551234567"). `callback` is the address to which the carrier reports what became of it."""

    async def text(self, to: str, body: str, callback: str = "") -> str:
        """Sends a text; returns the carrier's id of it. The carrier keeps no copy. Raises TelephoneFailed."""

    async def check(self, ability: Ability) -> None:
        """Checks that the carrier serves our account, and that our number is still ours and able to do this. Nobody is
        disturbed. Raises TelephoneFailed if not."""

    async def call(self, to: str, script: str, answered: str = "") -> str:
        """Calls a number. The carrier fetches what to say from the address `script`. Raises TelephoneFailed.

        To the address `answered` the carrier reports whether a person or a machine has answered, and at the end whether
        anybody has.
        """
