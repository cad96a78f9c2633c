"""`previsit case`: a closed case for the clinic's own records. Works beside a running server only on a shared store."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from app.exits import clinic_or_exit, fail, settings_or_exit, until_stopped
from app.house import SystemClock
from app.settings import Settings
from app.store import Kept, open_kept
from channels.fhir.bundle import bundle_of
from channels.fhir.closed_case import NotForHandOff
from channels.fhir.smart import SigningKey
from dialogue.clinic import Clinic

case_app = typer.Typer(no_args_is_help=True)


@case_app.callback()
def _group() -> None:
    """Closed cases, for the clinic's own records."""


@case_app.command()
def export(
    case: Annotated[str, typer.Argument(metavar="CODE_OR_ID", help="the code that staff see, or the case's id")],
    data_dir: Annotated[Path | None, typer.Option(help="where everything is kept")] = None,
) -> None:
    """Print a closed case as a FHIR R4 transaction. It holds a patient's words; that it left is on the audit trail."""
    settings = settings_or_exit(data_dir=data_dir)
    if not settings.redis_url.get_secret_value() and not settings.key_file.exists():
        fail(f"Nothing is kept in {settings.data_dir} yet. Name the folder with --data-dir or PREVISIT_DATA_DIR.")
    bundle = until_stopped(lambda: asyncio.run(_exported(settings, clinic_or_exit(settings), case)))
    typer.echo(json.dumps(bundle, ensure_ascii=False, indent=2))


@case_app.command()
def key() -> None:
    """Print the public half of the key that signs us in at a FHIR server, for that server's administrator."""
    settings = settings_or_exit()
    path = settings.fhir_key_file
    if path is None:
        fail("No key is set. Set PREVISIT_FHIR_KEY_FILE to a private key: PEM or JWK, RSA or P-384.")
    typer.echo(json.dumps(until_stopped(lambda: SigningKey(path).public()), indent=2))


async def _exported(settings: Settings, clinic: Clinic, case: str) -> dict[str, Any]:
    clock = SystemClock()
    async with open_kept(settings, clock) as kept:
        conversation = await kept.store.conversations.load(await found_case(kept, case))
        if conversation is None:
            fail("That case was destroyed a moment ago.")
        try:
            bundle = bundle_of(conversation, clinic)
        except NotForHandOff as error:
            fail(f"Case {conversation.code} is not exported: {error}.")
        await kept.audit.record(
            clock.now(), "command line", "export", conversation.code, f"version:{conversation.version}"
        )
        return bundle


async def found_case(kept: Kept, case: str) -> str:
    """What was typed is not said back: it may be a patient's id."""
    directory = kept.store.directory
    found = await directory.named(case) if directory else []
    if not found:
        fail("There is no such case. The code stands above it in the console; a case is destroyed in its time.")
    if len(found) > 1:
        fail(f"{len(found)} cases share this code. Name one by its id, the last part of its address in the console.")
    return found[0]
