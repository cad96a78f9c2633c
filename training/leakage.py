"""Finds training text that repeats what a model will be judged on. Knows nothing about what the texts mean."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

N = 8
"""Words in a row that two texts do not share by chance."""


def runs(text: str, length: int = N) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def forbidden(files: Iterable[Path]) -> set[tuple[str, ...]]:
    """Every run of words in these files: in JSON lines those of all strings, in other files of the text."""
    return {run for path in files for text in _texts(path) for run in runs(text)}


def leaks(text: str, taboo: set[tuple[str, ...]]) -> bool:
    return not runs(text).isdisjoint(taboo)


def _texts(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8", "replace").splitlines():
        try:
            yield from _strings(json.loads(line))
        except ValueError:
            yield line


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
