"""The words of the chat page and of its errors, by language. Knows nothing about the conversation's own wording."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent / "strings"


class WebCatalogue(BaseModel):
    """One language. `page` are the page's own words, `problems` what a patient is told by problem code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    name: str
    direction: Literal["ltr", "rtl"]
    page: Mapping[str, str]
    problems: Mapping[str, str]


def load_catalogues(folder: Path = FOLDER) -> dict[str, WebCatalogue]:
    """Every `<language>.json` in the folder, by language."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.json")))
    return {each.language: each for each in map(WebCatalogue.model_validate_json, texts)}
