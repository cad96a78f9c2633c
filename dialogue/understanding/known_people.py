"""Who the patient of a conversation is, and who else was mentioned, before this message. Knows nothing about the
message."""

from collections.abc import Sequence
from functools import cache
from itertools import takewhile
from typing import Literal, NamedTuple

from dialogue.languages.people import Person
from dialogue.understanding.coreference import Somebody
from dialogue.understanding.lexicon import Lexicon
from dialogue.understanding.mentions import WRITER
from policies.facts import Fact, Status, Subject, When, latest


class KnownPeople(NamedTuple):
    """The people of the conversation so far, by number: WRITER, or a place in `everybody` from 1 on.

    `patient` is None until it is known who the patient is, and `sex` until they said it. `recent` are the numbers in
    the order of their last mention.
    """

    patient: int | None = None
    everybody: tuple[Somebody, ...] = ()
    recent: tuple[int, ...] = ()
    sex: str | None = None


NOBODY_YET = KnownPeople()


def known_people(facts: Sequence[Fact], lexicon: Lexicon) -> KnownPeople:
    """The people that the conversation's facts tell of.

    A writer who says "me" is not sure to be the patient until they have a complaint: "me, 34" may be followed by "she
    has chest pain".
    """
    bindings = lexicon.bindings
    who = latest(facts, bindings.who)
    if who is None:
        return NOBODY_YET
    name, speaks_for_another = who.person, who.value in {bindings.child, bindings.adult}
    if not speaks_for_another and not has_complaint(facts, lexicon):
        return NOBODY_YET
    if not speaks_for_another:  # "me", and then "she has chest pain"
        since = takewhile(lambda fact: fact is not who, reversed(facts))
        name = next((fact.person for fact in since if fact.counts and fact.person), "")
    told: dict[str, int] = {}
    for fact in facts:
        if fact.subject is Subject.OTHER and fact.person and fact.when is When.NOW:
            told[fact.person] = fact.evidence.turn
    names = sorted(told, key=lambda name: told[name])
    others = [known_person(facts, Subject.OTHER, name, lexicon) for name in names]
    patient = known_person(facts, Subject.PATIENT, name, lexicon)
    if not name and not speaks_for_another:
        return KnownPeople(WRITER, tuple(others), tuple(range(1, len(others) + 1)), patient.person.sex)
    if not names:
        return KnownPeople(1, (patient,), (1,), patient.person.sex)
    last = max(fact.evidence.turn for fact in facts if fact.counts)
    before = [number for number, name in enumerate(names, start=2) if told[name] <= last]
    after = [number for number, name in enumerate(names, start=2) if told[name] > last]
    return KnownPeople(1, (patient, *others), (*before, 1, *after), patient.person.sex)


def has_complaint(facts: Sequence[Fact], lexicon: Lexicon) -> bool:
    """Whether the facts tell anything that the patient has, and not only who they are."""
    about = {lexicon.bindings.who, lexicon.bindings.sex, lexicon.bindings.age}
    return any(fact.counts and fact.status is Status.PRESENT and fact.finding not in about for fact in facts)


def known_person(facts: Sequence[Fact], subject: Subject, name: str, lexicon: Lexicon) -> Somebody:
    """A person, by what the facts say about who they are."""
    bindings, words = lexicon.bindings, lexicon.language.people
    whose = None if subject is Subject.PATIENT else name
    about = (f for f in facts if f.finding in (bindings.who, bindings.sex) and f.subject is subject and f.certain)
    told = {fact.finding: fact.value for fact in about if whose in (None, fact.person)}
    which, _, word = name.rpartition(" ")
    return Somebody(
        name,
        person("child" if told.get(bindings.who) == bindings.child else "adult", told.get(bindings.sex)),
        words.kin_of.get(word, ""),
        which if which in words.which else "",
        named=bool(name) and name not in words.pronouns,
    )


@cache
def person(who: Literal["child", "adult"], sex: float | str | None) -> Person:
    return Person.model_validate({"who": who, "sex": sex if sex in ("female", "male") else None})
