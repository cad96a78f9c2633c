"""What paging needs from the outside world: who is on call, the ways to reach them, and whether those work."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Literal, NamedTuple, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from policies.levels import Level
from policies.rota import Rota
from policies.way_trials import TrialRound


class Rings(Protocol):
    """Carries word of ringing pages between the programs of a clinic, this one too. Who does not listen misses it."""

    async def tell(self, word: str) -> None: ...

    def listen(self) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Every word from now on."""


class KeptRota(NamedTuple):
    """A version of the on-call rota, counted from 1, and who made it when."""

    version: int
    by: str
    at: float
    rota: Rota


class Rotas(Protocol):
    """Every version of the on-call rota; none is ever changed, so that a page in flight keeps to its own."""

    async def current(self) -> KeptRota | None: ...

    async def version(self, number: int) -> KeptRota | None: ...

    async def add(self, rota: Rota, by: str, at: float, after: int) -> bool:
        """Make it the current one; False where `after` is not the current version any more, 0 being none."""


class Notice(BaseModel):
    """A page as it leaves the clinic: no patient text. `page` is the deduplication key, `key` that of this round.

    With `siren`, consoles ring without a pause until somebody acknowledges.
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


class Outcome(BaseModel):
    """What became of a page, for those who were paged: no patient text. `by` is who did it, `reason` how it ended."""

    model_config = ConfigDict(frozen=True)

    page: str
    key: str
    code: str
    news: Literal["acknowledged", "resolved"]
    by: str
    reason: str
    link: str


class SendFailed(Exception):
    """A sender could not hand the page over; says why without the page's content."""


class Sender(Protocol):
    """One way to reach the person on call."""

    name: str

    async def send(self, notice: Notice) -> None:
        """Hand the page over, or raise SendFailed."""


@runtime_checkable
class Follows(Sender, Protocol):
    """A `Sender` by which also goes what became of a page."""

    async def tell(self, outcome: Outcome) -> None:
        """Raises SendFailed. Repeating it does no harm."""


@runtime_checkable
class Triable(Sender, Protocol):
    """A `Sender` that can be tried without a page."""

    async def try_out(self, quiet: bool) -> None:
        """Whether a page would get through, waking nobody; not `quiet`, a message that says it is a test.

        Raises SendFailed.
        """


class WayTrials(Protocol):
    """The latest test of the ways to page, for all processes together."""

    async def begin(self, seconds: float) -> bool:
        """Whether it is the caller's turn to test; then it is nobody's for so long."""

    async def note(self, done: TrialRound) -> None: ...

    async def latest(self) -> TrialRound | None: ...
