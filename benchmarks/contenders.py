"""The servers that are compared: the floor, ours as `previsit serve` runs it, and LangGraph if it is installed.

Knows how each is started, and nothing about how it is measured.
"""

import json
import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load import ADDRESS

ROOT = Path(__file__).parents[1]
LANGGRAPH_SERVER = ROOT / "benchmarks" / "peers" / "langgraph_server.py"
LANGGRAPH_PACKAGES = ("langgraph", "langgraph_checkpoint_plainredis", "starlette", "uvicorn", "uvloop", "httptools")
HOW_TO_ADD = """\
To print LangGraph beside it, give it an environment of its own and name the folder that holds it:
  python3 -m venv FOLDER/langgraph
  FOLDER/langgraph/bin/pip install langgraph langgraph-checkpoint-plainredis starlette uvicorn uvloop httptools hiredis
  ./scripts/bench --peers FOLDER"""


@dataclass(frozen=True)
class Contender:
    """A server to be compared.

    `key` names the store's keys of one conversation, with `{}` for its id. `part` is about how many times slower it is
    than the others: it plays that many times fewer conversations.
    """

    name: str
    command: Sequence[str]
    port: int
    key: str
    part: int = 1
    ours: bool = False
    environment: dict[str, str] = field(default_factory=dict)


def floor(url: str) -> Contender:
    port = free_port()
    return Contender("floor", [sys.executable, "-m", "benchmarks.floor", url, str(port)], port, "floor:{}")


def ours(url: str, data: Path) -> Contender:
    """The product's server with everything on but the worker, which is another process here, and likeness.

    Likeness costs about 10 ms of the encoder for each typed message, in a thread of its own, which would hide the rest.
    """
    port = free_port()
    given = {"REDIS_URL": url, "DATA_DIR": str(data), "PORT": str(port), "WORKER": "false", "MODEL": "false"}
    given |= {"EMERGENCY_NUMBER": "911", "PARAPHRASES": "false"}
    return Contender(
        "previsit",
        [str(Path(sys.executable).with_name("previsit")), "serve"],
        port,
        "previsit:*:conversation:{}",
        ours=True,
        environment={f"PREVISIT_{name}": value for name, value in given.items()},
    )


def peers(folder: Path | None, url: str, questions: Iterable[str]) -> Iterator[Contender]:
    """LangGraph with its default and with its fastest setting; none if no environment has it."""
    python = environment_with(LANGGRAPH_PACKAGES, folder) if folder else None
    if python is None:
        return
    asked = json.dumps(list(questions))
    for durability in ("async", "exit"):
        port = free_port()
        command = [str(python), "-P", str(LANGGRAPH_SERVER), url, str(port), durability, asked]
        yield Contender(f'LangGraph + Redis, durability="{durability}"', command, port, "lg:*:{}*", part=8)


def environment_with(packages: Sequence[str], folder: Path) -> Path | None:
    """The interpreter of the first virtual environment in the folder that has all these packages."""
    for python in sorted(folder.glob("*/bin/python")):
        installed = python.parents[1].glob("lib/python3*/site-packages")
        if any(all((site / package).is_dir() for package in packages) for site in installed):
            return python
    return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port: int = probe.getsockname()[1]
        return port
