"""Finds guideline files in folders and at addresses, with the YAML files that describe them. Knows no format.

`knee.pdf.yaml` beside `knee.pdf` holds the fields that the leaflet lacks; `guidelines.yaml` holds fields for every file
in its folder and below. Hidden files and folders are skipped.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from knowledge.documents import NOTHING
from knowledge.errors import DocumentError, NothingToIngest
from knowledge.fetching import NotFetched, fetch
from knowledge.formats import LARGEST_BYTES, READERS
from knowledge.front_matter import mapping
from knowledge.reading import Source, not_read
from knowledge.slugs import slug

FOLDER_WIDE = "guidelines.yaml"


class Skipped(NamedTuple):
    """A file that was left out; `document` is the id it would have had, empty if it is no guideline at all."""

    file: str
    reason: str
    document: str = ""


def files(paths: Sequence[Path], told: Mapping[str, Any] = NOTHING) -> Iterator[Source | Skipped]:
    """The files of the paths in a stable order, each once. Raises NothingToIngest for a path that does not exist."""
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise NothingToIngest(f"{path} does not exist.")
        found = [file for file in _below(path) if file.resolve() not in seen]
        seen |= {file.resolve() for file in found}
        if path.is_dir() and not found:
            yield Skipped(str(path), "is a folder without a file that could be a guideline")
        for file in found:
            yield _source(file, path, told)


def _below(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = [file for file in sorted(path.rglob("*")) if file.is_file()]
    shown = [file for file in found if not any(part.startswith(".") for part in file.relative_to(path).parts)]
    return [file for file in shown if not _is_sidecar(file)]


def _is_sidecar(file: Path) -> bool:
    return file.name == FOLDER_WIDE or (file.suffix == ".yaml" and file.with_suffix("").is_file())


def _source(file: Path, path: Path, told: Mapping[str, Any]) -> Source | Skipped:
    suffix, name = file.suffix.lower(), slug(file.stem)
    if suffix not in READERS:
        return Skipped(str(file), not_read(suffix))
    try:
        beside = _beside(file, path if path.is_dir() else path.parent)
        if file.stat().st_size > LARGEST_BYTES:
            raise DocumentError(str(file), 0, f"is larger than {LARGEST_BYTES // 1_000_000} MB; split it")
        content = file.read_bytes()
    except DocumentError as error:
        return Skipped(str(file), str(error), name)
    except OSError as error:
        return Skipped(str(file), f"{file}: cannot be read: {error.strerror}", name)
    return Source(str(file), name, str(file.resolve().parent), suffix, content, beside, told)


def _beside(file: Path, top: Path) -> dict[str, Any]:
    """The fields in the YAML files; those nearest to the file have precedence."""
    folders = [folder for folder in reversed(file.parents) if folder.is_relative_to(top)]
    said: dict[str, Any] = {}
    for path in [*(folder / FOLDER_WIDE for folder in folders), file.with_name(f"{file.name}.yaml")]:
        if path.is_file():
            said |= mapping(path.read_text("utf-8", errors="replace"), str(path))
    return said


async def pages(
    urls: Sequence[str], told: Mapping[str, Any], today: str, *, private: bool = False
) -> list[Source | Skipped]:
    """The files at the addresses. A fetched page is its own source, so its review date is `today`."""
    return [await _page(url, told, today, private) for url in urls]


async def _page(url: str, told: Mapping[str, Any], today: str, private: bool) -> Source | Skipped:
    try:
        fetched = await fetch(url, private=private)
    except NotFetched as error:
        return Skipped(url, f"{url}: {error}", name_of(url))
    suffix = fetched.suffix or Path(urlsplit(url).path).suffix.lower()
    if suffix not in READERS:
        return Skipped(url, f"{url}: {not_read(suffix)}", name_of(url))
    beside = {"source": (urlsplit(url).hostname or "") + urlsplit(url).path, "url": url, "review_date": today}
    return Source(url, name_of(url), url, suffix, fetched.content, beside, told)


def name_of(url: str) -> str:
    """`https://www.example.org/conditions/knee.html` → `example-org-conditions-knee`"""
    parts = urlsplit(url)
    path = parts.path.removesuffix(Path(parts.path).suffix)
    return slug(f"{(parts.hostname or '').removeprefix('www.')} {path} {parts.query}")


def is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))
