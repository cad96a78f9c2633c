"""The shape of a language file, and its loading. Knows nothing about how its words are used.

Lists called patterns are written in the syntax of `dialogue/understanding/patterns.py`.
"""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError

from policies.findings import Content
from policies.marked import read
from policies.problems import ContentError

FOLDER = Path(__file__).parent

Patterns = tuple[str, ...]


def split(value: object) -> object:
    """Single words may be written as one text with spaces between them."""
    return frozenset(value.split()) if isinstance(value, str) else value


Vocabulary = Annotated[frozenset[str], BeforeValidator(split)]


class Part(Content):
    """One section of a language file."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


class Shorthand(Part):
    """A digit written for a word: after one of these words, or before a number."""

    write: str
    read: str
    after: frozenset[str] = frozenset()
    before_number: bool = False


class Negation(Part):
    """How a language denies. `glue` may stand between a denying word and what it denies without doubt.

    `before` reaches over a list of things, `next` only to what follows at once, `behind` back to what came before
    if one of `behind_ends` or a pause follows. `twice` denies a denial. `none` are the words that look like a cue
    and are not. `bare` is an answer behind a colon or question mark. After `restarts` a list item says something
    of its own, as it does with one of `stating` in it. `listing` open the items of a list of what somebody has not.
    """

    before: Patterns
    next: Patterns
    behind: Patterns
    behind_ends: Vocabulary
    behind_glue: Vocabulary
    twice: Patterns
    none: Patterns
    glue: Vocabulary
    bare_no: Vocabulary
    bare_yes: Vocabulary
    restarts: Vocabulary
    stating: Vocabulary
    either: Vocabulary
    also: Vocabulary
    listing: Vocabulary


class Clauses(Part):
    """`ends` end every scope; `starts` begin a clause of their own; `own` tell that the patient has the thing."""

    ends: Vocabulary
    starts: Vocabulary
    joins: Vocabulary
    own: Vocabulary
    question: Vocabulary
    edges: Vocabulary


class Doubt(Part):
    """`unsure` and `hypothetical` make what follows uncertain; after `topic` it is not about anybody.

    `anybody` are words for a person who may be here, though nobody is named.
    """

    unsure: Patterns
    hypothetical: Patterns
    topic: Patterns
    anybody: Vocabulary


class Timing(Part):
    """`before` is followed by what is past, `around` stands beside it, `recent` says that it is new, `ongoing` that
    it is not past after all, `lasting` says that it has been so for long, `lifelong` for years or always.

    `beside_lifelong` are the small words that may stand between that and what it is said of, `even_now` leads from
    long ago to what is left of it. A sentence that opens with one of `pointing` and of `was` speaks of the one before.
    `words` inside a finding's own pattern say that the finding is about the past. `years` precede a year.
    """

    before: Patterns
    around: Patterns
    recent: Patterns
    ongoing: Patterns
    lasting: Patterns
    lifelong: Patterns
    beside_lifelong: Vocabulary
    even_now: Vocabulary
    pointing: Vocabulary
    was: Vocabulary
    words: Vocabulary
    years: Vocabulary
    onset: Vocabulary
    ago: str
    ages: Vocabulary


class Person(Part):
    """A word for somebody else. An illness of an `elder` one may well be merely family history."""

    who: Literal["child", "adult"]
    sex: Literal["female", "male"] | None = None
    elder: bool = False
    unborn: bool = False


class People(Part):
    """Who is spoken of. `reporting` words after a person tell that they say or do something, not that they are ill.

    `mine` and `determiners` come before a person. `quiet` words after a word for oneself ("i think …") and `upset`
    complaints do not make the writer the patient. `done_to` words in a complaint ("he hits me") tell whom it is done
    to.

    `kin` are the words for one relation; two of different kin are two persons, while a word of no kin ("the boy") may
    be anybody's whom it fits. `another` and `which` words before a person tell two of one kin apart. After `beside`
    words ("by his friend") somebody is only mentioned, and whom the next words speak of is open.
    """

    words: dict[str, Person]
    kin: dict[str, Vocabulary]
    another: Vocabulary
    which: Vocabulary
    beside: Vocabulary
    pronouns: dict[str, Literal["female", "male", "any"]]
    me: Vocabulary
    mine: Vocabulary
    determiners: Vocabulary
    reporting: Vocabulary
    quiet: Vocabulary
    upset: Vocabulary
    done_to: Vocabulary
    about: Vocabulary
    history: Vocabulary
    family: Patterns
    sexes: dict[str, Literal["female", "male"]]
    initials: dict[str, Literal["female", "male"]]
    old: Vocabulary
    lead_age: Vocabulary
    i_am: Vocabulary
    am: Vocabulary

    @cached_property
    def kin_of(self) -> dict[str, str]:
        """The kin by each of its words."""
        return {word: kin for kin, words in self.kin.items() for word in words}

    def called(self, word: str) -> str:
        """The word for a person without the ending of a possessive, which has lost its apostrophe."""
        return word[:-1] if word[:-1] in self.words else word

    @cached_property
    def telling(self) -> frozenset[str]:
        """Without any of these a message speaks of nobody in particular."""
        return self.me | self.words.keys() | self.pronouns.keys() | self.old


class Quantities(Part):
    """Numbers with units. `units` are known to `policies/units.py`; `attached` ones only stick to their number.

    `spans` are words that say how long, in days; `spans_asked` say it only when that was asked.
    Beside `of_pregnancy` words, or in a message with `with_pregnancy` ones, weeks are weeks of a pregnancy; so are
    those that a woman is `at`.
    `readings` are the words beside what a device reads: pressure (systolic, diastolic), pulse, oxygen, glucose.
    """

    units: dict[str, Vocabulary]
    attached: dict[str, str]
    approximate: dict[str, float]
    articles: Vocabulary
    of: Vocabulary
    half: str
    joined_by: Vocabulary
    range_by: Vocabulary
    spans: dict[str, float]
    spans_asked: dict[str, float] = Field(default_factory=dict)
    lead: Vocabulary
    lead_behind: Vocabulary
    not_after: Vocabulary
    not_before: Vocabulary
    not_lasting: Vocabulary
    of_pregnancy: Vocabulary
    at: Vocabulary
    with_pregnancy: Vocabulary = frozenset()
    temperature: Vocabulary
    degrees: Vocabulary
    weather: Vocabulary = frozenset()
    severity: Vocabulary
    out_of: Vocabulary
    not_measure: Vocabulary
    scale: dict[str, float]
    readings: dict[str, Vocabulary] = Field(default_factory=dict)

    @cached_property
    def reading_words(self) -> Mapping[str, str]:
        """Every word beside a reading → what it reads."""
        return {word: kind for kind, words in self.readings.items() for word in words}


class Replies(Part):
    """Short answers. `unsaid` words around them change nothing."""

    yes: Patterns
    no: Patterns
    all: Patterns
    none: Patterns
    both: Vocabulary
    neither: Vocabulary
    excepting: Patterns
    ordinals: dict[str, int]
    unsaid: Vocabulary
    courtesy: Vocabulary


class Commands(Part):
    """What a patient can ask of the conversation, by the value of `Command`. `corrections` open a correction."""

    phrases: dict[str, Patterns]
    corrections: Patterns
    contrast: Vocabulary


class Language(Part):
    """Everything that is a language's own; `slots` are the word classes that lay phrases name as `<limb>`,
    `keyboard` the rows of letters on which it is typed. After `with_is` words an apostrophe and s are "is" or "has".
    """

    code: str
    fillers: Vocabulary
    spelling: dict[str, str]
    joins: dict[str, str]
    shorthand: tuple[Shorthand, ...] = ()
    abbreviations: Vocabulary = frozenset()
    with_is: Vocabulary = frozenset()
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
