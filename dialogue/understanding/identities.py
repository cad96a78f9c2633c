"""The facts about who people are, child or adult and of which sex, from the words that mention them.

Knows nothing about complaints.
"""

from collections.abc import Iterator, Sequence

from dialogue.languages.people import Person
from dialogue.understanding.mentions import WRITER, Mention
from dialogue.understanding.message import Message
from dialogue.understanding.people import People
from dialogue.understanding.quotes import quote
from dialogue.understanding.stated import Stated, as_other_persons, plausible
from policies.facts import Evidence, Fact, Status, Subject, When, latest


def about_patient(message: Message, proxy: Mention, known: People, turn: int, before: Sequence[Fact]) -> list[Stated]:
    """Who and of which sex the patient is for whom the writer speaks. A "he" does not change a sex that is known."""
    if proxy.person is None:
        return []
    end = max(proxy.at, proxy.start) + 1
    values = described(message, known.everybody[proxy.one - 1].person, proxy.named)
    if not proxy.named and latest(before, message.lexicon.bindings.sex):
        values.pop("sex")
    facts = person_facts(message, values, proxy.start, end, turn, known.name(proxy.one))
    return [Stated(proxy.start, end, fact) for fact in facts]


def about_writer(message: Message, stated: list[Stated]) -> list[Stated]:
    """That the patient is the writer, if they tell their age or sex with their complaint: "i am 52 and i have …"."""
    bindings = message.lexicon.bindings
    told = {one.fact.finding: one for one in stated if one.fact.counts}
    describing = told.get(bindings.age) or told.get(bindings.sex)
    if describing is None or bindings.who in told or not message.lexicon.bound("who"):
        return []
    return [describing._replace(fact=implied_fact(describing.fact, bindings.who, bindings.me))]


def sex_of_the_pregnant(message: Message, stated: list[Stated], before: Sequence[Fact]) -> list[Stated]:
    """The sex of a pregnant patient, so that it is not asked."""
    bindings = message.lexicon.bindings
    pregnant = next((one for one in stated if one.fact.finding == bindings.pregnant and one.fact.counts), None)
    told = latest(before, bindings.sex) or any(one.fact.finding == bindings.sex for one in stated)
    if told or pregnant is None or pregnant.fact.status is not Status.PRESENT or not message.lexicon.bound("sex"):
        return []
    return [pregnant._replace(fact=implied_fact(pregnant.fact, bindings.sex, bindings.sex_of_the_pregnant))]


def implied_fact(fact: Fact, finding: str, value: str) -> Fact:
    """A fact that follows from another one, with the same evidence."""
    return Fact(finding=finding, status=Status.PRESENT, evidence=fact.evidence, value=value)


def about_others(message: Message, known: People, stated: list[Stated], turn: int) -> list[Stated]:
    """Who the other ill people are: child or adult, and their sex, which some rules depend on."""
    other, now, here = Subject.OTHER, When.NOW, Status.PRESENT
    facts = (one.fact for one in stated)
    having = {fact.person for fact in facts if fact.subject is other and fact.when is now and fact.status is here}
    if not having:
        return []
    found: list[Stated] = []
    for number, somebody in enumerate(known.everybody, start=WRITER + 1):
        if somebody.name in having:
            mention = next(mention for mention in known.mentions if mention.one == number)
            values = described(message, somebody.person, somebody.named)
            for fact in person_facts(message, values, mention.start, mention.at + 1, turn, somebody.name):
                found.append(Stated(mention.start, mention.at + 1, as_other_persons(fact, somebody.name)))
    return found


def described(message: Message, person: Person, named: bool) -> dict[str, str | None]:
    return {"who": who(message, person) if named else None, "sex": person.sex}


def person_facts(
    message: Message, values: dict[str, str | None], start: int, end: int, turn: int, name: str
) -> Iterator[Fact]:
    evidence = Evidence(turn=turn, quote=quote(message, start, end))
    for of, value in values.items():
        finding = message.lexicon.bound(of)
        if finding and value and plausible(value, finding):
            yield Fact(finding=finding.id, status=Status.PRESENT, evidence=evidence, value=value, person=name)


def who(message: Message, person: Person) -> str:
    bindings = message.lexicon.bindings
    return bindings.child if person.who == "child" else bindings.adult
