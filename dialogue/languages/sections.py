"""The sections of a language file: what each list of words is for. Knows nothing about how they are used.

Lists called patterns are written in the syntax of `dialogue/understanding/patterns.py`.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from policies.findings import Content

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
    of its own, as it does with one of `stating` in it; one of `telling` in an item ends the list. `itemizing` open the
    lists of clinicians' notes, which go on past an "or", and in which one of `naming` tells nothing. `listing` open the
    items of a list of what somebody has not; right behind one of `instead` stands what they have ("no fever just …").
    One of `first` denies what follows at once, though something further on is said with it: "no tengo sangre en la
    orina" is no "no … orina"; and what denies behind it denies no more. `right_behind` a thing and at the end of what
    is said, a word denies it ("fiebre no").
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
    telling: Vocabulary = frozenset()
    itemizing: Vocabulary = frozenset()
    naming: Vocabulary = frozenset()
    either: Vocabulary
    also: Vocabulary
    listing: Vocabulary
    instead: Vocabulary = frozenset()
    first: Vocabulary = frozenset()
    right_behind: Vocabulary = frozenset()


class Clauses(Part):
    """`ends` end every scope; `starts` begin a clause of their own; `own` tell that the patient has the thing.

    Right behind one of `holding`, and behind each other then, `starts` begin nothing ("no | me duele").
    """

    ends: Vocabulary
    starts: Vocabulary
    holding: Vocabulary = frozenset()
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
    A word of `record` ("pmh"), or of `titles` with a colon behind it, opens a list of what somebody has had, up to one
    of `presenting`. `words` inside a finding's own pattern say that the finding is about the past. What was `diagnosed`
    long ago goes on. `years` precede a year, which behind a word of `born` only tells an age. How long ago it was is
    said by `ago` behind the time or one of `ago_before` before it, unless a word of `ago_no_more` follows ("hace dos
    días que …" is how long it lasts). `each_time` words lead to what comes of something whenever it happens.

    How old somebody was then is told behind `when` and `was_aged`, or behind all words of `at_age`. Words of `now` tell
    that what follows is not of then: "had asthma in 2010 and have chest pain"; words of `anew`, that what was then is
    back.
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
    record: Vocabulary
    titles: Vocabulary
    presenting: Vocabulary
    was: Vocabulary
    words: Vocabulary
    diagnosed: Vocabulary
    years: Vocabulary
    born: Vocabulary
    onset: Vocabulary
    ago: str
    ago_before: Vocabulary = frozenset()
    ago_no_more: Vocabulary = frozenset()
    ages: Vocabulary
    at_age: Vocabulary
    when: Vocabulary
    was_aged: Vocabulary
    now: Vocabulary
    anew: Vocabulary
    each_time: Vocabulary


class Person(Part):
    """A word for somebody else. An illness of an `elder` one may well be merely family history."""

    who: Literal["child", "adult"]
    sex: Literal["female", "male"] | None = None
    elder: bool = False
    unborn: bool = False


class People(Part):
    """Who is spoken of. `reporting` words after a person tell that they say or do something, not that they are ill.

    `mine` and `determiners` come before a person. Behind a word of `along` one for oneself only tells to whom it
    happened ("mi hijo se me desmayó"). `quiet` words after a word for oneself ("i think …") and `upset` complaints do
    not make the writer the patient; those of `taking` do where what is taken follows, and nobody. `done_to` words in
    a complaint ("he hits me") tell whom it is done to.

    `died` words tell of a death wherever they stand ("murió mi papá de …").

    `kin` are the words for one relation; two of different kin are two persons, while a word of no kin ("the boy") may
    be anybody's whom it fits. `another` and `which` words before a person tell two of one kin apart. After `beside`
    words ("by his friend") somebody is only mentioned, and whom the next words speak of is open.

    An age is told by `old` behind it, or `old_of_mine` where "my" leads ("my 9mo"), unless `once_aged` leads ("since 3
    weeks old"); by `lead_age` before it, by `i_am`, or by a person and `am`. `of_age` leads from a person to an age
    ("niña de 4 años"). What somebody is `having` is an age where nothing of `having_for` follows it: "tiene 4 años",
    not "tiene 4 días con fiebre". Who was `born` so long ago is that old.

    In a summary ("a 28-year-old woman with …") what a relative is `ill_with` is not the patient's; nor what runs
    `in_kin` ("asthma in his father"). `before_kin` words may stand before such a relative. Words for oneself that are
    `me_or_not` ("ill" of "i'll") do not make it the writer's own story.
    """

    words: dict[str, Person]
    kin: dict[str, Vocabulary]
    another: Vocabulary
    which: Vocabulary
    beside: Vocabulary
    pronouns: dict[str, Literal["female", "male", "any"]]
    me: Vocabulary
    along: Vocabulary = frozenset()
    mine: Vocabulary
    determiners: Vocabulary
    reporting: Vocabulary
    quiet: Vocabulary
    taking: Vocabulary = frozenset()
    upset: Vocabulary
    done_to: Vocabulary
    about: Vocabulary
    history: Vocabulary
    died: Vocabulary = frozenset()
    family: Patterns
    sexes: dict[str, Literal["female", "male"]]
    initials: dict[str, Literal["female", "male"]]
    old: Vocabulary
    old_of_mine: Vocabulary = frozenset()
    born: Vocabulary = frozenset()
    ill_with: Vocabulary = frozenset()
    in_kin: Vocabulary = frozenset()
    before_kin: Vocabulary = frozenset()
    me_or_not: Vocabulary = frozenset()
    lead_age: Vocabulary
    once_aged: Vocabulary = frozenset()
    i_am: Vocabulary
    am: Vocabulary
    of_age: Vocabulary = frozenset()
    having: Vocabulary = frozenset()
    having_for: Vocabulary = frozenset()

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
    A number behind a word of `clock` is a time of the day. Between tens and ones a word of `tens_joined_by` may stand.
    Beside `of_pregnancy` words, or in a message with `with_pregnancy` ones, weeks are weeks of a pregnancy; so are
    those that a woman is `at`. A time beside `how_often` and `recurring` words, such as "each June", is no duration.
    `readings` are the words beside what a device reads: pressure (systolic, diastolic), pulse, oxygen, glucose. With
    `pressure_in_cm` people also say a blood pressure in centimetres of mercury: 18/11.
    """

    units: dict[str, Vocabulary]
    attached: dict[str, str]
    approximate: dict[str, float]
    articles: Vocabulary
    of: Vocabulary
    half: Vocabulary
    joined_by: Vocabulary
    tens_joined_by: Vocabulary = frozenset()
    range_by: Vocabulary
    spans: dict[str, float]
    spans_asked: dict[str, float] = Field(default_factory=dict)
    lead: Vocabulary
    lead_behind: Vocabulary
    not_after: Vocabulary
    not_before: Vocabulary
    not_lasting: Vocabulary
    how_often: Vocabulary = frozenset()
    recurring: Vocabulary = frozenset()
    of_pregnancy: Vocabulary
    into_pregnancy: Vocabulary = frozenset()
    pregnancy: Vocabulary = frozenset()
    up_to_now: Vocabulary = frozenset()
    at: Vocabulary
    with_pregnancy: Vocabulary = frozenset()
    clock: Vocabulary = frozenset()
    temperature: Vocabulary
    degrees: Vocabulary
    weather: Vocabulary = frozenset()
    severity: Vocabulary
    out_of: Vocabulary
    not_measure: Vocabulary
    scale: dict[str, float]
    readings: dict[str, Vocabulary] = Field(default_factory=dict)
    pressure_in_cm: bool = False

    @cached_property
    def reading_words(self) -> Mapping[str, str]:
        """Every word beside a reading → what it reads."""
        return {word: kind for kind, words in self.readings.items() for word in words}


class Replies(Part):
    """Short answers. `unsaid` words around them change nothing. `of_a_place` makes a complaint of a mere place:
    `{place} hurts`."""

    yes: Patterns
    no: Patterns
    all: Patterns
    none: Patterns
    both: Vocabulary
    excepting: Patterns
    ordinals: dict[str, int]
    unsaid: Vocabulary
    courtesy: Vocabulary
    of_a_place: str = ""


class Commands(Part):
    """What a patient can ask of the conversation, by the value of `Command`; under `language` how one asks for this
    language, in it and in others. `corrections` open a correction; a message
    that starts with one of `removing` takes out of the recap what it names."""

    phrases: dict[str, Patterns]
    corrections: Patterns
    contrast: Vocabulary
    removing: Vocabulary = frozenset()
