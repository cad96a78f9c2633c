"""What a turn costs, beside the least that it could cost, and beside the same intake on LangGraph. Figures, no tests.

Run as: python -m benchmarks.turns [--peers FOLDER] [--conversations N] [--rounds N]

The floor is a bare endpoint that does one Redis GET and one SET of 4 KB. Floor, ours and the others are loaded in turn,
against one embedded Valkey that writes each commit to disk before it answers. Each server is one process on a core of
its own; the load and the store share the other cores, if there are any. Each figure is the median of its rounds. "x" is
how many times the floor's figure it is, in the median of rounds that compare neighbours, so that what else the machine
does hardly matters. CPU a turn is the one to trust.
"""

import argparse
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import uvloop
from redis.asyncio import Redis

from app.clinic import build_clinic
from app.services import SystemClock, new_id
from app.settings import read_settings
from benchmarks.contenders import HOW_TO_ADD, Contender, floor, ours, peers
from benchmarks.in_process import of_engine, of_floor, timed
from benchmarks.load import Plan
from benchmarks.patient import Turn, rehearse
from benchmarks.report import print_aims, print_head, print_in_process, print_kept, print_race
from benchmarks.rounds import Entrant, Rounds, kept, race
from benchmarks.serving import off_the_servers_core, serving
from dialogue.clinic import Clinic
from dialogue.conversation import State
from dialogue.engine import Engine
from dialogue.ports import Conversations
from storage.connection import connect
from storage.conversations import ValkeyConversations
from storage.embedded import embedded_valkey
from storage.store import memory_store

LANGUAGE = "en"
USUAL = 16
"""Clients at once, where the aims are set."""
THROUGH = State.ASSESSING, State.NURSE_REVIEW
"""Where a conversation is once the patient has answered everything."""


@dataclass(frozen=True)
class Options:
    """`rotating` chats take their turns round and round: more of them than a server process keeps open."""

    peers: Path | None = None
    conversations: int = 48
    rotating: int = 640
    rounds: int = 7
    flights: tuple[int, ...] = (1, USUAL, 64)
    usual: int = USUAL


@dataclass(frozen=True)
class Script:
    """What the patient sends: by tapping what is offered, or by typing every answer."""

    tapped: tuple[Turn, ...]
    typed: tuple[Turn, ...]


async def main(options: Options) -> None:
    clinic, clock = build_clinic(read_settings({})), SystemClock()
    script = Script(
        await rehearse(clinic, clock, LANGUAGE),
        await rehearse(clinic, clock, LANGUAGE, typing=True),
    )
    async with AsyncExitStack() as stack:
        stack.enter_context(off_the_servers_core())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="previsit-bench-")))
        url = await stack.enter_async_context(embedded_valkey(folder / "store"))
        redis = await connect(url)
        stack.push_async_callback(redis.aclose)
        print_head(await redis.info("server"), len(script.tapped))
        await in_process(redis, clinic, script, options)
        await over_http(redis, url, folder, script, options)
    if options.peers is None:
        print(f"\n{HOW_TO_ADD}")


async def in_process(redis: Redis, clinic: Clinic, script: Script, options: Options) -> None:
    def engine(conversations: Conversations) -> Engine:
        return Engine(conversations, clinic, SystemClock(), new_id, LANGUAGE)

    in_memory = engine(memory_store(SystemClock()).conversations)
    durable = engine(ValkeyConversations(redis, secrets.token_bytes(32)))
    rows = {
        "floor: one GET, one SET of 4 KB": of_floor(redis, len(script.tapped)),
        "previsit, store in memory": of_engine(in_memory, script.tapped),
        "previsit, durable commit": of_engine(durable, script.tapped),
    }
    print_in_process({name: await timed(options.conversations, begin) for name, begin in rows.items()})
    await redis.flushall()


async def over_http(redis: Redis, url: str, folder: Path, script: Script, options: Options) -> None:
    base, product = floor(url), ours(url, folder)
    contenders = [base, product, *peers(options.peers, url, (turn.asked for turn in script.tapped))]
    async with AsyncExitStack() as stack:
        entrants: list[Entrant] = []
        for contender in contenders:
            server = await stack.enter_async_context(serving(contender))
            entrants += [Entrant(name, contender, server, plan) for name, plan in plans(contender, script, options)]
        entrants.sort(key=lambda one: (one.plan.clients, one.contender is not base))
        run = await race(entrants, options.rounds, redis)
        _check(product, entrants, run)
        on_floor, on_ours = (_by_clients(contender, entrants, run) for contender in (base, product))
        print_race(entrants, run, on_floor)
        held = {one.name: await kept(redis, one.key, _sample(one, entrants, run)) for one in contenders}
        print_kept(held)
        usual = options.usual
        print_aims(on_ours[usual], on_floor[usual], held[product.name], usual)
        await redis.config_set("appendonly", "no")
        unsafe = next(entrant for entrant in entrants if entrant.plan.clients == usual)
        print_race(
            [unsafe], await race([unsafe], options.rounds, redis), on_floor, "The floor, nothing written to disk"
        )


def plans(contender: Contender, script: Script, options: Options) -> Iterator[tuple[str, Plan]]:
    """How the contender is loaded, each plan with the name of its row."""
    tapped, typed = (tuple(turn.message for turn in turns) for turns in (script.tapped, script.typed))
    count = max(1, options.conversations // contender.part)
    for clients in options.flights:
        yield (
            contender.name,
            Plan(port=contender.port, turns=tapped, conversations=max(count, clients), clients=clients),
        )
    if contender.ours:
        usual = Plan(port=contender.port, turns=tapped, conversations=count, clients=options.usual)
        rotating = {"rotating": True, "conversations": options.rotating, "seconds": 180.0}
        yield "  every answer typed", usual.model_copy(update={"turns": typed})
        yield f"  {options.rotating} chats, turn by turn", usual.model_copy(update=rotating)


def _by_clients(contender: Contender, entrants: Sequence[Entrant], run: Sequence[Rounds]) -> dict[int, Rounds]:
    rows = zip(entrants, run, strict=True)
    return {entrant.plan.clients: row for entrant, row in rows if entrant.name == contender.name}


def _sample(contender: Contender, entrants: Sequence[Entrant], run: Sequence[Rounds]) -> str:
    """The id of a conversation that it has finished."""
    return next(iter(_by_clients(contender, entrants, run).values())).all[-1].load.sample


def _check(product: Contender, entrants: Sequence[Entrant], run: Sequence[Rounds]) -> None:
    """Raises if the turns did not lead to the end: turns that go nowhere would be cheap."""
    for entrant, row in zip(entrants, run, strict=True):
        if entrant.contender is product and any(one.load.last_state not in THROUGH for one in row.all):
            raise SystemExit(
                f"{entrant.name}: a conversation did not come to its end; these figures would mean nothing."
            )


def read_options() -> Options:
    parser = argparse.ArgumentParser(
        prog="bench", description="What a turn costs, beside the least that it could cost."
    )
    parser.add_argument("--peers", type=Path, metavar="FOLDER", help="where virtual environments with rivals lie")
    parser.add_argument("--conversations", type=int, default=Options.conversations, metavar="N", help="a row and round")
    parser.add_argument("--rounds", type=int, default=Options.rounds, metavar="N", help="of which the medians count")
    given = parser.parse_args()
    return Options(peers=given.peers, conversations=given.conversations, rounds=given.rounds)


if __name__ == "__main__":
    uvloop.run(main(read_options()))
