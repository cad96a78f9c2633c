"""The ports of paging: who is on call, the ways to reach them, and whether these work."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Literal, NamedTuple, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from policies.levels import Level
from policies.rota import Rota
from policies.way_trials import TrialRound


class Rings(Protocol):
    """Broadcasts messages about ringing pages to all processes of a clinic, including this one. A process that is not
    listening misses them."""

    async def tell(self, word: str) -> None: ...

    def listen(self) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Every message from now on."""


class KeptRota(NamedTuple):
    """A version of the on-call rota, counted from 1, and who made it when (seconds since the epoch)."""

    version: int
    by: str
    at: float
    rota: Rota


class Rotas(Protocol):
    """Every version of the on-call rota. None is ever changed, so that a page under way can keep to its own."""

    async def current(self) -> KeptRota | None: ...

    async def version(self, number: int) -> KeptRota | None: ...

    async def add(self, rota: Rota, by: str, at: float, after: int) -> bool:
        """Makes it the current version. False if `after` is no longer the current one (0: there is none yet)."""


class Notice(BaseModel):
    """A page as it leaves the clinic, without patient text. `page` is the deduplication key, `key` that of this round.

    With `siren`, consoles ring without a pause until somebody acknowledges. `anew`: this sender gets it for the first
    time since it went out again; somebody may have acknowledged it there before.
    """

    model_config = ConfigDict(frozen=True)

    page: str
    key: str
    code: str
    level: Level
    attempt: int
    link: str
    conversation: str = ""
    siren: bool = False
    anew: bool = False


class Outcome(BaseModel):
    """What became of a page, for those who were paged, without patient text. `by` is who did it, `reason` how it
    ended."""

    model_config = ConfigDict(frozen=True)

    page: str
    key: str
    code: str
    news: Literal["acknowledged", "resolved"]
    by: str
    reason: str
    link: str


class SendFailed(Exception):
    """A sender could not deliver the page; the message says why, without the page's content."""


class Sender(Protocol):
    """One way to reach the person on call."""

    name: str

    async def send(self, notice: Notice) -> None:
        """Sends the page; raises SendFailed."""


@runtime_checkable
class Follows(Sender, Protocol):
    """A `Sender` that can also tell people what became of a page."""

    async def tell(self, outcome: Outcome) -> None:
        """Tells those who were paged. Raises SendFailed. May be repeated."""


@runtime_checkable
class Triable(Sender, Protocol):
    """A `Sender` that can be tested without a page."""

    async def try_out(self, quiet: bool) -> None:
        """Raises SendFailed unless a page would get through.

        A `quiet` test wakes nobody; otherwise people get a message that says it is a test.
        """


class WayTrials(Protocol):
    """The latest test of the ways to page, for all processes together."""

    async def begin(self, seconds: float) -> bool:
        """Whether it is the caller's turn to test. If it is, nobody else has a turn for `seconds`."""

    async def note(self, done: TrialRound) -> None: ...

    async def latest(self) -> TrialRound | None: ...
