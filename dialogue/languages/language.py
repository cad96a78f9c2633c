"""A whole language file, and its loading. Knows nothing about how its words are used."""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

from pydantic import Field, ValidationError

from dialogue.languages.people import People
from dialogue.languages.sections import (
    Clauses,
    Commands,
    Doubt,
    Negation,
    Part,
    Quantities,
    Replies,
    Shorthand,
    Timing,
    Vocabulary,
)
from policies.marked import read
from policies.problems import ContentError

FOLDER = Path(__file__).parent


class Language(Part):
    """Everything that is a language's own; `slots` are the word classes that lay phrases name as `<limb>`,
    `keyboard` the rows of letters on which it is typed. After `with_is` words an apostrophe and s are "is" or "has".
    `marked` words keep their accents, without which they would be others; `decimals` stand before a fraction. `sounds`
    are spellings that sound as another one does.
    """

    code: str
    fillers: Vocabulary
    spelling: dict[str, str]
    joins: dict[str, str]
    shorthand: tuple[Shorthand, ...] = ()
    abbreviations: Vocabulary = frozenset()
    with_is: Vocabulary = frozenset()
    marked: Vocabulary = frozenset()
    decimals: str = ".,"
    sounds: dict[str, str] = Field(default_factory=dict)
    lookalikes: dict[str, str] = Field(default_factory=dict)
    symbols: dict[str, str] = Field(default_factory=dict)
    numbers: dict[str, float]
    known: Vocabulary = frozenset()
    keyboard: tuple[str, ...] = ()
    slots: dict[str, str] = Field(default_factory=dict)
    clauses: Clauses
    negation: Negation
    doubt: Doubt
    timing: Timing
    people: People
    quantities: Quantities
    replies: Replies
    commands: Commands

    @cached_property
    def joined(self) -> Mapping[tuple[str, str], str]:
        """`can not: cant` as (can, not) → cant."""
        return {(first, second): word for (first, second), word in self.joins_by_pair()}

    def joins_by_pair(self) -> Iterator[tuple[tuple[str, str], str]]:
        for pair, word in self.joins.items():
            first, _, second = pair.partition(" ")
            yield (first, second), word

    @cached_property
    def silent(self) -> frozenset[str]:
        """Words that add nothing to a short answer."""
        between = self.negation.also | self.negation.either
        return self.fillers | self.replies.unsaid | self.replies.courtesy | between | self.people.me

    @cached_property
    def denying(self) -> frozenset[str]:
        """Single words that deny what stands beside them."""
        single = {word for word in (*self.negation.before, *self.negation.next) if word.isalpha()}
        return self.negation.bare_no | single

    @cached_property
    def unit_of(self) -> Mapping[str, str]:
        """Every word for a unit → the unit's name."""
        return {word: unit for unit, words in self.quantities.units.items() for word in words}


@cache
def load_language(code: str, folder: Path = FOLDER) -> Language:
    """The language of this code; ContentError says where its file is wrong, or which languages there are.

    `CODE_known.txt` beside it, if there, lists words that are right as they are, one a line.
    """
    path = folder / f"{code}.yaml"
    document = read(path, path.name)
    data = document.data if isinstance(document.data, dict) else {}
    try:
        return Language.model_validate({**data, "known": known_words(folder / f"{code}_known.txt")})
    except ValidationError as error:
        wrong = error.errors(include_url=False)
        raise ContentError([document.problem(one["loc"], one["msg"]) for one in wrong]) from None


def known_words(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    lines = path.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
