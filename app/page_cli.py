"""`previsit page`: tests whether a page would get through. Knows nothing about cases."""

import asyncio
from typing import Annotated

import httpx
import typer

from app.exits import fail, settings_or_exit
from app.paging import tried
from app.settings import Settings
from app.texting import open_telephone
from channels.senders.people import Tickets
from policies.way_trials import WayTrial

NOTHING = (
    "Nothing but the console is set up, so there is nothing to test. Set one more way, for example "
    "PREVISIT_NTFY_URL; docs/operations.md has them all."
)

page_app = typer.Typer(no_args_is_help=True)


@page_app.callback()
def page() -> None:
    """Pages: whether they would get through."""


@page_app.command("test")
def test_command(
    quietly: Annotated[bool, typer.Option("--quietly", help="wake nobody: as the regular test pages do")] = False,
) -> None:
    """Send a test page by every way of the settings and say which arrived; exit 1 if one did not.

    People hear a message that says it is a test; nobody is telephoned. People of the rota are not written to.
    """
    settings = settings_or_exit()
    found = asyncio.run(_try(settings, quietly))
    if not found:
        fail(NOTHING)
    for trial in found:
        typer.echo(f"  {'arrived' if trial.arrived else 'FAILED '}  {trial.way:<15} {trial.reason}".rstrip())
    if not all(trial.arrived for trial in found):
        raise typer.Exit(1)


async def _try(settings: Settings, quietly: bool) -> list[WayTrial]:
    from app.services import SystemClock  # only a running command needs the services
    from app.way_watch import try_ways

    nobody = Tickets(b"", settings.address)
    async with httpx.AsyncClient() as client, open_telephone(settings) as telephone:
        return await try_ways(tried(settings, client, telephone, nobody, SystemClock()), quiet=quietly)
