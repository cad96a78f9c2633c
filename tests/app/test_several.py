"""Two servers and two workers on one store: every page goes out once in each of its rounds, whoever does what."""

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from storage.embedded import embedded_valkey
from tests.app.running import patient, running
from tests.app.webhooks import Hook, webhook

pytestmark = pytest.mark.anyio

PATIENTS, ROUNDS = 6, 3
PATIENCE = 60
"""Rounds of every page, of a second each, until one that is missing counts as lost."""
DANGER = "I have a crushing pain in my chest and my left arm feels heavy"


def arrived(hook: Hook, pages: int, rounds: int) -> list[str]:
    """The keys of what came until each page had its first rounds."""
    keys: list[str] = []
    for _ in range(pages * PATIENCE):
        headers, said = hook.next()
        if said["event"] == "page":
            keys.append(headers["idempotency-key"])
        if len({key for key in keys if int(key.rpartition(":")[2]) < rounds}) == pages * rounds:
            return keys
    raise AssertionError(f"some page's first {rounds} rounds never came: {Counter(keys)}")


async def test_each_page_goes_out_once_a_round_whoever_serves_and_whoever_works(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with embedded_valkey(tmp_path / "store") as url:
        with webhook() as hook, ExitStack() as stack:
            settings = {"redis_url": url, "webhook_url": hook.url, "webhook_secret": "s", "page_repeat_seconds": 1}
            settings |= {"paraphrases": "no", "worker_silence_seconds": 60}
            first = stack.enter_context(running(folder, {**settings, "worker": "no"}))
            second = stack.enter_context(running(folder, {**settings, "worker": "no"}))
            for _ in range(2):
                stack.enter_context(
                    running(folder, {**settings, "log_level": "error"}, command="worker", until="is at work")
                )
            chats = []
            for number in range(PATIENTS):
                here, there = (first, second) if number % 2 else (second, first)
                chat = stack.enter_context(patient(here.address))
                chat.chooses("yes")
                chats.append(stack.enter_context(patient(there.address, chat)))
                assert chats[-1].says(DANGER)["urgent"]
            keys = arrived(hook, PATIENTS, ROUNDS)
            assert [key for key, times in Counter(keys).items() if times > 1] == []
            assert len({key.rpartition(":")[0] for key in keys}) == PATIENTS
