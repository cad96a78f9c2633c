"""One run of the fault benchmark: patients who report a danger, programs that are killed, connections that misbehave.

Like the chat page, a patient sends the same message again until the server answers.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import httpx

from app.services import SystemClock
from app.settings import read_settings
from app.storage import open_storage
from benchmarks.contenders import free_port
from benchmarks.fault_outcome import Outcome, Plan
from benchmarks.fault_proxy import FaultProxy, Line, fault_proxy
from benchmarks.killed_cluster import Primary, cluster_of
from benchmarks.killed_process import Killed, KilledServer, Settings, started, storing, working
from benchmarks.page_receiver import PageReceiver, page_receiver

SECRET = "a secret of this run"  # noqa: S105 - it opens nothing
AT_ONCE = 8
AGAIN_SECONDS = 0.05
LAST_SECONDS = 180.0
"""How long to wait for pages that are still under way when the last patient has finished."""
SOON = 0.04
"""A turn is committed, answered and paged within this time; a kill falls into it."""
STARTING = 1.5
TOLD_EVERY = 100
TO_STORE = Line(lost=0.002, late=0.01)
TO_PAGING = Line(lost=0.05, late=0.1, longest=1.0, doubled=0.05)
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


class Killer:
    """Kills the programs in turn, each soon after a message that is chosen at random."""

    def __init__(self, programs: Sequence[Killed], chance: Random, numbers: set[int]) -> None:
        self.sent = 0
        self._chance = chance
        self._shots: list[tuple[Killed, asyncio.Queue[float]]] = [(one, asyncio.Queue()) for one in programs]
        self._turn_of = {number: order % len(programs) for order, number in enumerate(sorted(numbers))}

    @property
    def kills(self) -> int:
        return sum(program.kills for program, _ in self._shots)

    def message_sent(self) -> None:
        self.sent += 1
        if self.sent in self._turn_of:
            _, shots = self._shots[self._turn_of[self.sent]]
            shots.put_nowait(self._chance.uniform(0, SOON))

    async def run(self) -> None:
        """Until cancelled, or until a program does not come up again."""
        async with asyncio.TaskGroup() as group:
            for program, shots in self._shots:
                group.create_task(self._kill(program, shots))

    async def _kill(self, program: Killed, shots: "asyncio.Queue[float]") -> None:
        while True:
            await asyncio.sleep(await shots.get())
            await program.kill()
            if self._chance.random() < 0.2:
                await program.kill_while_it_starts(self._chance.uniform(0, STARTING))
            await program.start()


@dataclass
class Patient:
    """`steps` is how many questions are answered before the danger is told."""

    number: int
    steps: int
    danger: str
    server: KilledServer
    killer: Killer

    async def talk(self) -> str:
        """The conversation's id, returned once its patient has read that a nurse is alerted."""
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
    """An answer that continues the interview and raises no red flag."""
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


class Clinic(NamedTuple):
    """The programs of one run. `direct` are settings that reach the store without its bad connection."""

    server: KilledServer
    programs: tuple[Killed, ...]
    lines: tuple[FaultProxy, ...]
    direct: Settings


@asynccontextmanager
async def clinic_of(plan: Plan, folder: Path, receiver: PageReceiver) -> AsyncIterator[Clinic]:
    """One program that does everything, its store included; with `apart` a server, a worker and a store on bad
    connections."""
    settings: dict[str, object] = {
        "data_dir": folder,
        "emergency_number": "911",
        "model": "no",
        "paraphrases": "no",
        "webhook_url": receiver.url,
        "webhook_secret": SECRET,
        "page_repeat_seconds": 24 * 3600,
        "worker_silence_seconds": plan.silence,
        "log_level": "error",  # pages that are refused are what we are here for
    }
    async with AsyncExitStack() as stack:
        if not plan.apart:
            server = KilledServer(settings)
            await stack.enter_async_context(started(server))
            yield Clinic(server, (server,), (), settings)
            return
        if plan.cluster:
            yield await _on_cluster(stack, plan, folder, receiver, settings)
            return
        store = storing(folder / "valkey", port := free_port())
        to_store = fault_proxy(("127.0.0.1", port), TO_STORE, Random(plan.seed + 2))
        to_paging = fault_proxy(("127.0.0.1", receiver.port), TO_PAGING, Random(plan.seed + 3))
        lines = (await stack.enter_async_context(to_store), await stack.enter_async_context(to_paging))
        direct = {**settings, "redis_url": f"redis://127.0.0.1:{port}"}
        settings |= {"redis_url": f"redis://127.0.0.1:{lines[0].port}", "worker": "no"}
        settings["webhook_url"] = f"http://127.0.0.1:{lines[1].port}/page"
        server, worker = KilledServer(settings, may_fail=True), working(settings)
        programs = (store, server, worker)
        await stack.enter_async_context(started(*programs))
        yield Clinic(server, programs, lines, direct)


async def _on_cluster(
    stack: AsyncExitStack, plan: Plan, folder: Path, receiver: PageReceiver, settings: dict[str, object]
) -> Clinic:
    """Server and worker on three primaries, each with a replica. Only the line to the paging service is bad."""
    cluster = await stack.enter_async_context(cluster_of(folder / "cluster", replicas=True, silence=1.0))
    to_paging = fault_proxy(("127.0.0.1", receiver.port), TO_PAGING, Random(plan.seed + 3))
    line = await stack.enter_async_context(to_paging)
    direct = {**settings, "redis_url": cluster.url}
    settings = {**direct, "worker": "no", "webhook_url": f"http://127.0.0.1:{line.port}/page"}
    server, worker = KilledServer(settings, may_fail=True), working(settings)
    await stack.enter_async_context(started(server, worker))
    return Clinic(server, (Primary(cluster, Random(plan.seed + 2)), server, worker), (line,), direct)


async def play(plan: Plan, folder: Path) -> Outcome:
    """Everything in `folder`, which must be empty."""
    began = time.perf_counter()
    chance = Random(plan.seed)
    async with page_receiver(SECRET, Random(plan.seed + 1)) as receiver, AsyncExitStack() as running:
        clinic = await running.enter_async_context(clinic_of(plan, folder, receiver))
        steps = [chance.randrange(plan.steps) for _ in range(plan.conversations)]
        turns = sum(steps) + len(steps)
        killer = Killer(clinic.programs, chance, set(chance.sample(range(1, turns + 1), min(plan.kills, turns))))
        patients = [
            Patient(number, count, DANGERS[number % len(DANGERS)], clinic.server, killer)
            for number, count in enumerate(steps)
        ]
        told = await _talk(patients, killer, receiver)
        if not plan.apart:
            await running.aclose()  # its store goes with it, and is opened here
        async with open_storage(read_settings({}, **clinic.direct), SystemClock()) as storage:
            waiting = await storage.store.conversations.waiting(10 * plan.conversations)
    return Outcome(
        plan=plan,
        turns=turns,
        kills={program.name: program.kills for program in clinic.programs},
        starts={program.name: tuple(program.starts) for program in clinic.programs},
        told=frozenset(told),
        owed={one.id: one.page.id for one in waiting if one.page},
        taken=tuple(receiver.taken),
        refused=receiver.refused,
        lost_answers=sum(line.lost for line in clinic.lines),
        late_answers=sum(line.late for line in clinic.lines),
        doubled=sum(line.doubled for line in clinic.lines),
        seconds=time.perf_counter() - began,
    )


async def _talk(patients: list[Patient], killer: Killer, receiver: PageReceiver) -> set[str]:
    """All patients, AT_ONCE at a time; then the pages that are still on their way."""
    room, done = asyncio.Semaphore(AT_ONCE), count(1)

    async def one(patient: Patient) -> str:
        async with room:
            found = await patient.talk()
        if (finished := next(done)) % TOLD_EVERY == 0:
            print(f"{finished} of {len(patients)} patients, {killer.kills} kills", file=sys.stderr, flush=True)
        return found

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
