"""The facts from a message's numbers: measures that have a finding, with plausible values, of the right person.

Knows nothing about claims.
"""

from functools import partial

from dialogue.understanding.experiencer import is_aside
from dialogue.understanding.measures import Measure, measures
from dialogue.understanding.mentions import WRITER
from dialogue.understanding.message import Message
from dialogue.understanding.people import People
from dialogue.understanding.quotes import quote
from dialogue.understanding.stated import Stated, as_other_persons, plausible
from dialogue.understanding.timing import Timeline
from policies.facts import Evidence, Fact, Status
from policies.findings import Finding
from policies.units import convert

OF_PATIENT = ("",)
IMPLIED = {"gestation": "pregnant", **dict.fromkeys(("systolic", "diastolic", "pulse", "breaths", "oxygen"), "reading")}
"""What a measured number implies, besides its value."""


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
