"""Pages by text and by voice, each person in their own name. Knows no carrier but the port."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from channels.senders.people import Person, Tickets
from channels.telephony.port import Telephone, TelephoneFailed
from dialogue.paging_ports import Notice, Outcome, SendFailed
from dialogue.ports import Clock


@dataclass
class _TelephonePage:
    """What both ways need. `name` is that of the way."""

    telephone: Telephone
    people: Sequence[Person]
    tickets: Tickets
    clock: Clock
    name: str

    def _link(self, notice: Notice, person: Person) -> str:
        return self.tickets.link(notice.conversation, person.name, self.clock.now())


@dataclass
class TextPage(_TelephonePage):
    """A `Sender`: texts each person their own link; replying 1 acknowledges, too. The carrier reports each delivery."""

    name: str = "text"

    async def send(self, notice: Notice) -> None:
        await _any_of(self.name, [self._text(notice, person) for person in self.people])

    async def _text(self, notice: Notice, person: Person) -> None:
        link = self._link(notice, person)
        words = f"previsit: case {notice.code} {notice.level.name}. Reply 1 to acknowledge, or: {link}"
        await self.telephone.text(person.address, words, link.replace("/page?", "/page/status?", 1))

    async def tell(self, outcome: Outcome) -> None:
        """Tells everybody who was paged, except the one who acknowledged, who that was."""
        others = [one for one in self.people if one.name != outcome.by]
        if outcome.news == "acknowledged" and others:
            words = f"previsit: case {outcome.code}: {outcome.by} has it."
            await _any_of(self.name, [self._say(one, words) for one in others])

    async def try_out(self, quiet: bool) -> None:
        """A quiet test only asks the carrier about our account and number; a loud one sends texts."""
        words = "previsit: this is a test page, nothing to do."
        everybody = () if quiet else self.people
        await _any_of(self.name, [self._say(one, words) for one in everybody] or [self.telephone.check("sms")])

    async def _say(self, person: Person, words: str) -> None:
        await self.telephone.text(person.address, words)


@dataclass
class VoicePage(_TelephonePage):
    """A `Sender`: calls each person. The carrier asks us what to say and what a pressed key does.

    It also reports whether a person answered: a page that a mailbox took has reached nobody.
    """

    name: str = "voice"

    async def send(self, notice: Notice) -> None:
        await _any_of(self.name, [self._ring(notice, person) for person in self.people])

    async def _ring(self, notice: Notice, person: Person) -> None:
        link = self._link(notice, person)
        script, answered = (link.replace("/page?", f"/page/{where}?", 1) for where in ("voice", "answered"))
        await self.telephone.call(person.address, script, answered)

    async def try_out(self, quiet: bool) -> None:
        """Asks the carrier about our account and number. No test calls anybody: a test text shows as much."""
        await _any_of(self.name, [self.telephone.check("voice")])


async def _any_of(name: str, tries: Sequence[Awaitable[None]]) -> None:
    """Sends to all of them. Raises SendFailed, with the first reason, if nobody could be reached or there is nobody."""
    results = await asyncio.gather(*tries, return_exceptions=True)
    failed = [result for result in results if isinstance(result, BaseException)]
    if len(failed) < len(results):
        return
    first = failed[0] if failed else None
    reason = str(first) if isinstance(first, TelephoneFailed) else type(first).__name__ if first else "nobody to reach"
    raise SendFailed(f"{name}: {reason}")
