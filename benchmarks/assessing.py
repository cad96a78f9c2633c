"""What an assessment costs beside the model's own answer, and what it costs the chats meanwhile. Figures, no tests.

Run as: python -m benchmarks.assessing [--cases N] [--conversations N]

The first part puts synthetic cases through the assessor, with the local model and the starter guidelines: all the time
outside the model's calls is the assessor's (search, prompt, reading, review). The second plays the same conversations
against our server while that model is idle and while it writes without a pause, three times each; the medians count.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import islice
from pathlib import Path

from app.assistance import Assistance, open_assistance
from app.clinic import build_clinic
from app.services import SystemClock
from app.settings import Settings, read_settings
from benchmarks.contenders import ROOT, ours
from benchmarks.load import Plan
from benchmarks.patient import rehearse
from benchmarks.report import CPU, P50, P99
from benchmarks.rounds import Rounds
from benchmarks.serving import measure, serving
from dialogue.case import reader_of
from llm.assessor import Assessor, Budget
from llm.breaker import Breaker
from llm.port import ChatModel, Completion, Message, Schema
from policies.case import Case
from storage.connection import connect
from storage.embedded import embedded_valkey
from training.cases import synthetic_cases
from training.clinic import training_clinic

AIM_ADDED, AIM_P99 = 0.05, 100.0
CLIENTS, ROUNDS = 4, 3
NOTE: Sequence[Message] = (Message(role="user", content="Write a long list of everything that a clinic has in it."),)
ENDLESS: Schema = {"type": "array", "items": {"type": "string"}, "minItems": 60}


class Timed:
    """A model that notes how many seconds its answers took."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self.seconds = 0.0

    @property
    def name(self) -> str:
        return self._model.name

    async def complete(self, messages: Sequence[Message], schema: Schema, max_tokens: int, seed: int) -> Completion:
        before = time.perf_counter()
        try:
            return await self._model.complete(messages, schema, max_tokens, seed)
        finally:
            self.seconds += time.perf_counter() - before


async def main(cases: int, conversations: int) -> None:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="previsit-bench-")))
        data = folder / "data"
        data.mkdir()
        if (at_hand := ROOT / ".assets").is_dir():
            (data / "assets").symlink_to(at_hand)
        settings = read_settings({"PREVISIT_DATA_DIR": str(data)})
        assistance = await stack.enter_async_context(open_assistance(settings, print, training_clinic()))
        await assistance.filling
        if assistance.model is None or not (assistance.server and await assistance.server.wait_ready()):
            raise SystemExit("The local model did not start; `previsit doctor` says what is missing.")
        print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}.")
        model = Timed(assistance.model.model)
        await assess(model, assistance, [each.case for each in islice(synthetic_cases(3, training_clinic()), cases)])
        await chat(settings, folder, model, conversations)


async def assess(model: Timed, assistance: Assistance, cases: Sequence[Case]) -> None:
    assessor = Assessor(
        model, assistance.guidelines, Breaker(time.monotonic), Budget(seconds=600.0), read=reader_of(training_clinic())
    )
    added: list[float] = []
    answers: list[float] = []
    for case in cases:
        model.seconds, before = 0.0, time.perf_counter()
        await assessor.assess(case)
        added.append(time.perf_counter() - before - model.seconds)
        answers.append(model.seconds)
    share = sum(added) / sum(answers)
    print(f"\n{len(cases)} assessments: the model answers in {statistics.median(answers):.1f} s at the median,")
    print(
        f"  the assessor adds {statistics.median(added) * 1e3:.0f} ms, at most {max(added) * 1e3:.0f} ms: "
        f"{share:.1%} of the model's time (aim {AIM_ADDED:.0%}, {reached(share <= AIM_ADDED)})"
    )


async def chat(settings: Settings, folder: Path, model: ChatModel, conversations: int) -> None:
    turns = await rehearse(build_clinic(settings), SystemClock(), "en")
    async with embedded_valkey(folder / "store") as url:
        product, redis = ours(url, folder), await connect(url)
        plan = Plan(
            port=product.port,
            turns=tuple(turn.message for turn in turns),
            conversations=conversations,
            clients=CLIENTS,
        )
        idle, busy = Rounds(), Rounds()
        async with serving(product) as server:
            for _ in range(ROUNDS):
                idle.all.append(await measure(server, plan, redis))
                async with writing(model):
                    busy.all.append(await measure(server, plan, redis))
        await redis.aclose()
    print(f"\nChats of {len(turns)} turns, {CLIENTS} patients at once      p50 ms  p99 ms   CPU a turn")
    for name, row in (("the model is idle", idle), ("the model writes without a pause", busy)):
        print(f"  {name:42}{row.median(P50):7.2f} {row.median(P99):7.2f} {row.median(CPU):9.0f} us")
    print(
        f"  p99 {busy.times(idle, P99):.1f} times as long; with the model busy {busy.median(P99):.0f} ms "
        f"(aim {AIM_P99:.0f} ms, {reached(busy.median(P99) <= AIM_P99)})"
    )


@asynccontextmanager
async def writing(model: ChatModel) -> AsyncIterator[None]:
    """Meanwhile the model writes one long answer after the other."""

    async def write() -> None:
        while True:
            await model.complete(NOTE, ENDLESS, 400, 1)

    busy = asyncio.create_task(write())
    try:
        yield
    finally:
        busy.cancel()
        await asyncio.wait([busy])


def reached(yes: bool) -> str:
    return "reached" if yes else "not reached"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=8)
    parser.add_argument("--conversations", type=int, default=64)
    options = parser.parse_args()
    asyncio.run(main(options.cases, options.conversations))
