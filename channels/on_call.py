"""Who is on call, and the ways to reach them, by the rota. Knows nothing about how a round is sent."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from dialogue.conversation import Page
from dialogue.paging_ports import KeptRota, Rotas, Sender
from dialogue.ports import Clock
from policies.rota import Person, Round, round_of

log = logging.getLogger(__name__)


class Try(NamedTuple):
    """One sender of a round: whom it reaches ("" is the whole team), and from when on (epoch seconds).

    `at` is 0 where it is due at once. The round's begin would not do: another machine's clock may be ahead of ours.
    `anew` is told in the notice.
    """

    label: str
    sender: Sender
    person: str = ""
    at: float = 0.0
    anew: bool = False


class OnCall:
    """Who is on call, by the rota. `by_way` makes, for each kind of way, the sender that reaches one person by it."""

    def __init__(self, rotas: Rotas, clock: Clock, by_way: Mapping[str, Callable[[Person, str], Sender]]) -> None:
        self._rotas = rotas
        self._clock = clock
        self._by_way = by_way

    async def round(self, page: Page, attempt: int) -> tuple[int, Round] | None:
        """The round and the version of the rota that the page began with. None where there is no rota, or it cannot be
        read: then every sender is used."""
        try:
            kept = await self._kept(page)
        except Exception as error:
            log.error("the on-call rota cannot be read: %s", type(error).__name__)
            return None
        return (kept.version, round_of(kept.rota, attempt - page.first, self._clock.now())) if kept else None

    async def sender(self, page: Page, label: str) -> Sender | None:
        """The sender with this label; None if the person or the way is no longer on the rota."""
        kept = await self._kept(page)
        every = self.tries(kept.rota.people, 0.0) if kept else ()
        return next((one.sender for one in every if one.label == label), None)

    async def _kept(self, page: Page) -> KeptRota | None:
        return await (self._rotas.version(page.rota) if page.rota else self._rotas.current())

    def tries(self, people: Iterable[Person], began: float) -> Iterator[Try]:
        """The ways to each person that the clinic has set up, in order, for a round that began at `began`."""
        for person in people:
            for way in sorted(person.ways, key=lambda one: one.after_seconds):
                if make := self._by_way.get(way.kind):
                    label, sender = f"{way.kind}: {person.name}", make(person, way.address)
                    at = began + way.after_seconds if way.after_seconds else 0.0
                    yield Try(label, sender, person.name, at)

    def now(self) -> float:
        return self._clock.now()
