"""The words of the chat page and of its errors, by language. Knows nothing about the conversation's own wording."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent / "strings"


class WebCatalogue(BaseModel):
    """The texts of one language: `page` those of the chat page, `problems` what a patient is told, by problem code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    name: str
    direction: Literal["ltr", "rtl"]
    page: Mapping[str, str]
    problems: Mapping[str, str]


def load_catalogues(languages: Iterable[str], folder: Path = FOLDER) -> dict[str, WebCatalogue]:
    """The catalogues of these languages, in this order."""
    return {language: _read(folder / f"{language}.json") for language in languages}


def written(folder: Path = FOLDER) -> list[str]:
    """The languages that the page has texts for."""
    return sorted(path.stem for path in folder.glob("*.json"))


def _read(path: Path) -> WebCatalogue:
    return WebCatalogue.model_validate_json(path.read_text(encoding="utf-8"))
