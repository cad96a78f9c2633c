"""A patient's proof that a conversation is theirs: an HMAC of its id. Knows nothing about storage or HTTP.

Nothing is stored, so a check needs no round trip, and an unknown id and a wrong token look the same.
"""

import base64
import hmac

_PURPOSE = b"previsit conversation token 1\x00"
RECENT = 1024
"""How many valid tokens are remembered, so that they need not be computed again for each message."""


class Tokens:
    """`secret` is the server's own, at least 32 bytes; all servers of a clinic share it."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 32:
            raise ValueError("the token secret needs at least 32 bytes")
        self._secret = secret
        self._fitting: dict[str, str] = {}

    def issue(self, conversation_id: str) -> str:
        """43 characters, safe in a URL and in JSON."""
        digest = hmac.digest(self._secret, _PURPOSE + conversation_id.encode(), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def fits(self, conversation_id: str, token: str) -> bool:
        expected = self._fitting.get(conversation_id) or self.issue(conversation_id)
        if not hmac.compare_digest(expected.encode(), token.encode()):
            return False
        if len(self._fitting) >= RECENT:
            self._fitting.clear()
        self._fitting[conversation_id] = expected
        return True

    def sender(self, conversation_id: str) -> str:
        """A conversation's id and its token in one, for clients that name a sender."""
        return f"{conversation_id}.{self.issue(conversation_id)}"

    def conversation_of(self, sender: str) -> str:
        """The conversation of a sender that `sender` made; "" for any other."""
        conversation_id, _, token = sender.rpartition(".")
        return conversation_id if self.fits(conversation_id, token) else ""
