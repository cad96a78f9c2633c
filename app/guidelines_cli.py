"""`previsit guidelines`: a clinic's own guidelines, put in, approved, tried out and retired."""

import asyncio
import datetime
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Annotated, Any, TypeVar

import typer
import yaml

from app import guidelines_shown as shown
from app.assistance import encoder_of, guidelines_of, searched
from app.exits import EXPECTED, fail, settings_or_exit
from app.settings import Settings
from app.storage import ensure_writable, open_audit
from channels.audit_details import code
from knowledge.approval import State, decided
from knowledge.embedding import Encoder, HashingEncoder
from knowledge.errors import KnowledgeError
from knowledge.formats import KINDS
from knowledge.front_matter import FrontMatter
from knowledge.index import GuidelineIndex, scopes, to_decide
from knowledge.ingest import Summary, ingest
from knowledge.starter import ensure_starter
from policies.demographics import Demographics
from policies.loading import load_ruleset
from storage.sealing import load_or_create_master_key

T = TypeVar("T")

NOTHING = "Nothing in the guidelines answers that well enough."
WORDS_ONLY = "The sentence encoder is not here: guidelines are found by their words alone."
STARTER_FIRST = "The starter guidelines go in first; --only leaves them out."
WAITING = "They are used once a doctor approves them: in the console, or with `previsit guidelines approve`."

Name = Annotated[list[str], typer.Argument(metavar="DOCUMENT…", help="Names as `previsit guidelines list` shows them.")]
By = Annotated[str, typer.Option(help="The clinician who decides it; it stands in the audit trail.")]


guidelines_app = typer.Typer(
    help="The clinic's guidelines: put them in, approve them, try them out.", no_args_is_help=True
)


@guidelines_app.command("ingest")
def ingest_command(
    given: Annotated[list[str], typer.Argument(metavar="PATH|URL…", help=f"Files, folders or addresses: {KINDS}.")],
    only: Annotated[
        bool, typer.Option("--only", help="Drop every other document, the starter guidelines too.")
    ] = False,
    told: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Say of all of them, e.g. protocols=[sore_throat]."),
    ] = None,
    private: Annotated[bool, typer.Option("--private", help="Allow addresses of your own network.")] = False,
) -> None:
    """Put guidelines in, to be approved. Unchanged ones are skipped; what has gone from a folder is dropped."""
    fields = _fields(told or [])
    summary = _run(_index(settings_or_exit()), lambda index: _ingest(index, given, only, fields, private))
    typer.echo(shown.summary(summary))
    if summary.waiting:
        _say(WAITING)
    raise typer.Exit(1 if summary.broken else 0)


@guidelines_app.command("list")
def list_command(
    state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None,
) -> None:
    """Every document with its state, when it must be reviewed, and who approved it."""
    held = _run(_index(settings_or_exit()), lambda index: index.documents())
    today = datetime.date.today()
    for each in held:
        if state in (None, each.approval.state):
            typer.echo(shown.document(each, today))


@guidelines_app.command("approve")
def approve_command(documents: Name, by: By) -> None:
    """Take documents into use; a new version takes the place of the old one."""
    _decide(settings_or_exit(), documents, State.APPROVED, by)


@guidelines_app.command("retire")
def retire_command(documents: Name, by: By) -> None:
    """Take documents out of use. They are kept, and can be approved again."""
    _decide(settings_or_exit(), documents, State.RETIRED, by)


@guidelines_app.command("reindex")
def reindex_command() -> None:
    """Make all vectors anew with the encoder of today; searches go on with the old ones meanwhile."""
    count = _run(_index(settings_or_exit()), lambda index: index.reindex(_progress))
    typer.echo(f"Passages indexed anew: {count}.")


@guidelines_app.command("search")
def search_command(
    query: Annotated[str, typer.Argument(help="What to look for, best in a clinician's words.")],
    protocol: Annotated[
        list[str] | None, typer.Option(help="Look here first, e.g. sore_throat; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=20, help="How many passages at most.")] = 4,
    age: Annotated[float | None, typer.Option(min=0, max=120, help="The patient's age in years.")] = None,
    pregnant: Annotated[bool | None, typer.Option(help="Whether the patient is pregnant.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show every candidate, in or out.")] = False,
) -> None:
    """Show the passages that an assessment would get, with their scores (0 to 1)."""
    protocols, patient = _known(protocol or []), Demographics(age, pregnant)
    settings = settings_or_exit()
    encoder = _encoder(settings)
    index = guidelines_of(settings, encoder)
    if explain:
        scope = scopes(protocols, patient)[0]
        typer.echo(shown.explained(_run(index, lambda each: each.explain(query, scope)), encoder.floor))
        return
    passages = _run(index, lambda each: searched(settings, each).search(query, protocols, limit, patient))
    typer.echo("\n\n".join(map(shown.passage, passages)) or NOTHING)


def _known(protocols: list[str]) -> list[str]:
    known = load_ruleset().protocols
    if unknown := [name for name in protocols if name not in known]:
        raise typer.BadParameter(f"{', '.join(unknown)} is not one of {', '.join(known)}", param_hint="--protocol")
    return protocols


def _index(settings: Settings) -> GuidelineIndex:
    return guidelines_of(settings, _encoder(settings), _say)


def _encoder(settings: Settings) -> Encoder:
    encoder = encoder_of(settings, _say)
    if isinstance(encoder, HashingEncoder):
        _say(WORDS_ONLY)
    return encoder


def _run(index: GuidelineIndex, work: Callable[[GuidelineIndex], Coroutine[Any, Any, T]]) -> T:
    """The work's result; the index is closed after it."""

    async def whole() -> T:
        try:
            return await work(index)
        finally:
            await index.close()

    try:
        return asyncio.run(whole())
    except EXPECTED as error:
        fail(str(error))


async def _ingest(
    index: GuidelineIndex, given: Sequence[str], only: bool, told: Mapping[str, Any], private: bool
) -> Summary:
    """Puts the guidelines in. The starter guidelines go first into an empty index: a server adds them only to an
    empty one."""
    if not only and not await index.documents():
        _say(STARTER_FIRST)
        await ensure_starter(index, _progress)
    return await ingest(
        index,
        given,
        today=datetime.date.today(),
        protocols=load_ruleset().protocols,
        only=only,
        told=told,
        private=private,
        progress=_progress,
    )


def _fields(told: Sequence[str]) -> dict[str, Any]:
    """`name=value` with the value as YAML has it."""
    fields: dict[str, Any] = {}
    for each in told:
        name, equals, value = each.partition("=")
        if not equals or name not in FrontMatter.model_fields:
            known = ", ".join(FrontMatter.model_fields)
            raise typer.BadParameter(f"{each} is not NAME=VALUE with one of {known}", param_hint="--set")
        try:
            fields[name] = yaml.safe_load(value)
        except (yaml.YAMLError, ValueError):
            fields[name] = value
    return fields


def _decide(settings: Settings, documents: Sequence[str], state: State, by: str) -> None:
    """Decides on all documents, or on none if one is not in the index."""
    try:
        approval = decided(state, by, datetime.date.today())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--by") from None

    async def work(index: GuidelineIndex) -> None:
        ensure_writable(settings.data_dir)
        audit = open_audit(settings, load_or_create_master_key(settings.key_file))
        held = await index.documents()
        if unknown := [name for name in documents if name not in {each.document for each in held}]:
            raise KnowledgeError(f"No document is named {', '.join(unknown)}. See: previsit guidelines list")
        for name in documents:
            each = to_decide(held, name)
            await index.decide(name, each.digest, approval)
            await audit.record(
                datetime.datetime.now(datetime.UTC).timestamp(),
                by.strip(),
                f"guideline_{state}",
                "",
                code(name),
                code(f"text:{each.digest[:12]}"),
            )
            typer.echo(f"{state}  {name}")

    _run(_index(settings), work)


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _progress(done: int, total: int) -> None:
    """On a terminal only: a log needs no counter."""
    if sys.stderr.isatty():
        filled = 30 * done // max(total, 1)
        typer.echo(f"\r[{'#' * filled}{'.' * (30 - filled)}] {done}/{total} passages", err=True, nl=done == total)
