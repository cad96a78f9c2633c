"""Puts on the audit trail whose cases a person was shown in a list: age, sex and complaint stand there.

Each case once in so long a session, several in a line: a queue is looked at all day, and renews itself. Knows nothing
about what a list looks like.
"""

from collections.abc import Iterable

from channels.console.door import Audit, Visit
from channels.console.rights import ACT_ON_CASES

AGAIN_SECONDS = 30 * 60
MOST_IN_A_LINE = 50
MOST_SESSIONS = 1000


class Listing:
    """What was noted is kept in memory: a server that starts anew notes it once more."""

    def __init__(self, audit: Audit, again_seconds: float = AGAIN_SECONDS) -> None:
        self._audit = audit
        self._again = again_seconds
        self._noted: dict[str, dict[str, float]] = {}

    async def note(self, visit: Visit, codes: Iterable[str]) -> None:
        """Also of a list that renewed itself: the person before it sees what is new."""
        since = visit.now - self._again
        before = self._noted.pop(visit.token, {})
        seen = {code: at for code, at in before.items() if at > since}
        fresh = [code for code in dict.fromkeys(codes) if code not in seen]
        self._noted[visit.token] = seen | dict.fromkeys(fresh, visit.now)
        while len(self._noted) > MOST_SESSIONS:
            del self._noted[next(iter(self._noted))]
        how = () if visit.may(ACT_ON_CASES) else ("by:emergency_access",)
        for start in range(0, len(fresh), MOST_IN_A_LINE):
            cases = [f"case:{code}" for code in fresh[start : start + MOST_IN_A_LINE]]
            await self._audit(visit.member.name, "listed", "", *cases, *how)
