"""Who has a case: a lease that runs out, with a fencing token that only grows. Knows nothing about conversations.

Two people must not answer one patient unknowingly. Whoever takes a case holds it for a while; each change of hands has
a higher token, and an act that was begun under an older one comes too late. Times are seconds since the epoch.
"""

from policies.facts import Record

LEASE_SECONDS = 15 * 60.0


class Lease(Record):
    """The latest one, running or over. `token` is the version of the case in which it changed hands."""

    owner: str
    token: int
    until: float


def holder(lease: Lease | None, at: float) -> str:
    """Who has the case now; nobody once the lease has run out."""
    return lease.owner if lease and at < lease.until else ""


def may_take(lease: Lease | None, by: str, over: int, at: float) -> bool:
    """A free case, one's own, or another's whose token is named: then it is taken over knowingly."""
    return lease is None or holder(lease, at) in ("", by) or over == lease.token


def taken(lease: Lease | None, by: str, version: int, at: float) -> Lease:
    """The next lease; the token stays while it stays in one hand."""
    same = lease is not None and lease.owner == by
    return Lease(owner=by, token=lease.token if lease and same else version, until=at + LEASE_SECONDS)


def ended(lease: Lease | None, at: float) -> Lease | None:
    return lease.model_copy(update={"until": min(lease.until, at)}) if lease else None


def too_late(lease: Lease | None, by: str, token: int, at: float) -> bool:
    """Whether what `by` does under `token` (0: none) must not count: somebody else has the case, or had it since."""
    if lease is None or lease.owner == by:
        return False
    return at < lease.until or 0 < token < lease.token
