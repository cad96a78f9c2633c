"""`previsit audit verify`: is the trail of who did what as it was written. Works beside a running server."""

from pathlib import Path
from typing import Annotated

import typer

from app.exits import EXPECTED, fail, say, settings_or_exit
from storage.audit import verify as problems_of
from storage.sealing import derive_key, load_or_create_master_key

audit_app = typer.Typer(no_args_is_help=True)


@audit_app.callback()
def _group() -> None:
    """The trail of who did what."""


@audit_app.command()
def verify(data_dir: Annotated[Path | None, typer.Option(help="where everything is kept")] = None) -> None:
    """Check that no line was changed, removed, moved or cut off; 1 and the places if one was."""
    settings = settings_or_exit(data_dir=data_dir)
    path = settings.data_dir / "audit.jsonl"
    if not settings.key_file.exists():
        fail(f"There is no master key at {settings.key_file}, and so no trail that it could prove.")
    try:
        key = derive_key(load_or_create_master_key(settings.key_file), "audit")
        problems = problems_of(path, key)
    except EXPECTED as error:
        fail(str(error))
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}.")
    for problem in problems:
        say(f"{path}:{problem.line}: {problem.what}")
    if problems:
        fail("The trail is not as it was written. Keep this copy, and find out who could write to it.")
    say(f"{path} is as it was written.")
