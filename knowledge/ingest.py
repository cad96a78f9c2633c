"""Brings an index in line with folders and pages of guidelines. Knows nothing about engines or settings.

Doing it twice changes nothing: a document that is indexed already, by its hash, is not embedded again. Documents are
put in a hundred passages at a time, so that an interrupted ingest goes on from there.
"""

import asyncio
import datetime
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.approval import PENDING, State
from knowledge.chunking import chunks_of
from knowledge.documents import NOTHING, Document
from knowledge.embedding import Progress
from knowledge.errors import DocumentError, NothingToIngest
from knowledge.finding_files import Skipped, files, is_address, pages
from knowledge.front_matter import GENERAL
from knowledge.index import Entry, GuidelineIndex, Held
from knowledge.reading import Source, read

AT_A_TIME = 100
"""The fewest passages that are put in together: some seconds of embedding, which an interruption loses."""

OF_ALL = 10
"""At least a tenth of the index is put in together, since an engine may write all of it again each time."""


class Loaded(NamedTuple):
    """The documents of the given sources. `folders` were given as a whole: a document gone from one is dropped."""

    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...] = ()
    folders: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()


class Summary(NamedTuple):
    """What an ingest did, by document id, and how many passages the index holds now."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    passages: int
    notes: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def broken(self) -> bool:
        """Whether a guideline could not be read; its earlier version stays in the index."""
        return any(skipped.document for skipped in self.skipped)


async def ingest(
    index: GuidelineIndex,
    given: Sequence[str | Path],
    *,
    today: datetime.date,
    protocols: Collection[str] = (),
    only: bool = False,
    told: Mapping[str, Any] = NOTHING,
    private: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Puts the documents of files, folders and addresses into the index; drops what has gone from the folders.

    `protocols` are the known ids, to find a misspelt one; if there are none, any is accepted. `only` drops every other
    document, the starter guidelines too. `told` overrides what a file says of itself. `private` allows addresses of the
    clinic's own network. Raises NothingToIngest.
    """
    urls = [each for each in given if isinstance(each, str) and is_address(each)]
    paths = [Path(each) for each in given if each not in urls]
    fetched = await pages(urls, told, today.isoformat(), private=private)
    found = chain(files(paths, told), fetched)
    loaded = await asyncio.to_thread(load, found, protocols)
    loaded = loaded._replace(folders=tuple(path.resolve() for path in paths if path.is_dir()))
    if not loaded.entries and not any(each.document for each in loaded.skipped):
        reasons = [f"{each.file}: {each.reason}" for each in loaded.skipped]
        raise NothingToIngest("\n".join([f"No guideline in {', '.join(map(str, given))}.", *reasons]))
    held = await index.documents()
    droppable = [each.document for each in held if only or _inside(each.origin, loaded.folders)]
    return await synchronise(index, loaded, droppable, progress)


async def synchronise(
    index: GuidelineIndex,
    loaded: Loaded,
    droppable: Collection[str],
    progress: Progress | None = None,
    in_parts: bool = True,
) -> Summary:
    """Puts in what is new or changed. Drops documents in `droppable` that were neither read nor found broken."""
    held = _versions(await index.documents())
    names = {entry.document for entry in loaded.entries}
    broken = [skipped.document for skipped in loaded.skipped if skipped.document]
    removed = tuple(dict.fromkeys(name for name in droppable if name not in names and not _is_of(name, broken)))
    changed = [each for entry in loaded.entries if (each := _to_put(entry, held.get(entry.document, ())))]
    at_a_time = max(AT_A_TIME, await index.count() // OF_ALL) if in_parts else sys.maxsize
    await _put(index, changed, removed, at_a_time, progress)
    put = {entry.document for entry in changed}
    after = _versions(await index.documents())
    return Summary(
        added=tuple(sorted(put - held.keys())),
        updated=tuple(sorted(put & held.keys())),
        unchanged=tuple(entry.document for entry in loaded.entries if entry.document not in put),
        removed=removed,
        skipped=loaded.skipped,
        passages=await index.count(),
        notes=loaded.notes,
        waiting=tuple(sorted(name for name in names if _waits(after.get(name, ())))),
    )


def load(sources: Iterable[Source | Skipped], protocols: Collection[str] = ()) -> Loaded:
    """Reads every source; those that cannot be used are in `skipped` with the reason."""
    entries: dict[str, Entry] = {}
    skipped: list[Skipped] = []
    notes: list[str] = []
    for source in sources:
        if isinstance(source, Skipped):
            skipped.append(source)
            continue
        try:
            documents, said = read(source)
            notes += said
            new = {each.id: _entry(each, source, protocols) for each in documents}
            if new.keys() & entries.keys() or len(new) < len(documents):
                raise DocumentError(source.file, 1, "another file has the same name; give each its own")
            entries |= new
        except DocumentError as error:
            skipped.append(Skipped(source.file, str(error), source.name))
    return Loaded(tuple(entries.values()), tuple(skipped), notes=tuple(notes))


def _entry(document: Document, source: Source, protocols: Collection[str]) -> Entry:
    if protocols and (unknown := set(document.protocols) - {*protocols, GENERAL}):
        known = ", ".join(sorted({*protocols, GENERAL}))
        raise DocumentError(source.file, 1, f"protocols: {', '.join(sorted(unknown))} is not one of {known}")
    chunks = chunks_of(document)
    if not chunks:
        raise DocumentError(source.file, 1, "has headings but no text under them")
    return Entry(document.id, source.origin, chunks)


async def _put(
    index: GuidelineIndex, entries: Sequence[Entry], removed: Sequence[str], at_a_time: int, progress: Progress | None
) -> None:
    """Puts the entries in, in parts of at least `at_a_time` passages, then drops what is `removed`."""
    total = sum(len(entry.chunks) for entry in entries)
    done = 0
    for part in _parts(entries, at_a_time):
        await index.update(part, progress=_after(done, total, progress))
        done += sum(len(entry.chunks) for entry in part)
    await index.update((), removed)


def _parts(entries: Sequence[Entry], size: int) -> Iterator[list[Entry]]:
    part: list[Entry] = []
    for entry in entries:
        part.append(entry)
        if sum(len(each.chunks) for each in part) >= size:
            yield part
            part = []
    if part:
        yield part


def _after(done: int, total: int, progress: Progress | None) -> Progress | None:
    return (lambda more, _: progress(done + more, total)) if progress else None


def _versions(held: Sequence[Held]) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    for each in held:
        found.setdefault(each.document, []).append(each)
    return found


def _to_put(entry: Entry, versions: Sequence[Held]) -> Entry | None:
    """The entry to put in; None if it is in the index already. A decision on the same text stays."""
    same = next((each for each in versions if each.digest == entry.digest), None)
    if same is None:
        return entry
    others_wait = any(each.approval.state is State.PENDING for each in versions if each is not same)
    if same.whole and not others_wait:
        return None
    return entry._replace(approval=same.approval if same.whole else PENDING)


def _waits(versions: Sequence[Held]) -> bool:
    return any(each.approval.state is State.PENDING for each in versions)


def _is_of(name: str, broken: Sequence[str]) -> bool:
    """Whether a document may come from a file that could not be read. Several documents of one file have ids that begin
    with the file's."""
    return any(name == each or name.startswith(f"{each}-") for each in broken)


def _inside(origin: str, folders: Sequence[Path]) -> bool:
    return any(Path(origin).is_relative_to(folder) for folder in folders)
