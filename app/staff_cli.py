"""`previsit staff add`: who may sign in to the nurse console. Works beside a running server only on a shared store."""

import asyncio
import secrets
from pathlib import Path
from typing import Annotated

import typer

from app.exits import fail, say, settings_or_exit, until_stopped
from app.house import SystemClock
from app.settings import Settings
from app.store import open_kept
from policies.roles import Role

staff_app = typer.Typer(no_args_is_help=True)


@staff_app.callback()
def _group() -> None:
    """Who may sign in to the nurse console."""


@staff_app.command()
def add(
    name: Annotated[str, typer.Argument(help="the name the person signs in with and acts under")],
    role: Annotated[Role, typer.Option(help="what the person may see")] = Role.NURSE,
    data_dir: Annotated[Path | None, typer.Option(help="where everything is kept")] = None,
) -> None:
    """Add a person. The password is asked for; left empty, one is made and shown once."""
    settings = settings_or_exit(data_dir=data_dir)
    typed = typer.prompt("Password (empty: make one)", default="", hide_input=True, show_default=False)
    if typed and typed != typer.prompt("The same again", hide_input=True):
        fail("The two passwords differ. Nothing was changed.")
    password = typed or secrets.token_urlsafe(12)
    until_stopped(lambda: asyncio.run(_add(settings, name, role, password)))
    say(f"{name} may sign in as {role}." + ("" if typed else f" Password: {password}   (shown only now)"))


async def _add(settings: Settings, name: str, role: str, password: str) -> None:
    async with open_kept(settings, SystemClock()) as kept:
        try:
            await kept.store.staff.add(name, role, password)
        except ValueError as error:
            fail(str(error))
