"""The ports of the console: who may sign in, who is there, and who has done what."""

from collections.abc import Mapping
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from policies.roles import Role


class StaffMember(BaseModel):
    """A person as signed in. Times are seconds since the epoch.

    Until `emergency_until` they may read what their role may not; `must_enrol` means that they have to set up a second
    factor before anything else.
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
    """Who may sign in to the console. Passwords are stored as argon2id hashes; names ignore upper and lower case."""

    async def add(self, name: str, role: str, password: str) -> None:
        """Raises ValueError for a name that is taken, or a password that is refused."""

    async def verify(self, name: str, password: str) -> StaffMember | None: ...

    async def is_empty(self) -> bool: ...

    async def accounts(self) -> list[StaffAccount]:
        """All accounts, sorted by name."""

    async def account(self, name: str) -> StaffAccount | None: ...

    async def set_role(self, name: str, role: str) -> bool:
        """False if there is no such account; so with the methods below."""

    async def set_password(self, name: str, password: str) -> bool: ...

    async def remove(self, name: str) -> bool: ...

    async def enrol(self, name: str, secret: str, code: str) -> tuple[str, ...]:
        """Turns on the second factor with this TOTP secret. Returns the recovery codes, which are shown once.

        Empty, and nothing has changed, if `code` is not a code of the secret.
        """

    async def drop_second_factor(self, name: str) -> bool: ...

    async def check_code(self, name: str, code: str) -> bool:
        """Whether it is the second factor's present code, or an unused recovery code. Each can be used once."""


class Sessions(Protocol):
    """Signed-in staff, kept on the server; a session ends when it is idle for too long."""

    async def open(self, member: StaffMember) -> str:
        """Opens a session; returns its secret id."""

    async def member(self, session_id: str, *, active: bool = True) -> StaffMember | None:
        """Whose session it is. With `active` False, for pages that refresh themselves, it is not kept alive."""

    async def change(self, session_id: str, member: StaffMember) -> None:
        """Changes what the person may do in this session; does nothing if it has ended."""

    async def close(self, session_id: str) -> None: ...

    async def close_all(self, name: str) -> None:
        """All sessions of one person, on whatever machine."""


class Attending(BaseModel):
    """Somebody at an open console; `case` is the id of the case they look at."""

    model_config = ConfigDict(frozen=True)

    name: str
    role: Role
    case: str = ""
    emergency: bool = False


class Attendance(Protocol):
    """Who is at the console, on any server. A console that is not heard of for a while counts as closed."""

    async def here(self, console: str, who: Attending, seconds: float) -> None:
        """`console` identifies one open page, which counts for so many seconds from now."""

    async def gone(self, console: str) -> None: ...

    async def everyone(self) -> list[Attending]: ...


class OwnReplies(Protocol):
    """The ready-made replies that the clinic has written in the console: one stored text for each language."""

    async def all(self) -> Mapping[str, str]: ...

    async def swap(self, language: str, before: str, after: str) -> bool:
        """Replaces `before` (empty if there was none) by `after`. False if somebody else changed it meanwhile."""


class TrailEntry(BaseModel):
    """One line of the audit trail: who did what to which case, when; `detail` is codes.

    A list of cases names each of them there, as `case:CODE`.
    """

    model_config = ConfigDict(frozen=True)

    n: int
    at: float
    actor: str
    action: str
    code: str = ""
    detail: tuple[str, ...] = ()

    def is_about(self, code: str) -> bool:
        return self.code == code or f"case:{code}" in self.detail


class Trail(Protocol):
    """The audit trail, for reading."""

    async def latest(self, limit: int, *, code: str = "", actor: str = "") -> list[TrailEntry]:
        """The latest lines first; only those of one case or one person if given."""

    async def problems(self) -> list[str]:
        """What is wrong with the trail, line by line; empty if it is as it was written."""


class SignInLimited(Exception):
    """Too many attempts to sign in; `seconds` until the next one is allowed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many attempts to sign in. Try again in {max(1, round(seconds / 60))} min.")
        self.seconds = seconds


class SignIns(Protocol):
    """Limits the guessing of passwords, by name and by address."""

    async def attempt(self, name: str, address: str) -> None:
        """Counts an attempt before its password is checked; raises SignInLimited if there were too many."""

    async def succeeded(self, name: str, address: str) -> None:
        """The attempt was right: it does not count."""
