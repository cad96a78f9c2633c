"""The second factor of signing in: time-based codes (RFC 6238), and recovery codes for when the phone is lost.

Knows nothing about whose they are or where they are kept.
"""

import hmac
import secrets
from hashlib import sha256

import pyotp

STEP_SECONDS = 30
AROUND = 1
"""So many steps a phone's clock may be wrong."""
RECOVERY_CODES = 10
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def matching_step(secret: str, code: str, now: float, after: int) -> int | None:
    """The time step that `code` belongs to, if it is right and later than `after`: no code is good twice."""
    typed, here, totp = _plain(code), int(now) // STEP_SECONDS, pyotp.TOTP(secret)
    for step in range(max(here - AROUND, after + 1), here + AROUND + 1):
        if hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), typed.encode("utf-8", "replace")):
            return step
    return None


def new_recovery_codes() -> tuple[str, ...]:
    """80 random bits each, in groups that can be read out."""
    return tuple("-".join(_group() for _ in range(4)) for _ in range(RECOVERY_CODES))


def digest(code: str) -> str:
    """What is kept of a recovery code; its own randomness is salt enough."""
    return sha256(_plain(code).upper().encode("utf-8", "replace")).hexdigest()


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(4))


def _plain(code: str) -> str:
    """As typed from a screen: with spaces or hyphens, or without."""
    return code.replace(" ", "").replace("-", "")
