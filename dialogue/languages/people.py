"""The words of a language for people: who is spoken of, and how old they are."""

from functools import cached_property
from typing import Literal

from dialogue.languages.sections import Part, Patterns, Vocabulary


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
