"""The facts that a message states by itself, whatever was asked. Knows nothing about questions or commands."""

from typing import NamedTuple

from dialogue.languages.language import Person
from dialogue.understanding.doubt import Stance, stance
from dialogue.understanding.index import Hit, Role
from dialogue.understanding.measures import Measure, measures
from dialogue.understanding.message import Message
from dialogue.understanding.negation import Denial, Grip, bare_answer, denial
from dialogue.understanding.people import Mention, People, Whose, people, whose
from dialogue.understanding.quotes import quote
from dialogue.understanding.timing import Timeline, long_standing, past, timeline
from policies.facts import Evidence, Fact, Status, Subject, When
from policies.findings import Finding
from policies.units import convert


class Stated(NamedTuple):
    """A fact and where it stands; `final` tells that it takes back what was said before it."""

    start: int
    end: int
    fact: Fact
    final: bool = False


def statements(message: Message, turn: int) -> list[Stated]:
    """All facts in the order of the words; what contradicts itself is settled."""
    times = timeline(message)
    known = people(message, times)
    claimed = [claim(message, times, known, hit, turn) for hit in message.claims]
    stated = settle(message, [one for one in claimed if one])
    stated += measured(message, times, known, turn)
    if known.proxy:
        stated += about(message, known.proxy, turn)
    return sorted(stated, key=lambda one: one.start)


def claim(message: Message, times: Timeline, known: People, hit: Hit, turn: int) -> Stated | None:
    """What the message says of one claim, or None if it says nothing of anybody."""
    attitude = stance(message, hit)
    if attitude is not Stance.STATED and bare_answer(message, hit, message.lexicon.language.negation.bare_yes):
        attitude = Stance.STATED
    if attitude is Stance.GENERAL:
        return None
    denied, cue = denial(message, hit)
    status = Status.ABSENT if denied in {Denial.YES, Denial.PERHAPS} else Status.PRESENT
    if status is Status.ABSENT and hit.entry.role is not Role.PHRASE:
        return None
    owner, ago = whose(message, known, times, hit), past(message, times, hit)
    sure = (
        hit.entry.role is not Role.HINT
        and denied in {Denial.YES, Denial.NO}
        and owner is not Whose.UNSURE
        and ago is not Grip.LOOSE
        and not (message.lexicon.findings[hit.entry.name].acute and long_standing(message, times, hit))
        and (attitude is Stance.STATED or denied is Denial.YES)
        and not misread(message, hit)
    )
    start, end = (min(hit.start, cue.start), max(hit.end, cue.end)) if cue else (hit.start, hit.end)
    fact = Fact(
        finding=hit.entry.name,
        status=status,
        evidence=Evidence(turn=turn, quote=quote(message, start, end)),
        value=hit.entry.value or None,
        subject=Subject.OTHER if owner in {Whose.OTHER, Whose.HISTORY} else Subject.PATIENT,
        when=When.PAST if owner is Whose.HISTORY or ago is not Grip.NONE else When.NOW,
        certain=sure,
    )
    return Stated(hit.start, hit.end, fact, cue is not None and cue.start >= hit.end)


def misread(message: Message, hit: Hit) -> bool:
    """Whether it may be words that were meant otherwise; a single word that is a slip is never enough."""
    place = range(hit.start, hit.end)
    return not message.slips.doubtful.isdisjoint(place) or (len(place) == 1 and hit.start in message.slips.sure)


def settle(message: Message, stated: list[Stated]) -> list[Stated]:
    """Without repetitions. Presence holds against absence, unless that says it is over or corrects it."""
    kept: dict[str, list[Stated]] = {}
    for one in stated:
        rivals = kept.setdefault(one.fact.finding, [])
        if not any(covers(message, other, one) for other in rivals):
            rivals[:] = [other for other in rivals if not covers(message, one, other)]
            rivals.append(one)
    return [one for rivals in kept.values() for one in rivals]


def covers(message: Message, one: Stated, other: Stated) -> bool:
    """Whether `one` makes `other` superfluous."""
    first, second = one.fact, other.fact
    if first.finding != second.finding or first.value != second.value:
        return False
    if (first.subject, first.when) != (second.subject, second.when):
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


def measured(message: Message, times: Timeline, known: People, turn: int) -> list[Stated]:
    """The numbers that have a finding to go to and are plausible for it."""
    stated: list[Stated] = []
    for measure in measures(message, times):
        finding = message.lexicon.bound(measure.of)
        if finding and concerns_patient(known, measure):
            stated += valued(message, measure, finding, turn)
    return stated


def concerns_patient(known: People, measure: Measure) -> bool:
    """Whether a number is the patient's: not the age of who writes for somebody, nor a relative's."""
    if measure.of not in {"age", "sex"}:
        return True
    mention = known.at(measure.end - 1)
    return mention is None or (mention.person is not None) is (known.proxy is not None)


def valued(message: Message, measure: Measure, finding: Finding, turn: int) -> list[Stated]:
    """The measure as a fact; weeks of pregnancy also say that there is one."""
    value = measure.value
    if isinstance(value, float) and measure.unit and finding.unit:
        value = convert(value, measure.unit, finding.unit)
    if not plausible(value, finding):
        return []
    evidence = Evidence(turn=turn, quote=quote(message, measure.start, measure.end))
    facts = [Fact(finding=finding.id, status=Status.PRESENT, evidence=evidence, value=value)]
    pregnant = message.lexicon.bound("pregnant") if measure.of == "gestation" else None
    if pregnant:
        facts.insert(0, Fact(finding=pregnant.id, status=Status.PRESENT, evidence=evidence))
    return [Stated(measure.start, measure.end, fact) for fact in facts]


def plausible(value: float | str, finding: Finding) -> bool:
    if isinstance(value, str):
        return not finding.choices or any(choice.value == value for choice in finding.choices)
    above = finding.minimum is None or value >= finding.minimum
    return above and (finding.maximum is None or value <= finding.maximum)


def about(message: Message, proxy: Mention, turn: int) -> list[Stated]:
    """Whom the writer speaks for, as far as the words tell."""
    person = proxy.person
    if person is None:
        return []
    end = max(proxy.at, proxy.start) + 1
    evidence = Evidence(turn=turn, quote=quote(message, proxy.start, end))
    values: dict[str, str | None] = {"who": who(message, person) if proxy.named else None, "sex": person.sex}
    stated: list[Stated] = []
    for name, value in values.items():
        finding = message.lexicon.bound(name)
        if finding and value and plausible(value, finding):
            fact = Fact(finding=finding.id, status=Status.PRESENT, evidence=evidence, value=value)
            stated.append(Stated(proxy.start, end, fact))
    return stated


def who(message: Message, person: Person) -> str:
    bindings = message.lexicon.bindings
    return bindings.child if person.who == "child" else bindings.adult
