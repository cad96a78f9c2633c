"""Pages by text and by voice, each person in their own name. Knows no carrier but the port."""

import asyncio
from collections.abc import Awaitable, Sequence

from channels.senders.people import Person, Tickets
from channels.telephony.port import Telephone, TelephoneFailed
from dialogue.ports import Clock, Notice, SendFailed


class TextPage:
    """A `Sender`: one text a person, with their own link; replying 1 acknowledges too."""

    def __init__(
        self, telephone: Telephone, people: Sequence[Person], tickets: Tickets, clock: Clock, name: str = "text"
    ) -> None:
        self.name = name
        self._telephone = telephone
        self._people = people
        self._tickets = tickets
        self._clock = clock

    async def send(self, notice: Notice) -> None:
        await _any(self.name, [self._text(notice, person) for person in self._people])

    async def _text(self, notice: Notice, person: Person) -> None:
        link = self._tickets.link(notice.conversation, person.name, self._clock.now())
        words = f"previsit: case {notice.code} {notice.level.name}. Reply 1 to acknowledge, or: {link}"
        await self._telephone.text(person.address, words)


class VoicePage:
    """A `Sender`: rings each person; what is said, and the key that acknowledges, is fetched from us by the carrier."""

    def __init__(
        self, telephone: Telephone, people: Sequence[Person], tickets: Tickets, clock: Clock, name: str = "voice"
    ) -> None:
        self.name = name
        self._telephone = telephone
        self._people = people
        self._tickets = tickets
        self._clock = clock

    async def send(self, notice: Notice) -> None:
        await _any(self.name, [self._ring(notice, person) for person in self._people])

    async def _ring(self, notice: Notice, person: Person) -> None:
        link = self._tickets.link(notice.conversation, person.name, self._clock.now())
        await self._telephone.call(person.address, link.replace("/page?", "/page/voice?", 1))


async def _any(name: str, tries: Sequence[Awaitable[None]]) -> None:
    """Accepted when at least one person could be reached."""
    results = await asyncio.gather(*tries, return_exceptions=True)
    failed = [result for result in results if isinstance(result, BaseException)]
    if len(failed) == len(results):
        first = failed[0] if failed else None
        reason = str(first) if isinstance(first, TelephoneFailed) else type(first).__name__
        raise SendFailed(f"{name}: {reason}")
