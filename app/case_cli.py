"""`previsit case`: a closed case for the clinic's own records. Works beside a running server only on a shared store."""

import asyncio
import json
from typing import Any

import typer

from app.exits import clinic_or_exit, fail, settings_or_exit, until_stopped
from app.find_case import case_or_exit, require_data
from app.options import CaseName, DataDir
from app.services import SystemClock
from app.settings import Settings
from app.storage import open_storage
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
    case: CaseName,
    data_dir: DataDir = None,
) -> None:
    """Print a closed case as a FHIR R4 transaction. It holds a patient's words; that it left is on the audit trail."""
    settings = settings_or_exit(data_dir=data_dir)
    require_data(settings)
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
    async with open_storage(settings, clock) as storage:
        conversation = await case_or_exit(storage, case)
        try:
            bundle = bundle_of(conversation, clinic)
        except NotForHandOff as error:
            fail(f"Case {conversation.code} is not exported: {error}.")
        await storage.audit.record(
            clock.now(), "command line", "export", conversation.code, f"version:{conversation.version}"
        )
        return bundle
