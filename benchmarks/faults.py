"""Kills the server at random points of many dangerous chats, and compares the pages that were owed with those sent.

Run as: python -m benchmarks.faults [--conversations N] [--kills N] [--seed N]

Each patient answers a few questions and then tells of something dangerous. As the chat page does, a patient whose
server does not answer sends the same message again until it does. The server is killed without warning (SIGKILL) a few
milliseconds after a message that chance chose, and now and then again while it starts. The paging service refuses some
pages and takes others without a word. No page is repeated for want of an acknowledgement within the run, so that each
has this one chance. What was committed is read from the store itself when all is over.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx

from app.house import SystemClock
from app.settings import read_settings
from app.store import open_kept
from benchmarks.killed_server import KilledServer, killed_server
from benchmarks.page_receiver import Delivery, PageReceiver, page_receiver
from dialogue.conversation import Conversation

SECRET = "a secret of this run"  # noqa: S105 - it opens nothing
AT_ONCE = 8
AGAIN_SECONDS = 0.05
LAST_SECONDS = 90.0
"""For the pages that are still on their way when the last patient has finished."""
SOON = 0.04
"""Seconds within which a turn is committed, answered and paged; a kill falls into it."""
STARTING = 1.5
DANGERS = (
    "I have a crushing pain in my chest and my left arm feels heavy",
    "my face is drooping on one side and I can't speak properly",
    "I took a whole bottle of pills because I want to die",
    "my throat is swelling up after a bee sting and I can't breathe",
    "my baby is blue and floppy",
    "I am coughing up a lot of blood and it won't stop",
    "my husband collapsed and is not breathing",
    "I can't move my right arm and leg since an hour ago",
    "my son is having a fit and won't wake up",
    "I'm too breathless to say a whole sentence",
)


@dataclass(frozen=True)
class Plan:
    conversations: int = 200
    kills: int = 60
    seed: int = 1


@dataclass(frozen=True)
class Outcome:
    """`told` are the conversations whose patient read that a nurse is alerted; `kept` is what the store holds."""

    plan: Plan
    turns: int
    kills: int
    starts: tuple[float, ...]
    told: frozenset[str]
    kept: tuple[Conversation, ...]
    taken: tuple[Delivery, ...]
    refused: int
    seconds: float

    @property
    def owed(self) -> dict[str, str]:
        """Page id of each conversation that has one."""
        return {one.id: one.page.id for one in self.kept if one.page}

    @property
    def lost(self) -> set[str]:
        """Conversations whose page was told or committed and never taken."""
        arrived = {(one.conversation, one.page) for one in self.taken}
        unsent = {conversation for conversation, page in self.owed.items() if (conversation, page) not in arrived}
        return unsent | (self.told - self.owed.keys())

    @property
    def without_key(self) -> list[Delivery]:
        """Deliveries that a receiver could not tell from another page's, or not trust."""
        return [one for one in self.taken if not one.signed or one.key != one.stated or one.key != f"{one.page}:0"]

    @property
    def again(self) -> int:
        """Deliveries of a page that had been taken before; the key tells that they are the same."""
        return len(self.taken) - len({one.key for one in self.taken})


class Killer:
    """Kills the server `soon` after each message whose number chance chose."""

    def __init__(self, server: KilledServer, chance: Random, numbers: set[int]) -> None:
        self.sent = 0
        self._server = server
        self._chance = chance
        self._numbers = numbers
        self._shots: asyncio.Queue[float] = asyncio.Queue()

    def message_sent(self) -> None:
        self.sent += 1
        if self.sent in self._numbers:
            self._shots.put_nowait(self._chance.uniform(0, SOON))

    async def run(self) -> None:
        while True:
            await asyncio.sleep(await self._shots.get())
            await self._server.kill()
            if self._chance.random() < 0.2:
                await self._server.kill_while_it_starts(self._chance.uniform(0, STARTING))
            await self._server.start()


@dataclass
class Patient:
    """`steps` is how many questions are answered before the danger is told."""

    number: int
    steps: int
    danger: str
    server: KilledServer
    killer: Killer

    async def talk(self) -> str:
        """The id of the conversation, once its patient has read that a nurse is alerted."""
        address = f"127.0.0.{2 + self.number % 250}"  # new chats are counted by address
        transport = httpx.AsyncHTTPTransport(local_address=address)
        async with httpx.AsyncClient(base_url=self.server.address, transport=transport, timeout=10.0) as client:
            view = await self._until_answered(client, "/api/v1/conversations", {})
            client.headers["Authorization"] = f"Bearer {view['token']}"
            path = f"/api/v1/conversations/{view['id']}/messages"
            for step in range(self.steps):
                view = await self._says(client, path, f"step-{step}", harmless(view["question"]))
            view = await self._says(client, path, "danger", {"text": self.danger})
            if not view["urgent"]:
                raise SystemExit(f"Nobody was paged for {self.danger!r}; this run would prove nothing.")
            return str(view["id"])

    async def _says(self, client: httpx.AsyncClient, path: str, key: str, message: dict[str, Any]) -> dict[str, Any]:
        self.killer.message_sent()
        return await self._until_answered(client, path, {"client_message_id": key, **message})

    async def _until_answered(self, client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
        while True:
            await self.server.up.wait()
            try:
                response = await client.post(path, json=body)
            except (httpx.TransportError, OSError):
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            if response.status_code not in (429, 503):
                response.raise_for_status()
                return dict(response.json())
            await asyncio.sleep(AGAIN_SECONDS)


def harmless(question: dict[str, Any] | None) -> dict[str, Any]:
    """An answer that moves the interview on and raises no flag."""
    if question is None:
        return {"text": "hello"}
    values = [choice["value"] for choice in question["choices"]]
    wanted = ("yes",) if question["id"] == "consent" else ("right", "none", "me", "male", "no")
    if chosen := next((value for value in wanted if value in values), None):
        return {"choices": [chosen]}
    if values:
        return {"choices": values[:1]}
    typed = {"complaint": "a sore throat", "about_you:age": "34 years"}
    return {"text": typed.get(question["id"], {"scale": "3", "duration": "3 days"}.get(question["kind"], "none"))}


async def play(plan: Plan, folder: Path) -> Outcome:
    """Everything in `folder`, which must be empty."""
    began = time.perf_counter()
    chance = Random(plan.seed)
    async with page_receiver(SECRET, Random(plan.seed + 1)) as receiver:
        settings = {
            "data_dir": folder,
            "emergency_number": "911",
            "model": "no",
            "webhook_url": receiver.url,
            "webhook_secret": SECRET,
            "page_repeat_seconds": 24 * 3600,
            "log_level": "error",  # pages that are refused are what we are here for
        }
        async with killed_server(settings) as server:
            steps = [chance.randrange(7) for _ in range(plan.conversations)]
            turns = sum(steps) + len(steps)
            killer = Killer(server, chance, set(chance.sample(range(1, turns + 1), min(plan.kills, turns))))
            patients = [
                Patient(number, count, DANGERS[number % len(DANGERS)], server, killer)
                for number, count in enumerate(steps)
            ]
            told = await _talk(patients, killer, receiver)
        async with open_kept(read_settings({}, **settings), SystemClock()) as kept:
            waiting = await kept.store.conversations.waiting(10 * plan.conversations)
    return Outcome(
        plan=plan,
        turns=turns,
        kills=server.kills,
        starts=tuple(server.starts),
        told=frozenset(told),
        kept=tuple(waiting),
        taken=tuple(receiver.taken),
        refused=receiver.refused,
        seconds=time.perf_counter() - began,
    )


async def _talk(patients: list[Patient], killer: Killer, receiver: PageReceiver) -> set[str]:
    """All patients, AT_ONCE at a time; then the pages that are still on their way."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(patient: Patient) -> str:
        async with room:
            return await patient.talk()

    killing = asyncio.create_task(killer.run())
    talking = asyncio.ensure_future(asyncio.gather(*(one(patient) for patient in patients)))
    killing.add_done_callback(lambda _: talking.cancel())  # a server that does not start again ends the run
    try:
        told = set(await talking)
        await receiver.until_all(told, LAST_SECONDS)
        return told
    except asyncio.CancelledError:
        if killing.done() and not killing.cancelled():
            killing.result()
        raise
    finally:
        talking.cancel()
        killing.cancel()
        await asyncio.gather(killing, talking, return_exceptions=True)


def report(outcome: Outcome) -> str:
    plan, starts = outcome.plan, outcome.starts
    rows = {
        "conversations with a red flag": plan.conversations,
        "turns": outcome.turns,
        "kills (SIGKILL)": outcome.kills,
        "start, median and longest": f"{statistics.median(starts):.1f} s, {max(starts):.1f} s",
        "pages told to patients": len(outcome.told),
        "pages in the store": len(outcome.owed),
        "pages taken by the receiver": len({one.page for one in outcome.taken}),
        "pages lost": len(outcome.lost),
        "deliveries refused, then sent again": outcome.refused,
        "deliveries of a page taken before": outcome.again,
        "deliveries without key or signature": len(outcome.without_key),
        "seconds in all": f"{outcome.seconds:.0f}",
    }
    return "\n".join([f"seed {plan.seed}", *(f"{name:<40}{figure!s:>16}" for name, figure in rows.items())])


def main() -> None:
    parser = argparse.ArgumentParser(prog="faults", description="Kills the server at random, and looks for lost pages.")
    parser.add_argument("--conversations", type=int, default=Plan.conversations, metavar="N")
    parser.add_argument("--kills", type=int, default=Plan.kills, metavar="N")
    parser.add_argument("--seed", type=int, default=Plan.seed, metavar="N")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="previsit-faults-") as folder:
        outcome = asyncio.run(play(Plan(given.conversations, given.kills, given.seed), Path(folder) / "data"))
    print(report(outcome))
    if outcome.lost or outcome.without_key:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
