"""Whose complaint a claim tells: the patient's, another person's, or a relative's of long ago.

A parent's or grandparent's illness in the past is family history.
"""

from collections.abc import Iterator
from enum import Enum
from itertools import islice
from typing import NamedTuple

from dialogue.understanding.ages import old, sex_beside
from dialogue.understanding.clauses import bounds
from dialogue.understanding.index import Hit, Role
from dialogue.understanding.mentions import WRITER, Mention
from dialogue.understanding.message import Message
from dialogue.understanding.people import People
from dialogue.understanding.quantities import Quantity
from dialogue.understanding.reach import Reach, reach_over_list
from dialogue.understanding.timing import STORY, Timeline, is_note, reach_of_past
from policies.facts import Subject

BY_BLOOD = frozenset({"mother", "father", "grandmother", "grandfather", "uncle", "aunt", "brother", "sister", "cousin"})

NURSED = 1000
"""Up to how many days old a child may be nursed."""

JUST_BEFORE = 3
"""How many words before a claim "had" may stand to say that it is over; for an elder it is the whole phrase."""


class Whose(Enum):
    PATIENT = "patient"
    UNSURE = "unsure"
    OTHER = "other"
    HISTORY = "history"


class Experiencer(NamedTuple):
    """The experiencer of a claim; `name` is the writer's word for a person other than the patient ("husband")."""

    whose: Whose
    name: str = ""

    @property
    def subject(self) -> Subject:
        return Subject.OTHER if self.name or self.whose in {Whose.OTHER, Whose.HISTORY} else Subject.PATIENT


def experiencers(message: Message, known: People, times: Timeline, hit: Hit) -> Iterator[Experiencer]:
    """The experiencer of the claim, and everybody else who may be: if two people are ill, a danger counts for both."""
    found, mention = whose(message, known, times, hit), known.at(hit.start)
    if mention is None or found is Whose.PATIENT or (found is Whose.UNSURE and known.is_patient(mention.one)):
        yield Experiencer(found)
    else:
        yield Experiencer(found, known.name(mention.one))
        mine = WRITER in mention.perhaps or is_nursing_writers(message, mention, hit)
        if known.writer_is_ill and mine and found is not Whose.HISTORY:
            yield Experiencer(Whose.PATIENT)  # "a cold from my daughter, then wheezing"
    if known.several and found in {Whose.PATIENT, Whose.OTHER}:
        already = known.patient if found is Whose.PATIENT or mention is None else mention.one
        for one in dict.fromkeys(may_also_be(message, known, mention, hit)):
            if one != already:
                yield Experiencer(Whose.PATIENT) if known.is_patient(one) else Experiencer(Whose.OTHER, known.name(one))


def spans_two_people(message: Message, known: People, hit: Hit) -> bool:
    """Whether a claim with a gap joins the words about one person with a claim about another person."""
    first, last = known.at(hit.start), known.at(hit.end - 1)
    if not (known.several and first and last) or first.one == last.one or first.at < message.words.first[hit.start]:
        return False
    phrase, mine = message.clauses.phrase, message.lexicon.language.people.mine
    if phrase[last.start] == phrase[hit.start] or message.words.words[last.at] in mine:
        return False
    return any(last.at < claim.start and claim.end <= hit.end for claim in message.claims)


def may_also_be(message: Message, known: People, mention: Mention | None, hit: Hit) -> Iterator[int]:
    """The numbers of other ill people who may be the experiencer.

    If the sentence names nobody before the claim, that is anybody who is ill ("stiff neck, too"), and the person named
    after it ("green sick from my baby").
    """
    ill = {*known.ailing, known.patient}
    if mention:
        yield from (one for one in mention.perhaps if one in ill)
    text = message.words
    if mention is None or mention.at < text.first[hit.start]:
        if mention:
            yield from known.ailing
            yield from (known.patient,) if known.patient is not None else ()
        phrase = message.clauses.phrase
        behind = (one for one in known.mentions if one.person and hit.start < one.at < text.last[hit.start])
        yield from (one.one for one in islice(behind, 1) if phrase[one.at] == phrase[hit.start])


def whose(message: Message, known: People, times: Timeline, hit: Hit) -> Whose:
    """The most likely experiencer of the claim."""
    mention = known.at(hit.start)
    relatives = mention is not None and is_relatives(message, known, mention, hit)
    if relatives or in_family(message, hit) or of_relative(message, known, hit):
        return Whose.HISTORY
    if mention is None:
        return Whose.PATIENT
    if mention.person is None:
        return Whose.OTHER if known.for_another and is_mere_fright(message, hit) else Whose.PATIENT
    if mention.person.elder and long_over(message, times, mention, hit):
        told = (
            (known.writer_is_ill and known.besides)
            or tells_age_then(message, hit)
            or reach_of_past(message, times, hit) is Reach.FIRM
        )
        if told or not (known.introduced and known.is_patient(mention.one)):
            return Whose.HISTORY if told else Whose.UNSURE
    contact = message.lexicon.findings[hit.entry.name].contact
    if known.is_patient(mention.one) or contact or done_to_writer(message, hit):
        return Whose.PATIENT
    if known.besides and long_over(message, times, mention, hit):
        return Whose.UNSURE
    return Whose.UNSURE if is_aside(message, known, times, hit.start) else Whose.OTHER


def is_aside(message: Message, known: People, times: Timeline, place: int) -> bool:
    """Whether words about another person are an aside: not about now, in a long story of the writer's own illness."""
    story = known.writer_is_ill and known.besides and len(message.words) >= STORY
    return story and message.clauses.phrase[place] not in times.present


def is_mere_fright(message: Message, hit: Hit) -> bool:
    """Whether the claim says only that somebody is upset: `i am so scared`, but not `scared i will hurt her`."""
    language = message.lexicon.language
    said = set(message.words.words[hit.start : hit.end]) - language.fillers - language.people.me
    return bool(said) and said <= language.people.upset


def done_to_writer(message: Message, hit: Hit) -> bool:
    """Whether somebody harms the writer, who is then the patient: `he hits me`. So do claims that overlap that one."""
    harm = message.lexicon.bindings.harm
    same = (one for one in message.claims if one.entry.name == harm and one.start < hit.end and hit.start < one.end)
    return any(is_done_to_writer(message, one) for one in (hit, *same))


def is_nursing_writers(message: Message, mention: Mention, hit: Hit) -> bool:
    """Whether it may be the breast of whom a baby feeds from: `my 3 week old feeds fine but one breast is red`."""
    if mention.days is None or mention.days > NURSED:
        return False
    breast = message.lexicon.bindings.breast
    same = (one for one in message.claims if one.start < hit.end and hit.start < one.end)
    return any(one.entry.name == breast for one in (hit, *same))


def is_done_to_writer(message: Message, hit: Hit) -> bool:
    """Whether the claim has a word such as "me", to whom something is done."""
    return not message.lexicon.language.people.done_to.isdisjoint(message.words.words[hit.start : hit.end])


def in_family(message: Message, hit: Hit) -> bool:
    """Whether it runs in the family: `family history of …`, `… runs in the family`."""
    before = message.nearest(Role.FAMILY, hit.start)
    if before and reach_over_list(message, before, hit) is not Reach.NONE:
        return True
    behind = message.following(Role.FAMILY, hit.end)
    return behind is not None and message.clauses.phrase[behind.start] == message.clauses.phrase[hit.start]


def of_relative(message: Message, known: People, hit: Hit) -> bool:
    """Whether a note about somebody tells it of a relative by blood: `brother has asthma`, `eczema in the father`.

    Not what is dangerous while new, nor where a writer tells of themselves and theirs: "my brother" may need help now.
    """
    if message.lexicon.findings[hit.entry.name].acute or not is_note(message):
        return False
    words, text = message.lexicon.language.people, message.words.words
    start, end = bounds(message.clauses.phrase, hit.start, hit.end)
    kin = next((place for place in range(hit.start - 1, start - 1, -1) if text[place] in words.kin_of), None)
    if kin is not None and words.kin_of[text[kin]] in BY_BLOOD:
        between = text[kin + 1 : hit.start] or text[kin + 1 : hit.start + 1]
        told = any(mention.at < message.words.first[hit.start] for mention in known.mentions)
        has = bool(between) and between[0] in words.ill_with and words.am.isdisjoint(between)
        return told and has and words.before_kin.issuperset(text[start:kin])
    kin = next((place for place in range(hit.end, end) if text[place] in words.kin_of), None)
    if kin is None or words.kin_of[text[kin]] not in BY_BLOOD or text[hit.end] not in words.in_kin:
        return False
    return words.before_kin.issuperset(text[hit.end + 1 : kin])


def is_relatives(message: Message, known: People, mention: Mention, hit: Hit) -> bool:
    """Whether it is only a relative's illness, which matters as family history.

    In a clinician's summary of somebody else: `a 28-year-old woman presents with …; sister has asthma`. In the words of
    a writer who is ill, only for a lasting illness: a relative with any other one may need help now.
    """
    words, text = message.lexicon.language.people, message.words.words
    between = text[mention.at + 1 : hit.start] or text[mention.at + 1 : hit.start + 1]  # "has" may be the claim's own
    has = text[mention.at] in words.kin_of and bool(between) and words.ill_with.issuperset(between)
    lasting = known.writer_is_ill and message.lexicon.findings[hit.entry.name].lasting
    return has and (lasting or any(introduces(message, quantity) for quantity in message.quantities))


def introduces(message: Message, quantity: Quantity) -> bool:
    """Whether it introduces the person of a clinician's summary: `a 28-year-old woman`."""
    words, text = message.lexicon.language, message.words.words
    before = text[quantity.start - 1] if quantity.start else ""
    return before in words.quantities.articles and old(message, quantity) and sex_beside(message, quantity) is not None


def long_over(message: Message, times: Timeline, mention: Mention, hit: Hit) -> bool:
    """Whether a person "had" it or "died of" it, and nothing says that this was just now."""
    if message.clauses.phrase[hit.start] in times.present:
        return False
    first = mention.at if mention.person and mention.person.elder else max(mention.at, hit.start - JUST_BEFORE)
    between = message.words.words[first : hit.end if first == mention.at else hit.start]
    history, died = message.lexicon.language.people.history, message.lexicon.language.people.died
    if not died.isdisjoint(message.words.words[message.words.first[hit.start] : first]):
        return True
    return not history.isdisjoint(between) or reach_of_past(message, times, hit) is Reach.FIRM


def tells_age_then(message: Message, hit: Hit) -> bool:
    """Whether the phrase tells at which age it happened: `had a stroke at 50`."""
    ages, words = message.lexicon.language.timing.ages, message.words.words
    phrase = message.clauses.phrase
    return any(
        quantity.start and words[quantity.start - 1] in ages and phrase[quantity.start] == phrase[hit.start]
        for quantity in message.quantities
    )
