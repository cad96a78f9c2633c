"""Opens the store that the settings name, embedded or not, and the audit trail, with the clinic's master key."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from app.settings import Settings
from dialogue.ports import Clock
from storage.audit import Audit
from storage.embedded import embedded_valkey
from storage.page_copies import PageCopies
from storage.sealing import derive_key, load_or_create_master_key
from storage.store import Store, open_store


class DataFolderError(Exception):
    """The data folder cannot be written; the message says which and what to do."""


class Storage(NamedTuple):
    """The store, the audit trail, and the keys that sign patients' tokens and the console's notes.

    All keys, the store's and the trail's too, are derived from the one master key.
    """

    store: Store
    audit: Audit
    token_secret: bytes
    console_secret: bytes


@asynccontextmanager
async def open_storage(settings: Settings, clock: Clock) -> AsyncIterator[Storage]:
    """Raises DataFolderError, StoreError, SealingError or StoreUnavailable, each saying what to do."""
    ensure_writable(settings.data_dir)
    key = load_or_create_master_key(settings.key_file)
    async with AsyncExitStack() as stack:
        url = settings.redis_url.get_secret_value()
        if not url:
            url = await stack.enter_async_context(embedded_valkey(settings.data_dir / "store"))
        store = await stack.enter_async_context(
            open_store(
                url,
                key,
                clock,
                claim_after=settings.worker_silence_seconds,
                session_idle_seconds=settings.idle_minutes * 60,
            )
        )
        audit = open_audit(settings, key)
        copies = PageCopies(store.conversations, audit)
        await stack.enter_async_context(copies.noting())
        store = store._replace(conversations=copies)
        yield Storage(store, audit, derive_key(key, "patient tokens"), derive_key(key, "console notes"))


def open_audit(settings: Settings, master_key: bytes) -> Audit:
    return Audit(settings.audit_file, derive_key(master_key, "audit"))


def ensure_writable(folder: Path) -> None:
    """Makes the folder if need be. Raises DataFolderError where nothing can be written in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise DataFolderError(
            f"The data folder {folder} cannot be written: {error.strerror}. "
            "Give it to this user, or name another with --data-dir or PREVISIT_DATA_DIR."
        ) from None
