"""Signs what is sent and proves it to the receiver: HMAC-SHA256 over time and body. Knows nothing about HTTP or pages.

A receiver of the paging webhook can copy this file as it is; it needs the standard library only.
"""

import hashlib
import hmac

HEADER = "X-Previsit-Signature"


def sign(secret: str, body: bytes, at: int) -> str:
    """The header's value, `t=<unix seconds>,v1=<hex>`; the digest is over `<t>.<body>`."""
    return f"t={at},v1={_digest(secret, body, str(at))}"


def verify(secret: str, body: bytes, header: str, now: float, tolerance_seconds: float = 300) -> bool:
    """Whether `body` was signed with `secret` within the tolerance of `now`.

    Several `v1` are allowed, so that a secret can be changed without losing a page.
    """
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit() and len(times[0]) <= 15):
        return False
    if abs(now - int(times[0])) > tolerance_seconds:
        return False
    expected = _digest(secret, body, times[0]).encode()
    return any(hmac.compare_digest(expected, value.encode()) for name, _, value in parts if name == "v1")


def _digest(secret: str, body: bytes, at: str) -> str:
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
