"""Pages by a signed HTTP POST to any receiver: a bridge to a pager service, a chat bot, a phone system."""

import json

import httpx

from channels.senders.signature import HEADER, sign
from dialogue.paging_ports import Notice, Outcome, SendFailed
from dialogue.ports import Clock


class Webhook:
    """A `Sender`. Only a 2xx answer counts. Redirects are not followed, so that a page goes nowhere else."""

    def __init__(
        self,
        url: str,
        secret: str,
        client: httpx.AsyncClient,
        clock: Clock,
        name: str = "webhook",
        timeout_seconds: float = 5.0,
    ) -> None:
        self.name = name
        self._url = url
        self._secret = secret
        self._client = client
        self._clock = clock
        self._timeout = timeout_seconds

    async def send(self, notice: Notice) -> None:
        at = int(self._clock.now())
        await self._signed(payload(notice, at), notice.key, at)

    async def tell(self, outcome: Outcome) -> None:
        at = int(self._clock.now())
        told = {"event": outcome.news, **outcome.model_dump(exclude={"news"}), "sent_at": at}
        await self._signed(json.dumps(told, separators=(",", ":")).encode(), outcome.key, at)

    async def try_out(self, quiet: bool) -> None:
        """Posts a body whose `event` says that it is a test and pages nobody."""
        at = int(self._clock.now())
        await self._signed(json.dumps({"event": "test", "quiet": quiet, "sent_at": at}).encode(), f"test:{at}", at)

    async def _signed(self, body: bytes, key: str, at: int) -> None:
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            HEADER: sign(self._secret, body, at),
        }
        status = await self._post(body, headers)
        if not 200 <= status < 300:
            raise SendFailed(f"{self.name} answered {status}")

    async def _post(self, body: bytes, headers: dict[str, str]) -> int:
        """Posts the body and returns the answer's status. The answer's body is not read: it could be endless."""
        try:
            async with self._client.stream(
                "POST",
                self._url,
                content=body,
                headers=headers,
                follow_redirects=False,
                timeout=self._timeout,
            ) as response:
                return response.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SendFailed(f"{self.name} could not be reached: {type(error).__name__}") from None


def payload(notice: Notice, sent_at: int) -> bytes:
    """The body as it is signed and sent: case code, level and link; `sent_at` is seconds since the epoch."""
    return json.dumps(
        {
            "event": "page",
            "page": notice.page,
            "key": notice.key,
            "code": notice.code,
            "level": notice.level.name,
            "attempt": notice.attempt,
            "link": notice.link,
            "sent_at": sent_at,
        },
        separators=(",", ":"),
    ).encode()
