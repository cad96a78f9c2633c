"""Pages through PagerDuty's Events API v2: the page's id is the deduplication key, so its rounds are one incident.

PagerDuty tells nobody of a trigger for an incident that is acknowledged. So where a page goes out again, the old one is
resolved first and the trigger opens another.
"""

import httpx

from dialogue.paging_ports import Notice, Outcome, SendFailed

API = "https://events.pagerduty.com"


class PagerDuty:
    """A `Sender`. `routing_key` is that of an Events v2 integration; `api` is another address of the same API."""

    def __init__(self, routing_key: str, client: httpx.AsyncClient, api: str = API, name: str = "pagerduty") -> None:
        self.name = name
        self._key = routing_key
        self._client = client
        self._url = f"{api.rstrip('/')}/v2/enqueue"

    async def send(self, notice: Notice) -> None:
        if notice.anew:
            await self._enqueue({"routing_key": self._key, "event_action": "resolve", "dedup_key": notice.page})
        event: dict[str, object] = {
            "routing_key": self._key,
            "event_action": "trigger",
            "dedup_key": notice.page,
            "client": "previsit",
            "client_url": notice.link,
            "payload": {
                "summary": f"Case {notice.code}: {notice.level.name}, round {notice.attempt + 1}",
                "source": "previsit",
                "severity": "critical",
                "custom_details": {"case": notice.code, "level": notice.level.name, "round": notice.attempt + 1},
            },
            "links": [{"href": notice.link, "text": "Open the case"}],
        }
        await self._enqueue(event)

    async def tell(self, outcome: Outcome) -> None:
        """Acknowledges or resolves the page's incident in PagerDuty, too."""
        action = {"acknowledged": "acknowledge", "resolved": "resolve"}[outcome.news]
        await self._enqueue({"routing_key": self._key, "event_action": action, "dedup_key": outcome.page})

    async def try_out(self, quiet: bool) -> None:
        """Resolves an incident that was never triggered: that wakes nobody, and shows that our key is accepted."""
        test: dict[str, object] = {"routing_key": self._key, "dedup_key": "previsit-test"}
        if not quiet:
            payload = {"summary": "Test page from previsit: nothing to do", "source": "previsit", "severity": "info"}
            await self._enqueue({**test, "event_action": "trigger", "payload": payload})
        await self._enqueue({**test, "event_action": "resolve"})

    async def _enqueue(self, event: dict[str, object]) -> None:
        try:
            answer = await self._client.post(self._url, json=event, follow_redirects=False)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SendFailed(f"{self.name} could not be reached: {type(error).__name__}") from None
        if answer.status_code != httpx.codes.ACCEPTED:
            raise SendFailed(f"{self.name} answered {answer.status_code}")
