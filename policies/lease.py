"""Who has a case: a lease that runs out, with a fencing token that only grows. Knows nothing about conversations.

Two people must not answer one patient without knowing of each other. Whoever takes a case holds it for a while. Each
change of owner gets a higher token, and an act that was begun under an older token is refused. Times are seconds since
the epoch.
"""

from policies.facts import Record

LEASE_SECONDS = 15 * 60.0


class Lease(Record):
    """The latest lease, running or run out. `token` is the version of the case at which its owner took it."""

    owner: str
    token: int
    until: float


def holder(lease: Lease | None, at: float) -> str:
    """Who has the case now; nobody once the lease has run out."""
    return lease.owner if lease and at < lease.until else ""


def may_take(lease: Lease | None, by: str, over: int, at: float) -> bool:
    """Whether `by` may take the case: it is free, already theirs, or they name the other's token (`over`), which shows
    that they know whose case they take over."""
    return lease is None or holder(lease, at) in ("", by) or over == lease.token


def taken(lease: Lease | None, by: str, version: int, at: float) -> Lease:
    """The new lease; while the owner stays the same, so does the token."""
    same = lease is not None and lease.owner == by
    return Lease(owner=by, token=lease.token if lease and same else version, until=at + LEASE_SECONDS)


def ended(lease: Lease | None, at: float) -> Lease | None:
    return lease.model_copy(update={"until": min(lease.until, at)}) if lease else None


def too_late(lease: Lease | None, by: str, token: int, at: float) -> bool:
    """Whether an act by `by` under `token` (0: none) must be refused: somebody else has the case, or had it since."""
    if lease is None or lease.owner == by:
        return False
    return at < lease.until or 0 < token < lease.token
