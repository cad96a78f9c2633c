"""The port through which the console reaches everything that is stored for staff."""

from typing import Protocol

from dialogue.paging_ports import Rotas, WayTrials
from dialogue.ports import Changes
from dialogue.staff_ports import Attendance, OwnReplies, Sessions, SignIns, StaffDirectory


class ConsoleStore(Protocol):
    """The part of the store that the console uses; each attribute is a port of its own."""

    @property
    def staff(self) -> StaffDirectory: ...

    @property
    def sessions(self) -> Sessions: ...

    @property
    def sign_ins(self) -> SignIns: ...

    @property
    def changes(self) -> Changes: ...

    @property
    def attendance(self) -> Attendance: ...

    @property
    def rotas(self) -> Rotas: ...

    @property
    def trials(self) -> WayTrials: ...

    @property
    def replies(self) -> OwnReplies: ...
