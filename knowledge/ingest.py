"""Brings an index in line with folders of guideline documents. Knows nothing about engines or settings.

Doing it twice changes nothing: a document whose content hash is held already is not embedded again.
"""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from knowledge.chunking import chunks_of
from knowledge.documents import GENERAL, read_document
from knowledge.embedding import Progress
from knowledge.errors import DocumentError, NothingToIngest
from knowledge.index import Entry, GuidelineIndex, Held
from knowledge.slugs import slug

MARKDOWN = {".md", ".markdown"}


class Skipped(NamedTuple):
    """A file that was left out; `document` is the id it would have had, empty for a file of another kind."""

    file: Path
    reason: str
    document: str = ""


class Loaded(NamedTuple):
    """What the given paths hold. `folders` are those given whole: a document gone from one is dropped."""

    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...]
    folders: tuple[Path, ...] = ()


class Summary(NamedTuple):
    """What an ingest did, by document id, and how many passages the index holds now."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    passages: int

    @property
    def broken(self) -> bool:
        """Whether a guideline could not be read; what was held of it before is held still."""
        return any(skipped.document for skipped in self.skipped)


async def ingest(
    index: GuidelineIndex,
    paths: Sequence[Path],
    *,
    protocols: Collection[str] = (),
    only: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Puts the paths' documents into the index and drops what has gone from the folders among them.

    `protocols` are the known ids, to catch a misspelt one; none given, anything goes. `only` drops every other
    document, the starter guidelines too.
    """
    loaded = await asyncio.to_thread(load, paths, protocols)
    held = await index.documents()
    droppable = [name for name, each in held.items() if only or _inside(each.origin, loaded.folders)]
    return await synchronise(index, loaded, droppable, progress)


async def synchronise(
    index: GuidelineIndex, loaded: Loaded, droppable: Collection[str], progress: Progress | None = None
) -> Summary:
    """Puts in what is new or changed; drops what may be dropped and was neither read nor found broken."""
    held = await index.documents()
    spared = {entry.document for entry in loaded.entries} | {skipped.document for skipped in loaded.skipped}
    removed = tuple(name for name in droppable if name not in spared)
    changed = [entry for entry in loaded.entries if _differs(entry, held.get(entry.document))]
    await index.update(changed, removed, progress)
    names = {entry.document for entry in changed}
    return Summary(
        added=tuple(sorted(names - held.keys())),
        updated=tuple(sorted(names & held.keys())),
        unchanged=tuple(entry.document for entry in loaded.entries if entry.document not in names),
        removed=removed,
        skipped=loaded.skipped,
        passages=await index.count(),
    )


def load(paths: Sequence[Path], protocols: Collection[str] = ()) -> Loaded:
    """Reads every Markdown file at the paths; what cannot be used is named with its reason."""
    entries: dict[str, Entry] = {}
    skipped: list[Skipped] = []
    for file in _files(paths):
        if file.suffix.lower() not in MARKDOWN:
            skipped.append(Skipped(file, f"{file.suffix or 'this kind'} is not read; save it as Markdown (.md)"))
            continue
        try:
            entry = _entry(file, protocols)
            if entry.document in entries:
                raise DocumentError(str(file), 1, "another file has the same name; give each its own")
            entries[entry.document] = entry
        except DocumentError as error:
            skipped.append(Skipped(file, str(error), slug(file.stem)))
    if not entries and not any(each.document for each in skipped):
        raise NothingToIngest(f"No guideline (a Markdown file, .md) in {', '.join(map(str, paths))}.")
    return Loaded(tuple(entries.values()), tuple(skipped), tuple(path.resolve() for path in paths if path.is_dir()))


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The paths' files in a stable order, each once; hidden ones are not looked at."""
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise NothingToIngest(f"{path} does not exist.")
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if file.is_file() and not hidden and file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def _entry(file: Path, protocols: Collection[str]) -> Entry:
    document = read_document(file)
    if protocols and (unknown := set(document.protocols) - {*protocols, GENERAL}):
        known = ", ".join(sorted({*protocols, GENERAL}))
        raise DocumentError(str(file), 1, f"protocols: {', '.join(sorted(unknown))} is not one of {known}")
    chunks = chunks_of(document)
    if not chunks:
        raise DocumentError(str(file), 1, "has headings but no text under them")
    return Entry(document.id, str(file.resolve().parent), chunks)


def _inside(origin: str, folders: Sequence[Path]) -> bool:
    return any(Path(origin).is_relative_to(folder) for folder in folders)


def _differs(entry: Entry, held: Held | None) -> bool:
    return held is None or held.digest != entry.digest
