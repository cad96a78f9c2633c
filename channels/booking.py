"""Asks the clinic's own system for an appointment, by a signed HTTP POST with the case's code and no patient's word.

The receiver answers 2xx, and may answer `{"reference": "…"}`, which the nurse then sees. `Idempotency-Key` is the same
when a request is repeated.
"""

import json
import re

import httpx

from channels.bodies import read_answer
from channels.senders.signature import HEADER, sign
from dialogue.ports import BookingFailed, BookingRequest, Clock

LONGEST_ANSWER = 4096
REFERENCE = re.compile(r"[\w .:/#-]{1,80}")


class BookingWebhook:
    """Implements `Bookings`. Redirects are not followed, so that a request goes nowhere but to the clinic's address."""

    def __init__(
        self, url: str, secret: str, client: httpx.AsyncClient, clock: Clock, timeout_seconds: float = 5.0
    ) -> None:
        self._url = url
        self._secret = secret
        self._client = client
        self._clock = clock
        self._timeout = timeout_seconds

    async def book(self, request: BookingRequest) -> str:
        at = int(self._clock.now())
        body = json.dumps({**request.model_dump(), "sent_at": at}, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": request.key,
            HEADER: sign(self._secret, body, at),
        }
        try:
            async with self._client.stream(
                "POST", self._url, content=body, headers=headers, follow_redirects=False, timeout=self._timeout
            ) as response:
                if not 200 <= response.status_code < 300:
                    raise BookingFailed(f"the booking system answered {response.status_code}")
                return _reference(await read_answer(response, LONGEST_ANSWER))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise BookingFailed(f"the booking system could not be reached: {type(error).__name__}") from None


def _reference(answer: bytes) -> str:
    """The reference that the nurse is shown; "" where the answer holds no plain one."""
    try:
        found = json.loads(answer)["reference"]
    except (ValueError, KeyError, TypeError):
        return ""
    return found if isinstance(found, str) and REFERENCE.fullmatch(found) else ""
