"""`previsit guidelines ingest|search`: a clinic's own guidelines, put in and tried out. Knows no engine."""

import asyncio
import sys
import textwrap
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from app.assistance import encoder_of, guidelines_of
from app.settings import Settings
from knowledge.embedding import HashingEncoder
from knowledge.errors import KnowledgeError
from knowledge.index import GuidelineIndex
from knowledge.ingest import Summary, ingest
from knowledge.starter import ensure_starter
from policies.loading import load_ruleset
from policies.passages import Passage

T = TypeVar("T")

EXCERPT = 300
"""Characters of a passage that a search shows."""

NOTHING = "Nothing in the guidelines answers that well enough."
WORDS_ONLY = "The sentence encoder is not here: guidelines are found by their words alone."
STARTER_FIRST = "The starter guidelines go in first; --only leaves them out."


def guidelines_app(read: Callable[[], Settings]) -> typer.Typer:
    """The two commands, on the settings that `read` gives."""
    app = typer.Typer(help="The clinic's guidelines: put them in, try them out.", no_args_is_help=True)

    @app.command("ingest")
    def ingest_command(
        paths: Annotated[list[Path], typer.Argument(help="Markdown files, or folders of them.")],
        only: Annotated[
            bool, typer.Option("--only", help="Drop every other document, the starter guidelines too.")
        ] = False,
    ) -> None:
        """Put guidelines in. Unchanged ones are skipped; those gone from a folder given again are dropped."""
        summary = _run(_index(read()), lambda index: _ingest(index, paths, only))
        _report(summary)
        raise typer.Exit(1 if summary.broken else 0)

    @app.command("search")
    def search_command(
        query: Annotated[str, typer.Argument(help="What to look for, best in a clinician's words.")],
        protocol: Annotated[
            list[str] | None, typer.Option(help="Look here first, e.g. sore_throat; may be repeated.")
        ] = None,
        limit: Annotated[int, typer.Option(min=1, max=20, help="How many passages at most.")] = 4,
    ) -> None:
        """Show the passages that an assessment would get, with their scores (0 to 1)."""
        protocols = _known(protocol or [])
        passages = _run(_index(read()), lambda index: index.search(query, protocols, limit))
        typer.echo("\n\n".join(_shown(passage) for passage in passages) or NOTHING)

    return app


def _known(protocols: list[str]) -> list[str]:
    known = load_ruleset().protocols
    if unknown := [name for name in protocols if name not in known]:
        raise typer.BadParameter(f"{', '.join(unknown)} is not one of {', '.join(known)}", param_hint="--protocol")
    return protocols


def _index(settings: Settings) -> GuidelineIndex:
    encoder = encoder_of(settings, _say)
    if isinstance(encoder, HashingEncoder):
        _say(WORDS_ONLY)
    return guidelines_of(settings, encoder)


def _run(index: GuidelineIndex, work: Callable[[GuidelineIndex], Coroutine[Any, Any, T]]) -> T:
    """The work's result; a failure is said on stderr and ends the command with 1."""

    async def whole() -> T:
        try:
            return await work(index)
        finally:
            await index.close()

    try:
        return asyncio.run(whole())
    except KnowledgeError as error:
        _say(str(error))
        raise typer.Exit(1) from None


async def _ingest(index: GuidelineIndex, paths: Sequence[Path], only: bool) -> Summary:
    """Into an empty index the starter guidelines go first: a server adds them to an empty one only."""
    if not only and not await index.documents():
        _say(STARTER_FIRST)
        await ensure_starter(index, _progress)
    return await ingest(index, paths, protocols=load_ruleset().protocols, only=only, progress=_progress)


def _report(summary: Summary) -> None:
    for name in ("added", "updated", "removed"):
        for document in getattr(summary, name):
            typer.echo(f"{name:8} {document}")
    for skipped in summary.skipped:
        typer.echo(f"{'skipped':8} {skipped.reason if skipped.document else f'{skipped.file}: {skipped.reason}'}")
    counts = {name: len(getattr(summary, name)) for name in ("added", "updated", "unchanged", "removed", "skipped")}
    typer.echo(", ".join(f"{count} {name}" for name, count in counts.items()) + ".")
    typer.echo(f"Passages held: {summary.passages}.")


def _shown(passage: Passage) -> str:
    excerpt = textwrap.shorten(passage.text, EXCERPT, placeholder=" …")
    return (
        f"{passage.score:.2f}  {passage.id}\n      {passage.title} > {passage.heading}\n"
        + textwrap.indent(textwrap.fill(excerpt, 100), "      ")
        + f"\n      {passage.source} (reviewed {passage.review_date})"
    )


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _progress(done: int, total: int) -> None:
    """On a terminal only: a log needs no counter."""
    if sys.stderr.isatty():
        typer.echo(f"\r{done}/{total} passages", err=True, nl=done == total)
