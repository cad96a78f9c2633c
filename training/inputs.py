"""Checks the inputs and outputs of a step before anything is loaded, so that a mistake is reported at once."""

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.exits import Refused


def json_lines(path: Path) -> Iterator[tuple[str, Any]]:
    """Each line's place, for messages about it, and its content."""
    empty = True
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            place, empty = f"{path}, line {number}", False
            try:
                yield place, json.loads(line)
            except ValueError as error:
                raise Refused(f"{place} is no JSON: {error}") from None
    if empty:
        raise Refused(f"{path} is empty.")


def conversations(path: Path) -> Iterator[tuple[list[dict[str, str]], str]]:
    """The prompt and the wanted answer of each example."""
    for place, one in json_lines(path):
        if not isinstance(one, dict) or not isinstance(one.get("answer"), str) or not one.get("messages"):
            raise Refused(f"{place} has no 'messages' and 'answer', as `previsit train data` writes them.")
        yield one["messages"], one["answer"]


def model_named(told: str) -> str:
    """A model's folder, or its name on a hub, which has at most one slash."""
    folder = Path(told)
    if folder.is_dir():
        if not (folder / "config.json").exists():
            raise Refused(f"{folder} holds no model: there is no config.json in it.")
    elif told.startswith((".", "/", "~")) or told.count("/") > 1:
        raise Refused(f"There is no folder {folder}. `previsit train base` and `previsit train merge` make such ones.")
    return told


def at_least_one(told: str) -> int:
    """A number of things to do, as a command's option."""
    if not told.isdecimal() or not int(told):
        raise argparse.ArgumentTypeError(f"{told!r} is no whole number from 1 on")
    return int(told)


def gguf_at(path: Path) -> Path:
    with file_at(path).open("rb") as file:
        if file.read(4) != b"GGUF":
            raise Refused(f"{path} is no GGUF file.")
    return path


def file_at(path: Path) -> Path:
    if not path.is_file():
        raise Refused(f"There is no file {path}.")
    return path


def folder_for(out: Path) -> Path:
    """The output folder, created if needed. Raises Refused if it cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{out} cannot be made: {error.strerror}.") from None
    if not os.access(out, os.W_OK):
        raise Refused(f"{out} cannot be written to.")
    return out
