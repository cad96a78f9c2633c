"""The ports: what the conversation needs from outside. Code that does I/O implements them, and `app` passes it in.

The ports of paging are in `paging_ports.py`, those of the console in `staff_ports.py`.

Conflict            another turn was committed first
StoreUnavailable    the store cannot be reached
Newer               a newer version of previsit wrote the conversation
BookingFailed       the clinic's system did not accept a request for an appointment
HandOffFailed       the clinic's records did not accept a case
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
    """Another turn of the conversation was committed first; load it again and repeat."""


class StoreUnavailable(Exception):
    """The store cannot be reached or did not answer; whether anything was written is not known."""


class Newer(StoreUnavailable):
    """A newer version of previsit wrote this conversation: it is not changed here, and the newer one goes on."""


class Conversations(Protocol):
    """Stores conversations; a turn and its duties are written in one atomic step."""

    async def load(self, conversation_id: str) -> Conversation | None: ...

    def at_hand(self, conversation_id: str) -> Conversation | None:
        """A version from this process's memory, without asking the store. It may be old, or destroyed meanwhile.

        Only a commit on top of it proves that it was the latest: show nobody any of it before.
        """

    async def commit(self, conversation: Conversation, duties: Sequence[Duty], turns: int = 1) -> None:
        """Write version n over version n-`turns` together with its duties, or raise Conflict and write nothing.

        Repeating the same commit (a lost reply) is not a conflict and adds no duty twice.
        """

    async def destroy(self, conversation_id: str) -> None:
        """Deletes it for good, with its key and all earlier values. If it had a page, its id alone is kept."""

    async def were_destroyed(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that had a page and were destroyed. Any other missing conversation was lost by the store."""

    async def waiting(self, limit: int) -> list[Conversation]:
        """Conversations that wait for staff, in the order of `dialogue.queue.rank`."""

    async def places(self) -> Sequence[Place]:
        """The whole queue in the same order, without decrypting any conversation."""

    async def figures(self) -> list[Figures]:
        """The figures of every case that came to staff and was not withdrawn, including destroyed ones."""

    async def load_all(self, ids: Sequence[str]) -> list[Conversation]:
        """The conversations with these ids, in this order. Missing ones are left out, and so is one that cannot be
        decrypted, which is logged."""


class Outbox(Protocol):
    """Duties that workers carry out, each at least once."""

    async def take(self, worker: str, wait_seconds: float) -> list[Duty]:
        """Duties that are due now, including those that a dead worker left undone. Waits for the first one."""

    async def done(self, duty: Duty) -> None:
        """The duty was carried out: nobody takes it again."""

    async def defer(self, duty: Duty, due: float) -> None:
        """The duty was not carried out: take it again at `due` (epoch seconds). Atomic: it is never lost in between."""


class Changes(Protocol):
    """Tells listeners that a conversation has a new version."""

    def listen(self, conversation_id: str | None) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Yields the id of each conversation that changes from now on; of all of them when given None."""


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the epoch."""


class Assessor(Protocol):
    async def assess(self, case: Case) -> Assessment:
        """Never raises: the assessment's note says what went wrong."""


class Paraphrases(Protocol):
    async def suspects(self, sentences: Sequence[str]) -> tuple[tuple[str, ...], float]:
        """The dangerous findings that a message of these sentences may mean although no phrase says so, the likeliest
        first, and the chance (0 to 1) that it means any danger.

        The sentences are those of `dialogue.understanding.legible`.
        """


class BookingRequest(BaseModel):
    """A request for an appointment in the clinic's own system, without patient text. `key` makes it idempotent."""

    model_config = ConfigDict(frozen=True)

    key: str
    code: str
    level: str
    frame: str
    by: str
    link: str


class BookingFailed(Exception):
    """The clinic's system did not accept the request; the message says why, without its content."""


class Bookings(Protocol):
    """The clinic's own system for appointments."""

    async def book(self, request: BookingRequest) -> str:
        """Requests an appointment; returns the system's reference, or "". Raises BookingFailed. May be repeated."""


class HandOffFailed(Exception):
    """The clinic's records have not accepted a case; the message says why in codes, without its content.

    `refused`: they will never accept it as it is. `again_after` is how many seconds they ask us to wait.
    """

    def __init__(self, reason: str, *, refused: bool = False, again_after: float | None = None) -> None:
        super().__init__(reason)
        self.refused = refused
        self.again_after = again_after


class HandOffs(Protocol):
    """The clinic's own records."""

    async def hand_off(self, conversation: Conversation) -> None:
        """Hands off a settled case; does nothing for one that may not leave. Raises HandOffFailed. May be repeated."""
