"""What the conversation needs from the outside world. Whoever does I/O implements one of these; `app` joins them.

Those of paging are in `paging_ports.py`, those of the console in `staff_ports.py`.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from dialogue.conversation import Conversation
from dialogue.duties import Duty
from dialogue.figures import Figures
from dialogue.queue import Place
from policies.case import Case
from policies.draft import Assessment


class Conflict(Exception):
    """Somebody else's turn was committed first; load again and repeat."""


class StoreUnavailable(Exception):
    """The store cannot be reached or did not answer; nothing is known to be written."""


class Newer(StoreUnavailable):
    """A newer version of previsit wrote this conversation: nothing of it is changed here, and the newer one goes on."""


class Conversations(Protocol):
    """Keeps conversations, and the duties of each turn with it, in one atomic step."""

    async def load(self, conversation_id: str) -> Conversation | None: ...

    def at_hand(self, conversation_id: str) -> Conversation | None:
        """A version that is in this process's memory, without asking the store: it may be an old one, or destroyed.

        Only a commit over it proves that it was the latest: show nobody anything of it before.
        """

    async def commit(self, conversation: Conversation, duties: Sequence[Duty], turns: int = 1) -> None:
        """Write version n over version n-`turns` together with its duties, or raise Conflict and write nothing.

        Repeating the same commit (a lost reply) is not a conflict and adds no duty twice.
        """

    async def destroy(self, conversation_id: str) -> None:
        """Make it unreadable for ever, its key and its past values included. Of one with a page the bare id stays."""

    async def were_destroyed(self, ids: Sequence[str]) -> set[str]:
        """Those of them that had a page and are gone because they were destroyed: what else is missing was lost."""

    async def waiting(self, limit: int) -> list[Conversation]:
        """Conversations that wait for staff, in the order of `dialogue.queue.rank`."""

    async def places(self) -> list[Place]:
        """The whole queue, in the same order, without opening a single conversation."""

    async def figures(self) -> list[Figures]:
        """Of every case that ever came to staff and was not withdrawn, also of those that are destroyed."""

    async def load_all(self, ids: Sequence[str]) -> list[Conversation]:
        """Those of them that there are, in this order. One that does not open is left out and said in the log."""


class Outbox(Protocol):
    """Duties that workers carry out, each at least once."""

    async def take(self, worker: str, wait_seconds: float) -> list[Duty]:
        """Duties that are due now, among them those a dead worker left undone; waits for the first one."""

    async def done(self, duty: Duty) -> None:
        """Carried out: never taken again."""

    async def defer(self, duty: Duty, due: float) -> None:
        """Not yet, or not successfully: take it again at `due`. Atomic: at no moment is the duty in neither place."""


class Changes(Protocol):
    """Tells who listens that a conversation has a new version."""

    def listen(self, conversation_id: str | None) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Yields the id of each conversation that changes from now on; of all of them when given None."""


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the epoch."""


class Assessor(Protocol):
    async def assess(self, case: Case) -> Assessment:
        """Never raises: what goes wrong is said in the assessment's note."""


class Paraphrases(Protocol):
    async def suspects(self, sentences: Sequence[str]) -> tuple[tuple[str, ...], float]:
        """Ids of dangerous findings that a message of these may mean though no phrase says so, the likeliest first; and
        the chance, 0 to 1, that it tells of any danger.

        The sentences are those of `dialogue.understanding.legible`.
        """


class BookingRequest(BaseModel):
    """An appointment as it is asked for in the clinic's own system: no patient text. `key` is that of this request."""

    model_config = ConfigDict(frozen=True)

    key: str
    code: str
    level: str
    frame: str
    by: str
    link: str


class BookingFailed(Exception):
    """The clinic's system did not take the request; says why without its content."""


class Bookings(Protocol):
    """The clinic's own system for appointments."""

    async def book(self, request: BookingRequest) -> str:
        """Its reference, or "" where it gives none; raises BookingFailed. Repeating a request books once."""


class HandOffFailed(Exception):
    """The clinic's records have not taken a case; says why in codes, without a word of its content.

    `refused`: as it is they never will. `again_after` is the wait in seconds that they ask for.
    """

    def __init__(self, reason: str, *, refused: bool = False, again_after: float | None = None) -> None:
        super().__init__(reason)
        self.refused = refused
        self.again_after = again_after


class HandOffs(Protocol):
    """The clinic's own records."""

    async def hand_off(self, conversation: Conversation) -> None:
        """Puts a settled case there, or raises HandOffFailed; one that may not leave stays.

        Repeating it makes nothing twice.
        """
