"""Keeps what the clinical content compiles to, beside Python's own compiled files, so that a start need not repeat it.

Compiling is most of a start. A kept file is named by everything that it is made of, so it is never of another time: the
content, the languages, the code that reads them, and the libraries in the result. A checksum tells one that was spoilt.
Whoever could write there could change the program itself.

Run as: python -m app.compiled [LANGUAGE …]   (makes it ahead of the first start)
"""

import hashlib
import os
import pickle
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import NamedTuple

import pydantic

from app.gc_pause import gc_paused
from dialogue.understanding import Lexicon
from policies.loading import load_ruleset
from policies.ruleset import RuleSet
from policies.translations import WRITTEN_IN

ROOT = Path(__file__).parents[1]
FOLDER = Path(cache_from_source(__file__)).parent
MADE_OF = ("policies", "dialogue")
DIGEST = hashlib.sha256().digest_size


class Compiled(NamedTuple):
    """The rules, and by language what finds their findings in a text."""

    ruleset: RuleSet
    lexicons: Mapping[str, Lexicon]


def compiled(languages: Sequence[str], folder: Path = FOLDER) -> Compiled:
    """From the kept file; else made anew, and kept if `folder` lets us. ContentError if the content is wrong."""
    kind = f"content-{'-'.join(languages)}.{sys.implementation.cache_tag}"
    path = folder / f"{kind}.{_made_of()}.pickle"
    found = _kept(path)
    if found is None:
        rules = load_ruleset(languages=languages)
        found = Compiled(rules, lexicons_of(rules, languages))
        if not sys.dont_write_bytecode:
            with suppress(OSError):  # read-only, or full: the next start is slower, and nothing else
                _keep(path, found, older=f"{kind}.*.pickle")
    return found


def lexicons_of(rules: RuleSet, languages: Sequence[str]) -> dict[str, Lexicon]:
    return {language: Lexicon.build(rules.findings, language, rules.places) for language in languages}


def _made_of() -> str:
    """One name for all that the result depends on."""
    digest = hashlib.sha256(f"{sys.version} pydantic {pydantic.VERSION}".encode())
    for path in _files():
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def _files() -> Iterator[Path]:
    for name in MADE_OF:
        yield from sorted(path for path in (ROOT / name).rglob("*.*") if path.suffix in {".py", ".yaml", ".txt"})


def _kept(path: Path) -> Compiled | None:
    """None if there is none, or it was spoilt."""
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(kept[DIGEST:]).digest() != kept[:DIGEST]:
        return None
    found: Compiled = pickle.loads(kept[DIGEST:])  # noqa: S301 - as trusted as the compiled code beside it
    return found


def _keep(path: Path, made: Compiled, older: str) -> None:
    """Whole or not at all, though several start at once; what was kept of older content goes."""
    path.parent.mkdir(exist_ok=True)
    data = pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_bytes(hashlib.sha256(data).digest() + data)
    partial.replace(path)
    for outdated in path.parent.glob(older):
        if outdated != path:
            outdated.unlink(missing_ok=True)


if __name__ == "__main__":
    with gc_paused():
        compiled(sys.argv[1:] or (WRITTEN_IN,))
