"""What the conversation needs from the outside world. Whoever does I/O implements one of these; `app` joins them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Literal, NamedTuple, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from dialogue.conversation import Conversation
from dialogue.duties import Duty
from dialogue.figures import Figures
from dialogue.queue import Place
from policies.case import Case
from policies.draft import Assessment
from policies.levels import Level
from policies.roles import Role
from policies.rota import Rota
from policies.way_trials import TrialRound


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

    async def commit(self, conversation: Conversation, duties: Sequence[Duty]) -> None:
        """Write version n over version n-1 together with its duties, or raise Conflict and write nothing.

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


class Rings(Protocol):
    """Carries word of ringing pages between the programs of a clinic, this one too. Who does not listen misses it."""

    async def tell(self, word: str) -> None: ...

    def listen(self) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Every word from now on."""


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


class StaffMember(BaseModel):
    """A person as signed in. Times are seconds since the epoch.

    `emergency_until` is how long they may read what their role does not; `must_enrol` that they have to set up their
    second factor before anything else.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    role: Role
    emergency_until: float = 0.0
    must_enrol: bool = False


class StaffAccount(BaseModel):
    """An account as administrators see it."""

    model_config = ConfigDict(frozen=True)

    name: str
    role: Role
    second_factor: bool = False


class StaffDirectory(Protocol):
    """Who may sign in to the console. Passwords are kept as argon2id hashes; names are the same in any capitals."""

    async def add(self, name: str, role: str, password: str) -> None:
        """Raises ValueError for a name that is taken, or a password that is refused."""

    async def verify(self, name: str, password: str) -> StaffMember | None: ...

    async def is_empty(self) -> bool: ...

    async def accounts(self) -> list[StaffAccount]:
        """By name."""

    async def account(self, name: str) -> StaffAccount | None: ...

    async def set_role(self, name: str, role: str) -> bool:
        """False where there is no such account; so with all that follow."""

    async def set_password(self, name: str, password: str) -> bool: ...

    async def remove(self, name: str) -> bool: ...

    async def enrol(self, name: str, secret: str, code: str) -> tuple[str, ...]:
        """Ask for a code of this TOTP secret from now on; the recovery codes, which are shown once.

        Empty where `code` is not the secret's own: then nothing has changed.
        """

    async def drop_second_factor(self, name: str) -> bool: ...

    async def check_code(self, name: str, code: str) -> bool:
        """Whether it is the second factor's code now, or an unused recovery code. Each is good once."""


class Sessions(Protocol):
    """Signed-in staff, kept on the server; a session ends when it is idle for too long."""

    async def open(self, member: StaffMember) -> str:
        """A new secret session id."""

    async def member(self, session_id: str, *, active: bool = True) -> StaffMember | None:
        """Whose it is. `active` False looks without keeping it awake, for pages that refresh themselves."""

    async def change(self, session_id: str, member: StaffMember) -> None:
        """What the person may do in this session has changed; a session that has ended stays so."""

    async def close(self, session_id: str) -> None: ...

    async def close_all(self, name: str) -> None:
        """All sessions of one person, on whatever machine."""


class Attending(BaseModel):
    """Somebody at an open console; `case` is the id of the one that they look at."""

    model_config = ConfigDict(frozen=True)

    name: str
    role: Role
    case: str = ""
    emergency: bool = False


class Attendance(Protocol):
    """Who is at the console, on whatever machine. A console that is not heard of for a while is gone."""

    async def here(self, console: str, who: Attending, seconds: float) -> None:
        """`console` names one open page; it counts for so many seconds from now."""

    async def gone(self, console: str) -> None: ...

    async def everyone(self) -> list[Attending]: ...


class TrailEntry(BaseModel):
    """One line of the audit trail: who did what to which case, when; `detail` is codes."""

    model_config = ConfigDict(frozen=True)

    n: int
    at: float
    actor: str
    action: str
    code: str = ""
    detail: tuple[str, ...] = ()


class Trail(Protocol):
    """The audit trail as it is read."""

    async def latest(self, limit: int, *, code: str = "", actor: str = "") -> list[TrailEntry]:
        """The latest lines first, of one case or of one person when named."""

    async def problems(self) -> list[str]:
        """What is wrong with the whole of it, line by line; nothing when it is as it was written."""


class SignInLimited(Exception):
    """Too many attempts to sign in; `seconds` until the next one is allowed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many attempts to sign in. Try again in {max(1, round(seconds / 60))} min.")
        self.seconds = seconds


class SignIns(Protocol):
    """Slows down the guessing of passwords, by name and by address."""

    async def attempt(self, name: str, address: str) -> None:
        """Count an attempt before its password is looked at, or raise SignInLimited."""

    async def succeeded(self, name: str, address: str) -> None:
        """The attempt was the person's own: it does not count."""
