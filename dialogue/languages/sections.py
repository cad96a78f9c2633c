"""The sections of a language file: what each list of words is for. Knows nothing about how they are used.

Lists called patterns are written in the syntax of `dialogue/understanding/patterns.py`.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

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


class Quantities(Part):
    """Numbers with units. `units` are known to `policies/units.py`; `attached` ones only stick to their number.

    `spans` are words that say how long, in days; `spans_asked` say it only when that was asked.
    A number behind a word of `clock` is a time of the day. Between tens and ones a word of `tens_joined_by` may stand.
    Beside `of_pregnancy` words, or in a message with `with_pregnancy` ones, weeks are weeks of a pregnancy; so are
    those that a woman is `at`, or that are `into_pregnancy` ("33 weeks into her pregnancy"). A time `up_to_now` ("the
    past two weeks") tells of now; behind a denial neither it nor a `spanning` one ("no pain lasting …") is a duration,
    as is none beside `how_often` and `recurring` words, such as "each June".
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
    spanning: Vocabulary = frozenset()
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
