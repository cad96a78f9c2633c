"""The facts that a message states by itself, whatever was asked. Knows nothing about questions or commands."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from dialogue.languages.sections import Person
from dialogue.understanding.doubt import Stance, stance
from dialogue.understanding.index import Hit, Role
from dialogue.understanding.measures import Measure, measures
from dialogue.understanding.mentions import WRITER, Mention
from dialogue.understanding.message import Message
from dialogue.understanding.negation import Denial, Reach, bare_answer, denial
from dialogue.understanding.owners import Whose, is_aside, owners, spans_two_people
from dialogue.understanding.patient import people_in
from dialogue.understanding.people import People
from dialogue.understanding.quotes import quote
from dialogue.understanding.timing import Timeline, long_known, long_standing, reach_of_past, timeline
from policies.facts import Evidence, Fact, Status, Subject, When, latest
from policies.findings import Finding, Kind
from policies.units import convert

OF_PATIENT = ("",)
IMPLIED = {"gestation": "pregnant", **dict.fromkeys(("systolic", "diastolic", "pulse", "breaths", "oxygen"), "reading")}
"""What a measured number implies, besides its value."""


class Stated(NamedTuple):
    """A fact and its words, `start` up to `end`.

    A `final` fact takes back what was said before it. With `slip`, a misspelt word had to be guessed.
    """

    start: int
    end: int
    fact: Fact
    final: bool = False
    slip: bool = False


def statements(message: Message, turn: int, facts: Sequence[Fact] = ()) -> list[Stated]:
    """All facts, in the order of the words, without contradictions. `facts` are those that the conversation has
    already."""
    times = timeline(message)
    known = people_in(message, times, facts)
    claims = (
        [hit for hit in message.claims if not spans_two_people(message, known, hit)]
        if known.several
        else message.claims
    )
    claimed = [one for hit in claims for one in facts_of_claim(message, times, known, hit, turn)]
    stated = settle(message, claimed)
    stated += measured_facts(message, times, known, turn)
    stated += ages_by_birth(message, known, stated, turn)
    if known.proxy:
        stated += about_patient(message, known.proxy, known, turn, facts)
    elif known.writer_is_ill and not latest(facts, message.lexicon.bindings.who):
        stated += about_writer(message, stated)
    stated += sex_of_the_pregnant(message, stated, facts)
    if known.several:
        stated += about_others(message, known, stated, turn)
    return sorted(stated, key=lambda one: one.start)


def facts_of_claim(message: Message, times: Timeline, known: People, hit: Hit, turn: int) -> Iterator[Stated]:
    """The facts that a claim states: one for each possible owner; none if it is about nobody ("what is a stroke?")."""
    attitude = stance(message, hit)
    if attitude is not Stance.STATED and bare_answer(message, hit, message.lexicon.language.negation.bare_yes):
        attitude = Stance.STATED
    finding = message.lexicon.findings[hit.entry.name]
    if attitude is Stance.WONDERED and finding.request:
        attitude = Stance.STATED
    if attitude is Stance.GENERAL:
        return
    denied, cue = denial(message, hit)
    status = Status.ABSENT if denied in {Denial.YES, Denial.PERHAPS} else Status.PRESENT
    if not can_state(finding, status, hit):
        return
    ago, acute = Reach.NONE if finding.lasting else reach_of_past(message, times, hit), finding.acute
    known_long = acute and long_known(message, times, hit)
    if known_long:
        ago = Reach.FIRM
    over = ago is not Reach.NONE and not (acute and ago is Reach.UNCLEAR)
    slip = misread(message, hit)
    sure = (
        (hit.entry.role is not Role.HINT or finding.kind is Kind.TEXT)
        and denied in {Denial.YES, Denial.NO}
        and ago not in {Reach.LOOSE, Reach.UNCLEAR}
        and (known_long or not (acute and long_standing(message, times, hit)))
        and (attitude is Stance.STATED or denied is Denial.YES)
        and not slip
    )
    start, end = (min(hit.start, cue.start), max(hit.end, cue.end)) if cue else (hit.start, hit.end)
    evidence = Evidence(turn=turn, quote=quote(message, start, end))
    for owner in owners(message, known, times, hit):
        fact = Fact(
            finding=hit.entry.name,
            status=status,
            evidence=evidence,
            value=hit.entry.value or (evidence.quote if finding.kind is Kind.TEXT else None),
            subject=owner.subject,
            when=When.PAST if owner.whose is Whose.HISTORY or over else When.NOW,
            certain=sure and owner.whose is not Whose.UNSURE,
            person=owner.name,
        )
        yield Stated(hit.start, hit.end, fact, cue is not None and cue.start >= hit.end, slip)
        if status is Status.ABSENT:
            return


def can_state(finding: Finding, status: Status, hit: Hit) -> bool:
    """Whether a pattern of this role can state this status. A denied hint says nothing about the finding.

    For a finding that is a list, such as medicines, it is the other way round: its hints name the whole list, so that
    "not on any medicine" denies it, and "not on insulin" does not.
    """
    if finding.kind is Kind.TEXT:
        return (status is Status.ABSENT) is (hit.entry.role is Role.HINT)
    return status is not Status.ABSENT or hit.entry.role is Role.PHRASE


def misread(message: Message, hit: Hit) -> bool:
    """Whether the claim depends on a doubtful spelling, or is a single misspelt word."""
    place = range(hit.start, hit.end)
    return not message.slips.doubtful.isdisjoint(place) or (len(place) == 1 and hit.start in message.slips.sure)


def settle(message: Message, stated: list[Stated]) -> list[Stated]:
    """The facts without repetitions and contradictions: "present" wins, unless a later "absent" ends or corrects it."""
    kept: dict[str, list[Stated]] = {}
    for one in stated:
        rivals = kept.setdefault(one.fact.finding, [])
        if not any(outweighs(message, other, one) for other in rivals):
            rivals[:] = [other for other in rivals if not outweighs(message, one, other)]
            rivals.append(one)
    return [one for rivals in kept.values() for one in rivals]


def outweighs(message: Message, one: Stated, other: Stated) -> bool:
    """Whether `one` makes `other`, about the same finding and person, superfluous."""
    first, second = one.fact, other.fact
    if first.finding != second.finding or first.value != second.value:
        return False
    if (first.subject, first.person, first.when) != (second.subject, second.person, second.when):
        return False
    if first.status is second.status:
        return first.certain or not second.certain
    if not first.certain:
        return False
    later = one.start > other.start and (one.final or corrected(message, other.end, one.start))
    if first.status is Status.PRESENT:
        return not (other.start > one.start and (other.final or corrected(message, one.end, other.start)))
    return later


def corrected(message: Message, start: int, end: int) -> bool:
    return any(start <= mark.start < end for mark in message.cues.get(Role.CORRECTION, ()))


def measured_facts(message: Message, times: Timeline, known: People, turn: int) -> list[Stated]:
    """The facts from numbers: those that have a finding, with a value that is plausible for it."""
    stated: list[Stated] = []
    for (of, name), measure in measures(message, times, partial(owners_of_measure, message, known)).items():
        finding = message.lexicon.bound(of)
        if finding is None:
            continue
        found = facts_of_measure(message, measure, finding, turn)
        if name:
            sure = not is_aside(message, known, times, measure.start)
            found = [one._replace(fact=as_other_persons(one.fact, name, sure)) for one in found]
        stated += found
    return stated


def owners_of_measure(message: Message, known: People, measure: Measure) -> tuple[str, ...]:
    """The names of the people whose measure it may be, "" for the patient. Both, if the sentence names nobody.

    None for the age or sex of a writer who speaks for somebody else, or of a relative while nobody is known to be ill.
    """
    mention, says_who = known.at(measure.end - 1), measure.of in {"age", "sex"}
    if mention is None:
        return OF_PATIENT
    if mention.person is None:
        return () if says_who and known.for_another else OF_PATIENT
    if not known.is_patient(mention.one):
        either = not says_who and mention.at < message.words.first[measure.start]
        return (known.name(mention.one), *OF_PATIENT) if either else (known.name(mention.one),)
    return () if says_who and not known.for_another else OF_PATIENT


def as_other_persons(fact: Fact, name: str, sure: bool = True) -> Fact:
    """The same fact, about another person of this name."""
    return replace(fact, subject=Subject.OTHER, person=name, certain=sure)


def ages_by_birth(message: Message, known: People, stated: list[Stated], turn: int) -> list[Stated]:
    """The ages of people whose birth is told. They matter: a newborn's fever is an emergency."""
    finding = message.lexicon.bound("age")
    if finding is None or known.patient is None:
        return []
    told = {fact.person for one in stated for fact in [one.fact] if fact.finding == finding.id}
    found: list[Stated] = []
    for number, somebody in enumerate(known.everybody, start=WRITER + 1):
        name = "" if number == known.patient else somebody.name
        mention = next(
            (mention for mention in known.mentions if mention.one == number and mention.days is not None), None
        )
        if mention is None or mention.days is None or name in told:
            continue
        measure = Measure("age", mention.start, mention.at + 1, mention.days, "days")
        facts = facts_of_measure(message, measure, finding, turn)
        found += [one._replace(fact=as_other_persons(one.fact, name)) for one in facts] if name else facts
    return found


def facts_of_measure(message: Message, measure: Measure, finding: Finding, turn: int) -> list[Stated]:
    """The measure as a fact, and what it implies: weeks of pregnancy imply a pregnancy. None if it is implausible."""
    value = measure.value
    if isinstance(value, float) and measure.unit and finding.unit:
        value = convert(value, measure.unit, finding.unit)
    if not plausible(value, finding):
        return []
    evidence = Evidence(turn=turn, quote=quote(message, measure.start, measure.end))
    facts = [Fact(finding=finding.id, status=Status.PRESENT, evidence=evidence, value=value)]
    implied = message.lexicon.bound(IMPLIED[measure.of]) if measure.of in IMPLIED else None
    if implied:
        facts.insert(0, Fact(finding=implied.id, status=Status.PRESENT, evidence=evidence))
    return [Stated(measure.start, measure.end, fact) for fact in facts]


def plausible(value: float | str, finding: Finding) -> bool:
    if isinstance(value, str):
        return not finding.choices or any(choice.value == value for choice in finding.choices)
    above = finding.minimum is None or value >= finding.minimum
    return above and (finding.maximum is None or value <= finding.maximum)


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
