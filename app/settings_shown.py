"""Settings as `previsit doctor` shows them: every one of them, and no secret."""

import re
from collections.abc import Mapping

from pydantic import SecretStr

from app.settings import Settings

MASK = "••••"


def masked(settings: Settings) -> dict[str, str]:
    """Each setting's name and its value as text; a secret is shown as dots."""
    return {name: _masked(getattr(settings, name)) for name in Settings.model_fields}


def _masked(value: object) -> str:
    """The value as it is shown. An address may hold a secret, too: before its host, or after its question mark."""
    if isinstance(value, SecretStr):
        return MASK if value.get_secret_value() else ""
    return re.sub(r"(?<=\?).+", MASK, re.sub(r"(?<=://)[^/@]*(?=@)", MASK, _as_text(value)))


def _as_text(value: object) -> str:
    """As it would be written in the environment."""
    if isinstance(value, Mapping):
        value = tuple((level.name, f"{minutes:g}") for level, minutes in value.items())
    if isinstance(value, tuple):
        return ", ".join(part if isinstance(part, str) else "=".join(part) for part in value)
    return "" if value is None else str(value)
