"""Writes each closed case into a folder that the clinic's own system reads. Implements `HandOffs`.

A file appears whole or not at all, and only this user can read it. Its name is derived from its content, so writing it
again gives the same file.
"""

import asyncio
import json
import os
from pathlib import Path

from channels.fhir.bundle import bundle_of
from channels.fhir.closed_case import NotForHandOff
from channels.fhir.values import Json
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation


class FhirFolder:
    def __init__(self, folder: Path, clinic: Clinic) -> None:
        self._folder = folder
        self._clinic = clinic

    async def hand_off(self, conversation: Conversation) -> None:
        """Raises OSError where the folder cannot be written. A case opened again waits for its next closing."""
        try:
            bundle = bundle_of(conversation, self._clinic)
        except NotForHandOff:
            return
        name = bundle["identifier"]["value"].removeprefix("urn:uuid:")
        await asyncio.to_thread(self._write, f"{conversation.code}-{name}", bundle)

    def _write(self, name: str, bundle: Json) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f".{name}.part"
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(bundle, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._folder / f"{name}.json")
        _sync(self._folder)


def _sync(folder: Path) -> None:
    """Syncs the folder, so that the new file survives a power cut: after this the case may be destroyed here."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
