"""Records on the audit trail which cases a person was shown in a list, since a list shows age, sex and complaint.

A case is recorded once in half an hour for each session, and several cases share a line: the queue is open all day and
refreshes itself. Knows nothing about what a list looks like.
"""

from collections.abc import Iterable

from channels.audit import Audit
from channels.console.access import StaffRequest
from channels.console.rights import ACT_ON_CASES

AGAIN_SECONDS = 30 * 60
MOST_IN_A_LINE = 50
MOST_SESSIONS = 1000


class ListAudit:
    """Remembers in memory what was recorded; after a restart it is recorded once more."""

    def __init__(self, audit: Audit, again_seconds: float = AGAIN_SECONDS) -> None:
        self._audit = audit
        self._again = again_seconds
        self._noted: dict[str, dict[str, float]] = {}

    async def note(self, request: StaffRequest, codes: Iterable[str]) -> None:
        """Records the cases that this session was not shown lately; also for a list that refreshed itself."""
        since = request.now - self._again
        before = self._noted.pop(request.token, {})
        seen = {code: at for code, at in before.items() if at > since}
        fresh = [code for code in dict.fromkeys(codes) if code not in seen]
        self._noted[request.token] = seen | dict.fromkeys(fresh, request.now)
        while len(self._noted) > MOST_SESSIONS:
            del self._noted[next(iter(self._noted))]
        how = () if request.may(ACT_ON_CASES) else ("by:emergency_access",)
        for start in range(0, len(fresh), MOST_IN_A_LINE):
            cases = [f"case:{code}" for code in fresh[start : start + MOST_IN_A_LINE]]
            await self._audit(request.member.name, "listed", "", *cases, *how)
