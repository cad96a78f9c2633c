"""`previsit audit`: is the trail of who did what as it was written, and would a case be decided the same again.

`verify` works beside a running server, `replay` only where the store is shared.
"""

import asyncio
from contextlib import AsyncExitStack

import typer

from app.assistance import encoder_of, guidelines_of, searched
from app.exits import EXPECTED, clinic_or_exit, fail, say, settings_or_exit, until_stopped
from app.find_case import case_or_exit, require_data
from app.options import CaseName, DataDir
from app.replaying import Compared, replayed
from app.services import SystemClock
from app.settings import Settings
from app.storage import open_storage
from dialogue.clinic import Clinic
from storage.audit import verify as problems_of
from storage.sealing import derive_key, load_or_create_master_key

audit_app = typer.Typer(no_args_is_help=True)


@audit_app.callback()
def _group() -> None:
    """The trail of who did what."""


@audit_app.command()
def verify(data_dir: DataDir = None) -> None:
    """Check that no line was changed, removed, moved or cut off; 1 and the places if one was."""
    settings = settings_or_exit(data_dir=data_dir)
    path = settings.audit_file
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


@audit_app.command()
def replay(
    case: CaseName,
    data_dir: DataDir = None,
) -> None:
    """Decide a case again from what happened in it, by today's rules, prompt and guidelines; 1 if that differs.

    No model is asked: its draft is reviewed again. Only codes are shown, and that somebody looked is on the trail.
    """
    settings = settings_or_exit(data_dir=data_dir)
    require_data(settings)
    found = until_stopped(lambda: asyncio.run(_replayed(settings, clinic_or_exit(settings), case)))
    for each in found:
        say(f"  {'same ' if each.same else 'OTHER'}  {each.part:<11} {each.says}")
    if not all(each.same for each in found):
        fail("Not everything comes out as it did. Where the rules are others now, look whether that was wanted.")
    say("Everything comes out as it did.")


async def _replayed(settings: Settings, clinic: Clinic, case: str) -> list[Compared]:
    clock = SystemClock()
    async with open_storage(settings, clock) as storage:
        conversation = await case_or_exit(storage, case)
        async with AsyncExitStack() as stack:
            guidelines = guidelines_of(settings, await asyncio.to_thread(encoder_of, settings, say))
            stack.push_async_callback(guidelines.close)
            found = await replayed(conversation, clinic, searched(settings, guidelines))
        result = "same" if all(each.same for each in found) else "other"
        await storage.audit.record(clock.now(), "command line", "replay", conversation.code, f"result:{result}")
        return found
