"""Ready-made replies for staff: data, by language, ours and the clinic's own. Knows nothing about who sends them."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from policies.findings import Content
from policies.problems import ContentError, Problem

FOLDER = Path(__file__).with_name("replies")


class Reply(Content):
    id: str
    label: str = Field(min_length=1, max_length=80)
    text: str = Field(min_length=1, max_length=700)


class _File(Content):
    """Of one language; `without` are ids of ours that this clinic does not want."""

    language: str
    reviewer: str = ""
    replies: tuple[Reply, ...] = ()
    without: tuple[str, ...] = ()


class Replies:
    """All languages that there are; `values` fill the places in the texts (`clinic`, `emergency_number`).

    In the folder `own` a clinic has files of the same form: a reply with an id of ours takes its place, others come
    first. Raises ContentError, which names the file.
    """

    def __init__(self, values: Mapping[str, str], own: Path | None = None, folder: Path = FOLDER) -> None:
        self._by_language: dict[str, tuple[Reply, ...]] = {}
        for path in (*sorted(folder.glob("*.yaml")), *(sorted(own.glob("*.yaml")) if own else ())):
            file = _read(path)
            replies = tuple(_filled(reply, values, path) for reply in file.replies)
            before = self._by_language.get(file.language, ())
            self._by_language[file.language] = _joined(before, replies, set(file.without))

    def of(self, language: str) -> tuple[Reply, ...]:
        """Those of the patient's own language; none where nobody has written any."""
        return self._by_language.get(language, ())


def _read(path: Path) -> _File:
    try:
        return _File.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise ContentError([Problem(str(path), 0, 0, f"cannot be used as replies: {error}")]) from None


def _joined(ours: tuple[Reply, ...], own: tuple[Reply, ...], without: set[str]) -> tuple[Reply, ...]:
    named, known = {reply.id: reply for reply in own}, {reply.id for reply in ours}
    new = (reply for reply in own if reply.id not in known)
    return (*new, *(named.get(reply.id, reply) for reply in ours if reply.id not in without))


def _filled(reply: Reply, values: Mapping[str, str], path: Path) -> Reply:
    try:
        return reply.model_copy(update={"text": reply.text.format_map(values)})
    except (KeyError, ValueError, IndexError, AttributeError):
        places = ", ".join(f"{{{name}}}" for name in values)
        wrong = f"reply {reply.id!r} has a place that nothing fills; there is: {places}"
        raise ContentError([Problem(str(path), 0, 0, wrong)]) from None
