"""`previsit staff`: who may sign in to the nurse console. Works beside a running server only on a shared store."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from app.exits import fail, say, settings_or_exit, until_stopped
from app.options import DataDir
from app.services import SystemClock
from app.settings import Settings
from app.storage import open_storage
from dialogue.staff_ports import StaffDirectory
from policies.roles import Role

staff_app = typer.Typer(no_args_is_help=True)

T = TypeVar("T")
Name = Annotated[str, typer.Argument(help="the name the person signs in with and acts under")]


@staff_app.callback()
def _group() -> None:
    """Who may sign in to the nurse console."""


@staff_app.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="what the person may see")] = Role.NURSE,
    data_dir: DataDir = None,
) -> None:
    """Add a person. The password is asked for; left empty, one is made and shown once."""
    settings = settings_or_exit(data_dir=data_dir)
    typed = typer.prompt("Password (empty: make one)", default="", hide_input=True, show_default=False)
    if typed and typed != typer.prompt("The same again", hide_input=True):
        fail("The two passwords differ. Nothing was changed.")
    password = typed or secrets.token_urlsafe(12)
    until_stopped(lambda: asyncio.run(_add(settings, name, role, password)))
    say(f"{name} may sign in as {role}." + ("" if typed else f" Password: {password}   (shown only now)"))


@staff_app.command(name="list")
def list_command(data_dir: DataDir = None) -> None:
    """Who may sign in, as what, and whether with a second factor."""
    settings = settings_or_exit(data_dir=data_dir)
    for account in until_stopped(lambda: asyncio.run(_with(settings, lambda staff: staff.accounts()))):
        say(f"{account.name:30} {account.role:10} second factor {'on' if account.second_factor else 'off'}")


@staff_app.command()
def remove(name: Name, data_dir: DataDir = None) -> None:
    """Nobody signs in under this name any more; open sessions end."""
    settings = settings_or_exit(data_dir=data_dir)
    if not until_stopped(lambda: asyncio.run(_with(settings, lambda staff: staff.remove(name), ends=name))):
        fail(f"Nobody is called {name}. See: previsit staff list")
    say(f"{name} may not sign in any more.")


@staff_app.command()
def reset(name: Name, data_dir: DataDir = None) -> None:
    """A new password, shown once, and no second factor: for whoever lost both."""
    settings = settings_or_exit(data_dir=data_dir)
    password = secrets.token_urlsafe(12)

    async def renewed(staff: StaffDirectory) -> bool:
        return await staff.drop_second_factor(name) and await staff.set_password(name, password)

    if not until_stopped(lambda: asyncio.run(_with(settings, renewed, ends=name))):
        fail(f"Nobody is called {name}. See: previsit staff list")
    say(f"{name} signs in with a new password: {password}   (shown only now)")


async def _with(settings: Settings, do: Callable[[StaffDirectory], Awaitable[T]], *, ends: str = "") -> T:
    """Do it to the directory; the sessions of `ends` are closed after it."""
    async with open_storage(settings, SystemClock()) as storage:
        done = await do(storage.store.staff)
        if ends:
            await storage.store.sessions.close_all(ends)
        return done


async def _add(settings: Settings, name: str, role: str, password: str) -> None:
    async with open_storage(settings, SystemClock()) as storage:
        try:
            await storage.store.staff.add(name, role, password)
        except ValueError as error:
            fail(str(error))
