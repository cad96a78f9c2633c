"""Sends quiet test pages regularly by every way that the clinic has set up, so that a broken way is noticed before it
is needed. Knows nothing about cases.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress

import httpx

from app.paging import by_way
from app.settings import Settings
from app.texting import open_telephone
from channels.senders.people import Tickets
from dialogue.paging_ports import Sender, SendFailed, Triable, WayTrials
from dialogue.ports import Clock, StoreUnavailable
from policies.rota import Person
from policies.way_trials import TrialRound, WayTrial

log = logging.getLogger(__name__)

DEADLINE_SECONDS = 15.0
LOOK_SECONDS = 30.0
"""How often a worker checks whether it is its turn to test."""


async def try_ways(senders: Iterable[Sender], *, quiet: bool) -> list[WayTrial]:
    """Tests the senders side by side: one that hangs delays no other."""
    return await asyncio.gather(*(_try(sender, quiet) for sender in senders if isinstance(sender, Triable)))


async def try_person(person: Person, settings: Settings, tickets: Tickets, clock: Clock) -> list[WayTrial]:
    """A loud test by each of the person's ways that the clinic has set up."""
    async with open_telephone(settings) as telephone:
        makers = by_way(settings, telephone, tickets, clock)
        ways = [makers[way.kind](person, way.address) for way in person.ways if way.kind in makers]
        return await try_ways(ways, quiet=False)


async def _try(sender: Triable, quiet: bool) -> WayTrial:
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            await sender.try_out(quiet)
    except SendFailed as error:
        return WayTrial(way=sender.name, arrived=False, reason=str(error))
    except TimeoutError:
        return WayTrial(way=sender.name, arrived=False, reason=f"no answer in {DEADLINE_SECONDS:g} s")
    except Exception as error:  # whatever it was, the other senders must still be tested
        return WayTrial(way=sender.name, arrived=False, reason=type(error).__name__)
    return WayTrial(way=sender.name, arrived=True)


class WayWatch:
    """`senders` are found for each test anew: the rota changes. `heartbeat_url` is requested after each test that got
    through by all ways: a service that watches it notices when we are silent."""

    def __init__(
        self,
        senders: Callable[[], Awaitable[Iterable[Sender]]],
        tests: WayTrials,
        clock: Clock,
        every_seconds: float,
        client: httpx.AsyncClient,
        heartbeat_url: str = "",
    ) -> None:
        self._senders = senders
        self._tests = tests
        self._clock = clock
        self._every = every_seconds
        self._client = client
        self._heartbeat = heartbeat_url

    async def once(self) -> None:
        """Tests, unless some worker has done so within the interval that the settings ask for."""
        if not self._every or not await self._tests.begin(self._every):
            return
        done = await try_ways(await self._senders(), quiet=True)
        await self._tests.note(TrialRound(at=self._clock.now(), trials=tuple(done)))
        for test in done:
            if not test.arrived:
                log.error("a test page by %s did not get through: %s", test.way, test.reason)
        if self._heartbeat and all(test.arrived for test in done):
            await self._beat()

    async def _beat(self) -> None:
        try:
            await self._client.get(self._heartbeat, timeout=DEADLINE_SECONDS)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            log.warning("the heartbeat's address cannot be reached: %s", type(error).__name__)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        while True:
            try:
                await self.once()
            except StoreUnavailable as error:
                log.warning("the ways to page are not tested: %s", error)
            except Exception as error:  # whatever it was, the next test must still come
                log.error("the ways to page are not tested: %s", type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)
