"""Ready-made replies for staff: data, by language. Knows nothing about who sends them, or when."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import Field

from policies.findings import Content

FOLDER = Path(__file__).with_name("replies")


class Reply(Content):
    id: str
    label: str
    text: str = Field(max_length=700)


class _File(Content):
    language: str
    reviewer: str
    replies: tuple[Reply, ...]


class Replies:
    """All languages that there are; `values` fill the places in the texts (`clinic`, `emergency_number`)."""

    def __init__(self, values: Mapping[str, str], folder: Path = FOLDER) -> None:
        files = [_File.model_validate(yaml.safe_load(path.read_text("utf-8"))) for path in folder.glob("*.yaml")]
        self._by_language = {file.language: tuple(_filled(reply, values) for reply in file.replies) for file in files}

    def of(self, language: str) -> tuple[Reply, ...]:
        """Those of the patient's own language; none where nobody has written any."""
        return self._by_language.get(language, ())


def _filled(reply: Reply, values: Mapping[str, str]) -> Reply:
    return reply.model_copy(update={"text": reply.text.format_map(values)})
