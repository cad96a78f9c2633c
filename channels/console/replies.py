"""Ready-made replies for staff, by language: those that ship with previsit and the clinic's own."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from policies.findings import Content
from policies.problems import ContentError, Problem

FOLDER = Path(__file__).with_name("replies")
LONGEST_LABEL, MOST = 80, 700
SOMEBODY = "your son"
"""Stands for any patient where replies are checked and shown."""


class Reply(Content):
    """`label` is what the button says; `text` may hold `{clinic}` and `{emergency_number}`.

    `to_writer` is said instead to somebody who writes for the patient; in it `{you}` is what the patient is called to
    them ("your son"). Where it is empty, `text` is for both.
    """

    id: str
    label: str = Field(min_length=1, max_length=LONGEST_LABEL)
    text: str = Field(min_length=1, max_length=MOST)
    to_writer: str = Field(default="", max_length=MOST)


class Own(Content):
    """A clinic's own replies, which are added to the shipped ones or replace those with the same id; `without` are ids
    of shipped replies that the clinic does not want."""

    replies: tuple[Reply, ...] = Field(default=(), max_length=100)
    without: tuple[str, ...] = ()


class _File(Own):
    """The replies of one language."""

    language: str
    reviewer: str = ""


class WrongPlace(ValueError):
    """A reply has a placeholder that nothing fills; the message names the known ones."""


class Replies:
    """The replies of all languages; `values` fill the placeholders in the texts (`clinic`, `emergency_number`).

    The folder `own` may hold the clinic's files in the same format: a reply with the id of a shipped one replaces it,
    others come first. Raises ContentError, which names the file.
    """

    def __init__(self, values: Mapping[str, str], own: Path | None = None, folder: Path = FOLDER) -> None:
        self._values = values
        self._by_language: dict[str, tuple[Reply, ...]] = {}
        for path in (*sorted(folder.glob("*.yaml")), *(sorted(own.glob("*.yaml")) if own else ())):
            file = _read(path)
            try:
                self._by_language[file.language] = joined(self.written(file.language), file)
                self.checked(file.language)
            except WrongPlace as wrong:
                raise ContentError([Problem(str(path), 0, 0, str(wrong))]) from None

    def written(self, language: str) -> tuple[Reply, ...]:
        """The replies of a language with their placeholders unfilled; none where nobody has written any."""
        return self._by_language.get(language, ())

    def of(self, language: str, own: Own | None = None, called: str = "") -> tuple[Reply, ...]:
        """The replies of the patient's language as they are sent; those written in the console come first. `called` is
        what the patient is called to somebody who writes for them."""
        return tuple(self.filled(reply, called) for reply in joined(self.written(language), own or Own()))

    def checked(self, language: str, own: Own | None = None) -> None:
        """Raises WrongPlace if a reply of the language cannot be filled in."""
        for called in ("", SOMEBODY):
            self.of(language, own, called)

    def filled(self, reply: Reply, called: str = "") -> Reply:
        for_writer = bool(called and reply.to_writer)
        values = {**self._values, "you": called} if for_writer else self._values
        try:
            return reply.model_copy(update={"text": (reply.to_writer if for_writer else reply.text).format_map(values)})
        except (KeyError, ValueError, IndexError, AttributeError):
            places = ", ".join(f"{{{name}}}" for name in values)
            raise WrongPlace(f"reply {reply.id!r} has a place that nothing fills; there is: {places}") from None


def joined(ours: tuple[Reply, ...], own: Own) -> tuple[Reply, ...]:
    named, known = {reply.id: reply for reply in own.replies}, {reply.id for reply in ours}
    new = (reply for reply in own.replies if reply.id not in known)
    return (*new, *(named.get(reply.id, reply) for reply in ours if reply.id not in own.without))


def _read(path: Path) -> _File:
    try:
        return _File.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise ContentError([Problem(str(path), 0, 0, f"cannot be used as replies: {error}")]) from None
