"""The second factor: time-based codes (RFC 6238), and recovery codes for a lost phone.

Knows nothing about whose they are or where they are stored.
"""

import hmac
import secrets
from hashlib import sha256

import pyotp

STEP_SECONDS = 30
AROUND = 1
"""How many steps a phone's clock may be wrong."""
RECOVERY_CODES = 10
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def matching_step(secret: str, code: str, now: float, after: int) -> int | None:
    """The time step of `code`, if it is right and later than step `after`, so that no code works twice; else None."""
    typed, here, totp = _plain(code), int(now) // STEP_SECONDS, pyotp.TOTP(secret)
    for step in range(max(here - AROUND, after + 1), here + AROUND + 1):
        if hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), typed.encode("utf-8", "replace")):
            return step
    return None


def new_recovery_codes() -> tuple[str, ...]:
    """80 random bits each, in groups that can be read out."""
    return tuple("-".join(_group() for _ in range(4)) for _ in range(RECOVERY_CODES))


def digest(code: str) -> str:
    """The stored hash of a recovery code, which is random enough to need no salt."""
    return sha256(_plain(code).upper().encode("utf-8", "replace")).hexdigest()


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(4))


def _plain(code: str) -> str:
    """A code without the spaces and hyphens that a person may have typed."""
    return code.replace(" ", "").replace("-", "")
