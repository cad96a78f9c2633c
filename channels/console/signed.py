"""Signed notes that are kept in the browser and come back unchanged: who has given their password, which sign-in at the
identity provider is under way. They are readable and expire. Knows nothing about their content.
"""

import base64
import hmac
import json
from collections.abc import Mapping

from dialogue.ports import Clock

Note = Mapping[str, str]


class Signed:
    """`secret` is the server's own; all servers of a clinic share it."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock

    def issue(self, purpose: str, note: Note, seconds: float) -> str:
        text = json.dumps({"until": self._clock.now() + seconds, **note})
        body = base64.urlsafe_b64encode(text.encode())
        return f"{body.decode()}.{self._mac(purpose, body)}"

    def read(self, purpose: str, text: str) -> Note | None:
        """The note; None if it was changed, was signed for another purpose, or has expired."""
        body, _, mac = text.encode("utf-8", "replace").partition(b".")
        if not hmac.compare_digest(self._mac(purpose, body).encode(), mac):
            return None
        note = json.loads(base64.urlsafe_b64decode(body))
        return note if self._clock.now() < note.pop("until") else None

    def _mac(self, purpose: str, body: bytes) -> str:
        return hmac.new(self._secret, f"console {purpose}\0".encode() + body, "sha256").hexdigest()
