"""Pages by text and by voice, each person in their own name. Knows no carrier but the port."""

from collections.abc import Sequence

from channels.senders.people import Person, Tickets
from channels.senders.several import any_of
from channels.telephony.port import Telephone
from dialogue.paging_ports import Notice, Outcome
from dialogue.ports import Clock


class TextPage:
    """A `Sender`: texts each person their own link; replying 1 acknowledges, too. The carrier reports each delivery."""

    def __init__(
        self, telephone: Telephone, people: Sequence[Person], tickets: Tickets, clock: Clock, name: str = "text"
    ) -> None:
        self.name = name
        self._telephone = telephone
        self._people = people
        self._tickets = tickets
        self._clock = clock

    async def send(self, notice: Notice) -> None:
        await any_of(self.name, [self._text(notice, person) for person in self._people])

    async def _text(self, notice: Notice, person: Person) -> None:
        link = self._tickets.link(notice.conversation, person.name, self._clock.now())
        words = f"previsit: case {notice.code} {notice.level.name}. Reply 1 to acknowledge, or: {link}"
        await self._telephone.text(person.address, words, link.replace("/page?", "/page/status?", 1))

    async def tell(self, outcome: Outcome) -> None:
        """Tells everybody who was paged, except the one who acknowledged, who that was."""
        others = [one for one in self._people if one.name != outcome.by]
        if outcome.news == "acknowledged" and others:
            words = f"previsit: case {outcome.code}: {outcome.by} has it."
            await any_of(self.name, [self._say(one, words) for one in others])

    async def try_out(self, quiet: bool) -> None:
        """A quiet test only asks whether the carrier knows our account; a loud one sends texts."""
        words = "previsit: this is a test page, nothing to do."
        everybody = () if quiet else self._people
        await any_of(self.name, [self._say(one, words) for one in everybody] or [self._telephone.check()])

    async def _say(self, person: Person, words: str) -> None:
        await self._telephone.text(person.address, words)


class VoicePage:
    """A `Sender`: calls each person. The carrier asks us what to say and what a pressed key does.

    It also reports whether a person answered: a page that a mailbox took has reached nobody.
    """

    def __init__(
        self, telephone: Telephone, people: Sequence[Person], tickets: Tickets, clock: Clock, name: str = "voice"
    ) -> None:
        self.name = name
        self._telephone = telephone
        self._people = people
        self._tickets = tickets
        self._clock = clock

    async def send(self, notice: Notice) -> None:
        await any_of(self.name, [self._ring(notice, person) for person in self._people])

    async def _ring(self, notice: Notice, person: Person) -> None:
        link = self._tickets.link(notice.conversation, person.name, self._clock.now())
        script, answered = (link.replace("/page?", f"/page/{where}?", 1) for where in ("voice", "answered"))
        await self._telephone.call(person.address, script, answered)

    async def try_out(self, quiet: bool) -> None:
        """Asks whether the carrier knows our account. No test calls anybody: a test text shows as much."""
        await any_of(self.name, [self._telephone.check()])
