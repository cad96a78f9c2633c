"""Finds the case that a command names. Works while a server runs only if the store is shared."""

from app.exits import fail
from app.settings import Settings
from app.storage import Storage
from dialogue.conversation import Conversation


def require_data(settings: Settings) -> None:
    """Exits if there is no data yet, since opening the store would create an empty one."""
    if not settings.redis_url.get_secret_value() and not settings.key_file.exists():
        fail(f"Nothing is kept in {settings.data_dir} yet. Name the folder with --data-dir or PREVISIT_DATA_DIR.")


async def case_or_exit(storage: Storage, case: str) -> Conversation:
    """The case with this code or id. Messages do not repeat what was typed, which may be a patient's name."""
    found = await storage.store.directory.named(case) if storage.store.directory else []
    if not found:
        fail("There is no such case. The code stands above it in the console; a case is destroyed in its time.")
    if len(found) > 1:
        fail(f"{len(found)} cases share this code. Name one by its id, the last part of its address in the console.")
    conversation = await storage.store.conversations.load(found[0])
    if conversation is None:
        fail("That case was destroyed a moment ago.")
    return conversation
