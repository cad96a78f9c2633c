"""Pages through an ntfy topic, the clinic's own server or another: a loud push with a button that opens the case."""

import httpx

from dialogue.paging_ports import Notice, Outcome, SendFailed

LOUDEST, QUIET, QUIETEST = 5, 2, 1


class Ntfy:
    """A `Sender`. `url` is that of the topic; `token` where the server asks for one."""

    def __init__(self, url: str, token: str, client: httpx.AsyncClient, name: str = "ntfy") -> None:
        self.name = name
        server, _, self._topic = url.rstrip("/").rpartition("/")
        self._server = server
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = client

    async def send(self, notice: Notice) -> None:
        message: dict[str, object] = {
            "topic": self._topic,
            "title": f"previsit: case {notice.code}",
            "message": f"{notice.level.name}, round {notice.attempt + 1}. Nobody is looking after it yet.",
            "priority": LOUDEST,
            "tags": ["rotating_light"],
            "click": notice.link,
            "actions": [{"action": "view", "label": "Open the case", "url": notice.link}],
        }
        await self._push(message)

    async def tell(self, outcome: Outcome) -> None:
        """A silent message once somebody has acknowledged; nothing when the page is resolved."""
        if outcome.news == "acknowledged":
            title, said = f"previsit: case {outcome.code}", f"{outcome.by} has it."
            await self._push({"topic": self._topic, "title": title, "message": said, "priority": QUIET})

    async def try_out(self, quiet: bool) -> None:
        said = "Test page from previsit: nothing to do."
        await self._push({"topic": self._topic, "message": said, "priority": QUIETEST if quiet else LOUDEST})

    async def _push(self, message: dict[str, object]) -> None:
        try:
            answer = await self._client.post(self._server, json=message, headers=self._headers, follow_redirects=False)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SendFailed(f"{self.name} could not be reached: {type(error).__name__}") from None
        if not answer.is_success:
            raise SendFailed(f"{self.name} answered {answer.status_code}")
