"""Folders that are written once, sealed, and swapped in one step. Knows nothing about their content.

    <folder>/current      the name of the generation that readers use
    <folder>/lock         held by the one that is writing the next generation; others wait for it a while
    <folder>/<name>/      a generation, with seal.json: the SHA-256 of each of its files

Readers in any number of processes use the old generation until they look at `current` again, and a writer that is
killed leaves the old one in place. A generation that was damaged on disk is refused.
"""

import fcntl
import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from knowledge.errors import KnowledgeBusy, KnowledgeUnavailable

SEAL = "seal.json"

PATIENCE_S = 15.0
"""Longer than a generation takes to write, unless it is very large."""

LOOK_S = 0.05


class Generations:
    """The generations in one folder. `waits` is called before waiting for another writer."""

    def __init__(self, folder: Path, patience_s: float = PATIENCE_S, waits: Callable[[], None] = lambda: None) -> None:
        self.folder = folder
        self._patience_s = patience_s
        self._waits = waits

    def current(self) -> Path | None:
        """The generation in use; None when there is none (yet, or any more)."""
        try:
            name = (self.folder / "current").read_text("utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise KnowledgeUnavailable(f"{self.folder / 'current'} cannot be read.") from error
        generation = self.folder / name
        return generation if name and (generation / SEAL).is_file() else None

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """A new empty generation to fill. It is in use once the block ends, and removed if the block raises."""
        with self._lock():
            generation = self.folder / uuid.uuid4().hex
            generation.mkdir()
            try:
                yield generation
                seal(generation)
                self._use(generation)
            except BaseException:
                shutil.rmtree(generation, ignore_errors=True)
                raise

    @contextmanager
    def _lock(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = (self.folder / "lock").open("w")
        except OSError as error:
            raise KnowledgeUnavailable(f"{self.folder} cannot be written: {error.strerror}.") from error
        with file:
            if not _taken(file):
                self._waits()
                self._wait_for(file)
            yield

    def _wait_for(self, file: IO[str]) -> None:
        end = time.monotonic() + self._patience_s
        while not _taken(file):
            if time.monotonic() >= end:
                raise KnowledgeBusy(
                    f"Another previsit is changing the guidelines in {self.folder}. Try again when it is done."
                )
            time.sleep(LOOK_S)

    def _use(self, generation: Path) -> None:
        pointer = self.folder / f"{generation.name}.next"
        pointer.write_text(generation.name + "\n", "utf-8")
        os.replace(pointer, self.folder / "current")
        for other in self.folder.iterdir():
            if other.is_dir() and other != generation:
                shutil.rmtree(other, ignore_errors=True)


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def seal(generation: Path) -> None:
    (generation / SEAL).write_text(json.dumps(_hashes(generation)), "utf-8")


def verify(generation: Path) -> None:
    """Raises KnowledgeUnavailable unless every file is there as it was sealed."""
    try:
        whole = json.loads((generation / SEAL).read_text("utf-8")) == _hashes(generation)
    except (OSError, ValueError):
        whole = False
    if not whole:
        raise KnowledgeUnavailable(
            f"The guideline index in {generation.parent} is damaged. Remove that folder, start previsit again, "
            "and ingest the clinic's own guidelines once more."
        )


def _hashes(generation: Path) -> dict[str, str]:
    return {
        str(path.relative_to(generation)): _sha256(path)
        for path in sorted(generation.rglob("*"))
        if path.is_file() and path.name != SEAL
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
