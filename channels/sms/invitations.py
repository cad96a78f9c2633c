"""Short-lived signed links into a chat, for a text that says nothing of health. Knows no carrier and no page.

A link is `/i?<conversation>.<until>.<signature>`; in the query, because queries are not logged. Whoever opens it before
it expires gets the chat's own token.
"""

import base64
import hmac

_PURPOSE = b"previsit invitation 1\x00"
_BYTES = 16


class Invitations:
    def __init__(self, secret: bytes, minutes: float) -> None:
        self._secret = secret
        self._seconds = minutes * 60

    def link(self, public_url: str, conversation_id: str, now: float) -> str:
        until = str(int(now + self._seconds))
        return f"{public_url}/i?{conversation_id}.{until}.{self._sign(conversation_id, until)}"

    def conversation(self, ticket: str, now: float) -> str:
        """The conversation that a ticket opens; "" for one that is forged or has expired."""
        conversation_id, _, rest = ticket.partition(".")
        until, _, signature = rest.partition(".")
        fits = hmac.compare_digest(self._sign(conversation_id, until).encode(), signature.encode("utf-8", "replace"))
        return conversation_id if fits and until.isdigit() and float(until) >= now else ""

    def _sign(self, conversation_id: str, until: str) -> str:
        digest = hmac.digest(self._secret, _PURPOSE + f"{conversation_id}.{until}".encode("utf-8", "replace"), "sha256")
        return base64.urlsafe_b64encode(digest[:_BYTES]).rstrip(b"=").decode()
