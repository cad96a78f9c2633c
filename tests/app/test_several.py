"""Two servers and two workers on one store: every page goes out once in each of its rounds, whoever does what."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.killed_cluster import cluster_of
from channels.console.access import token_of
from storage.embedded import embedded_valkey
from tests.app.running import LONGEST, Running, nurse, patient, running
from tests.app.webhooks import Hook, webhook

pytestmark = pytest.mark.anyio

PATIENTS, ROUNDS = 6, 3
PATIENCE = 60
"""So many rounds of each page may pass before one that is missing counts as lost."""
DANGER = "I have a crushing pain in my chest and my left arm feels heavy"


def arrived(hook: Hook, pages: int, rounds: int) -> list[str]:
    """The keys of what came until each page had gone out so often. A busy machine may miss a round of a second."""
    keys: list[str] = []
    for _ in range(pages * PATIENCE):
        headers, said = hook.next()
        if said["event"] == "page":
            keys.append(headers["idempotency-key"])
        found = Counter(key.rpartition(":")[0] for key in set(keys))
        if len(found) == pages and min(found.values()) >= rounds:
            return keys
    raise AssertionError(f"{len(found)} of {pages} pages came, so often: {sorted(found.values())}")


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


async def test_on_a_cluster_every_page_goes_out(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with cluster_of(tmp_path / "cluster") as cluster:
        with webhook() as hook, ExitStack() as stack:
            settings = {"redis_url": cluster.url, "webhook_url": hook.url, "webhook_secret": "s", "paraphrases": "no"}
            server = stack.enter_context(running(folder, {**settings, "worker": "no"}))
            stack.enter_context(running(folder, settings, command="worker", until="is at work"))
            browser = stack.enter_context(nurse(server))
            for _ in range(PATIENTS):
                chat = stack.enter_context(patient(server.address))
                chat.chooses("yes")
                assert chat.says(DANGER)["urgent"]
            keys = arrived(hook, PATIENTS, 1)
            assert len({key.rpartition(":")[0] for key in keys}) == PATIENTS
            assert "EMERGENCY" in browser.get("/console").text.upper()


def rings(browser: httpx.Client) -> Iterator[dict[str, Any]]:
    """The pages that an open console is told to ring, each answered as a browser does; first, that it is open."""
    token = token_of(browser.cookies["previsit"])
    with browser.stream("GET", "/console/events", timeout=LONGEST) as stream:
        event = ""
        for line in stream.iter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                event = value
                if event == "open":
                    yield {}
            elif name == "data" and event == "ring":
                page = json.loads(value)
                browser.post("/console/rang", data={"token": token, "key": page["key"]})
                yield page


def told_of(server: Running, browser: httpx.Client, case: str) -> str:
    return browser.get(f"{server.address}/console/cases/{case}").text


async def test_a_worker_apart_rings_the_consoles_of_a_server_and_hears_of_the_answer(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with embedded_valkey(tmp_path / "store") as url:
        settings = {"redis_url": url, "paraphrases": "no", "page_repeat_seconds": 5}
        with ExitStack() as stack:
            server = stack.enter_context(running(folder, {**settings, "worker": "no"}))
            browser = stack.enter_context(nurse(server))
            heard = rings(browser)
            assert next(heard) == {}
            quiet = {**settings, "log_level": "error"}
            stack.enter_context(running(folder, quiet, command="worker", until="is at work"))
            chat = stack.enter_context(patient(server.address))
            chat.chooses("yes")
            assert chat.says(DANGER)["urgent"]
            first, second = next(heard), next(heard)
            assert first["level"] == "EMERGENCY" and first["page"] == second["page"]
            assert int(first["key"].rpartition(":")[2]) < int(second["key"].rpartition(":")[2])
            page = told_of(server, browser, chat.view["id"])
            assert re.search(r"<li>Delivered <time.*?, console</li>", page), "a person's browser has shown it"
