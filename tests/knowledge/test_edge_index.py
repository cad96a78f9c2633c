"""The in-process engine on a folder: shared, damaged, deleted, killed. What it finds is in test_index.py."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from knowledge.edge_index import EdgeIndex
from knowledge.embedding import HashingEncoder, Vectors
from knowledge.errors import KnowledgeBusy, KnowledgeUnavailable
from knowledge.generations import Generations, seal
from tests.knowledge.samples import EAR, KNEE, entry, three

pytestmark = pytest.mark.anyio

PATIENT = "hot swollen knee since Tuesday"

SEARCH = """
import asyncio, sys
from pathlib import Path
from knowledge.edge_index import EdgeIndex
from knowledge.embedding import HashingEncoder, Vectors
index = EdgeIndex(Path(sys.argv[1]), HashingEncoder())
print(asyncio.run(index.search(sys.argv[2], [], 1))[0].id)
"""

KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from knowledge.edge_index import EdgeIndex
from knowledge.embedding import HashingEncoder, Vectors
from tests.knowledge.samples import EAR, entry
index = EdgeIndex(Path(sys.argv[1]), HashingEncoder())
die = lambda done, total: os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(index.update([entry("knee", EAR)], progress=die))
"""


class OtherEncoder(HashingEncoder):
    name = "other"
    size = 512


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "guidelines"


@pytest.fixture
async def filled(folder: Path, words: HashingEncoder) -> EdgeIndex:
    index = EdgeIndex(folder, words)
    await index.update(three())
    return index


async def best(index: EdgeIndex) -> str:
    return (await index.search(PATIENT, ["knee"]))[0].id


def run(code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


async def test_a_missing_index_says_what_to_do_and_creates_nothing(folder: Path, words: HashingEncoder) -> None:
    index = EdgeIndex(folder, words)
    with pytest.raises(KnowledgeUnavailable, match="previsit guidelines ingest") as caught:
        await index.search(PATIENT, [])
    assert PATIENT not in str(caught.value)
    assert await index.count() == 0 and not await index.documents()
    assert not folder.exists()


async def test_an_index_deleted_while_it_is_open_is_missing_until_it_is_filled_again(
    filled: EdgeIndex, folder: Path
) -> None:
    assert await best(filled) == "knee#red-flags"
    shutil.rmtree(folder)
    with pytest.raises(KnowledgeUnavailable):
        await best(filled)
    await filled.update(three())
    assert await best(filled) == "knee#red-flags"


async def test_an_index_survives_its_process(filled: EdgeIndex, folder: Path, words: HashingEncoder) -> None:
    await filled.close()
    assert await best(EdgeIndex(folder, words)) == "knee#red-flags"


async def test_another_process_reads_while_this_one_does(filled: EdgeIndex, folder: Path) -> None:
    assert await best(filled) == "knee#red-flags"
    assert run(SEARCH, str(folder), PATIENT).stdout == "knee#red-flags\n"
    assert await best(filled) == "knee#red-flags"


async def test_a_reader_sees_what_another_wrote(filled: EdgeIndex, folder: Path, words: HashingEncoder) -> None:
    assert await best(filled) == "knee#red-flags"
    await EdgeIndex(folder, words).update([entry("knee", "## New\n\nA hot swollen knee.\n")])
    assert await best(filled) == "knee#new"


async def test_a_second_writer_is_told_to_wait_and_readers_go_on(
    filled: EdgeIndex, folder: Path, words: HashingEncoder
) -> None:
    with suppress(KeyboardInterrupt), Generations(folder).writing():
        with pytest.raises(KnowledgeBusy):
            await EdgeIndex(folder, words, patience_s=0).update([entry("knee", EAR)])
        raise KeyboardInterrupt
    assert await best(filled) == "knee#red-flags"


async def test_who_still_encodes_keeps_nobody_from_writing_and_what_both_wrote_is_there(
    folder: Path, words: HashingEncoder
) -> None:
    encoding, others_wrote = threading.Event(), threading.Event()

    class Slow(HashingEncoder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            encoding.set()
            others_wrote.wait(60)
            return super().encode(texts)

    slow = asyncio.create_task(EdgeIndex(folder, Slow()).update([entry("knee", KNEE)]))
    await asyncio.to_thread(encoding.wait)
    await EdgeIndex(folder, words, patience_s=0).update([entry("ear", EAR, protocols="ear")])
    others_wrote.set()
    await slow
    assert {each.document for each in await EdgeIndex(folder, words).documents()} == {"knee", "ear"}


async def test_a_writer_that_is_killed_half_way_changes_nothing(
    filled: EdgeIndex, folder: Path, words: HashingEncoder
) -> None:
    before = await filled.documents()
    assert run(KILLED, str(folder)).returncode == -signal.SIGKILL
    assert await EdgeIndex(folder, words).documents() == before
    await filled.update([entry("knee", EAR)])
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1


@pytest.mark.parametrize("harm", ["cut", "zeros", "removed", "garbage"])
async def test_a_damaged_index_is_refused_with_what_to_do(
    filled: EdgeIndex, folder: Path, words: HashingEncoder, harm: str
) -> None:
    await filled.close()
    for file in sorted(folder.glob("*/shard/**/*")):
        if file.is_file() and file.stat().st_size:
            sound = file.read_bytes()
            damage(file, harm)
            with pytest.raises(KnowledgeUnavailable, match="Remove that folder"):
                await best(EdgeIndex(folder, words))
            file.write_bytes(sound)
            break
    assert await best(EdgeIndex(folder, words)) == "knee#red-flags"


async def test_an_index_of_another_version_is_refused_with_what_to_do(
    filled: EdgeIndex, folder: Path, words: HashingEncoder
) -> None:
    [layout] = folder.glob("*/layout")
    layout.write_text("1")
    seal(layout.parent)
    with pytest.raises(KnowledgeUnavailable, match=f"Remove the folder {folder}"):
        await best(EdgeIndex(folder, words))


def damage(file: Path, harm: str) -> None:
    if harm == "removed":
        file.unlink()
    elif harm == "cut":
        os.truncate(file, file.stat().st_size // 2)
    else:
        file.write_bytes((b"\0" if harm == "zeros" else b"\xa5") * file.stat().st_size)


async def test_reading_changes_no_file(filled: EdgeIndex, folder: Path, words: HashingEncoder) -> None:
    for _ in range(3):
        reader = EdgeIndex(folder, words)
        assert await best(reader) == "knee#red-flags"
        await reader.close()


async def test_vectors_of_another_encoder_are_never_searched_and_are_made_anew(filled: EdgeIndex, folder: Path) -> None:
    other = EdgeIndex(folder, OtherEncoder())
    with pytest.raises(KnowledgeUnavailable, match="another sentence encoder"):
        await best(other)
    assert len(await other.documents()) == 3
    await other.update(())
    assert await best(other) == "knee#red-flags"
    assert await other.count() == 4
    with pytest.raises(KnowledgeUnavailable, match="another sentence encoder"):
        await best(filled)


async def test_an_update_that_changes_nothing_writes_nothing(filled: EdgeIndex, folder: Path) -> None:
    current = (folder / "current").read_text()
    await filled.update((), drop=["never-held"])
    assert (folder / "current").read_text() == current


async def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, words: HashingEncoder) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(KnowledgeUnavailable):
        await EdgeIndex(file, words).update(three())
    with pytest.raises(KnowledgeUnavailable):
        await EdgeIndex(file, words).search(PATIENT, [])
