"""Finds the case that a command names. Works while a server runs only if the store is shared."""

from app.exits import fail
from app.settings import Settings
from app.store import Kept
from dialogue.conversation import Conversation


def require_kept(settings: Settings) -> None:
    """Exits where nothing was ever kept: opening the store would begin an empty one."""
    if not settings.redis_url.get_secret_value() and not settings.key_file.exists():
        fail(f"Nothing is kept in {settings.data_dir} yet. Name the folder with --data-dir or PREVISIT_DATA_DIR.")


async def case_or_exit(kept: Kept, case: str) -> Conversation:
    """By its code or its id, which is not repeated in a message: it may be a patient's."""
    found = await kept.store.directory.named(case) if kept.store.directory else []
    if not found:
        fail("There is no such case. The code stands above it in the console; a case is destroyed in its time.")
    if len(found) > 1:
        fail(f"{len(found)} cases share this code. Name one by its id, the last part of its address in the console.")
    conversation = await kept.store.conversations.load(found[0])
    if conversation is None:
        fail("That case was destroyed a moment ago.")
    return conversation
