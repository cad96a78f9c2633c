"""What a Rasa server sends to its action server and does with the answer: a tracker that grows, slots that are set."""

import json
import zlib
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import yaml

PROJECT = Path(__file__).parents[2] / "docker" / "rasa"
DOMAIN = yaml.safe_load((PROJECT / "domain.yml").read_text("utf-8"))


class Assistant:
    def __init__(self, http: httpx.AsyncClient, url: str, headers: dict[str, str]) -> None:
        self.http, self.url, self.headers = http, url, headers
        self.slots: dict[str, Any] = dict.fromkeys(DOMAIN["slots"])
        self.events: list[dict[str, Any]] = []
        self.buttons: dict[str, str] = {}
        self.status: dict[str, Any] = {}
        self.compressed = False
        self._ids = count(1)

    async def turn(self, text: str, message_id: str = "") -> str:
        return await self.call("action_previsit_turn", text, message_id)

    async def form(self, text: str) -> str:
        """A turn of the form: the last message fills its slot, is validated, and the next is asked for."""
        self.slots["previsit_answer"] = text
        said = await self.call("validate_previsit_form", text)
        return said + await self.call("action_ask_previsit_answer", text)

    async def call(self, action: str, text: str, message_id: str = "") -> str:
        """Runs one action; what it says, as the patient would read it."""
        latest = {"text": text, "intent": {"name": "other"}, "entities": [], "message_id": message_id or self._id()}
        self.events.append({"event": "user", **latest})
        tracker: dict[str, Any] = {
            "sender_id": "somebody",
            "slots": self.slots,
            "latest_message": latest,
            "events": self.events,
        }
        tracker |= {"active_loop": {}, "latest_action_name": "action_listen", "paused": False, "followup_action": None}
        call = {
            "next_action": action,
            "sender_id": "somebody",
            "tracker": tracker,
            "domain": DOMAIN,
            "version": "3.6.21",
        }
        answer = await self.http.post(self.url, **self._packed(call))
        assert answer.status_code == 200, answer.text
        return self._take(answer.json())

    def _take(self, answer: dict[str, Any]) -> str:
        for event in answer["events"]:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        for response in answer["responses"]:
            self.buttons |= {button["title"]: button["payload"] for button in response["buttons"]}
            self.status = response["custom"].get("previsit", self.status)
        return "\n".join(response["text"] for response in answer["responses"] if response["text"])

    def _packed(self, call: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(call).encode()
        if self.compressed:
            return {"content": zlib.compress(body), "headers": {**self.headers, "Content-Encoding": "deflate"}}
        return {"content": body, "headers": {**self.headers, "Content-Type": "application/json"}}

    def _id(self) -> str:
        return f"message{next(self._ids)}"
