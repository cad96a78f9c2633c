"""Whose complaint a message speaks of: the writer's, somebody's they write for, another's, or a relative's of long ago.

There is one patient: the writer who is ill, else the first who is, and then the writer speaks for them. What anybody
else has is theirs; a parent's or grandparent's illness in the past is family history.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from dialogue.understanding.ages import age, old, sex_beside
from dialogue.understanding.company import NOBODY_YET, company
from dialogue.understanding.index import Hit, Role
from dialogue.understanding.mentions import CHILD_YEARS, WRITER, Mention, mentioned
from dialogue.understanding.message import Message
from dialogue.understanding.negation import Grip, grip_of_list
from dialogue.understanding.persons import Persons, Somebody
from dialogue.understanding.quantities import Quantity
from dialogue.understanding.timing import STORY, Timeline, past
from policies.facts import Fact, Subject, latest
from policies.units import convert

JUST_BEFORE = 3
"""Within so many words before a claim "had" says that it is over; of an elder person in the whole phrase."""


class Whose(Enum):
    PATIENT = "patient"
    UNSURE = "unsure"
    OTHER = "other"
    HISTORY = "history"


class Owner(NamedTuple):
    """Whose a claim is; `name` is what the writer calls somebody who is not the patient."""

    whose: Whose
    name: str = ""

    @property
    def subject(self) -> Subject:
        return Subject.OTHER if self.name or self.whose in {Whose.OTHER, Whose.HISTORY} else Subject.PATIENT


@dataclass(frozen=True)
class People:
    """Who is spoken of in a message; `proxy` is where it tells something new of whom the writer speaks for.

    `patient` is the number of whom it is about, None where nobody is known to be ill. `ailing` are those who have a
    complaint that is surely theirs; `besides` tells that the patient is one of them, so that others come in besides.
    `introduced` tells that the writer has said before for whom they write: "she lost weight" is no family history.
    """

    mentions: list[Mention]
    everybody: list[Somebody]
    patient: int | None = None
    proxy: Mention | None = None
    ailing: frozenset[int] = frozenset()
    besides: bool = False
    introduced: bool = False

    def at(self, place: int) -> Mention | None:
        """Who is spoken of at a word."""
        found = bisect_right(self.mentions, place, key=lambda mention: mention.at)
        return self.mentions[found - 1] if found else None

    def is_patient(self, one: int) -> bool:
        """Whether it is the patient; where nobody is known to be ill, it may be anybody."""
        return self.patient is None or one == self.patient

    @cached_property
    def several(self) -> bool:
        """Whether more than one person may be ill."""
        return len(self.everybody) > self.for_another

    @property
    def writer_is_ill(self) -> bool:
        return self.patient == WRITER

    @property
    def for_another(self) -> bool:
        """Whether the writer speaks for somebody else."""
        return self.patient is not None and self.patient != WRITER

    def name(self, one: int) -> str:
        return self.everybody[one - 1].name if one != WRITER else ""


NOBODY = People([], [])


def people(message: Message, times: Timeline, facts: Sequence[Fact] = ()) -> People:
    """Who is spoken of; whom the conversation is about is known from its `facts`, else from this message."""
    mentions = mentioned(message)
    if not mentions:
        return NOBODY
    others = any(mention.person for mention in mentions)
    before = company(facts, message.lexicon) if others and facts else NOBODY_YET
    persons = Persons(message, before.everybody, before.recent, before.patient)
    known = People(persons.tell(mentions), persons.everybody, before.patient)
    claims = [hit for hit in message.claims if hit.entry.role is not Role.CHOICE]
    patient, proxy = before.patient, None
    writer_tells = patient in {None, WRITER} and any(claims_own(message, known, hit) for hit in claims)
    if patient is None and writer_tells:
        patient = WRITER
    elif patient is None:
        proxy = spoken_for(message, known, claims, times)
        patient = proxy.one if proxy else None
    elif patient != WRITER and known.everybody[patient - 1] != before.everybody[patient - 1]:
        proxy = next(mention for mention in known.mentions if mention.one == patient)
    who = latest(facts, message.lexicon.bindings.who)
    introduced = who is not None and who.value != message.lexicon.bindings.me
    known = People(known.mentions, known.everybody, patient, proxy, besides=writer_tells, introduced=introduced)
    if not known.several:
        return known
    ill = ailing(known, claims)
    return replace(known, ailing=ill, besides=writer_tells or (patient != WRITER and patient in ill))


def ailing(known: People, claims: list[Hit]) -> frozenset[int]:
    """Those who have a complaint that nobody else may have."""
    spoken_of = (known.at(hit.start) for hit in claims)
    return frozenset(mention.one for mention in spoken_of if mention and not mention.perhaps)


def claims_own(message: Message, known: People, hit: Hit) -> bool:
    """Whether the writer says that they have it: "i …" or "my …" in the same phrase, and no mere fright; or that
    somebody harms them.

    "i cant wake him" is his.
    """
    mention = known.at(hit.start)
    if hit.entry.name == message.lexicon.bindings.harm and at_writer(message, hit):
        return True
    if mention is None or mention.person is not None:
        return False
    if not message.lexicon.language.people.pronouns.keys().isdisjoint(message.words.words[hit.start : hit.end]):
        return False
    same = message.clauses.phrase[mention.at] == message.clauses.phrase[hit.start]
    return same and hit.own.isdisjoint(message.lexicon.language.people.upset)


def spoken_for(message: Message, known: People, claims: list[Hit], times: Timeline) -> Mention | None:
    """Whom the writer speaks for: who has a complaint, whose age is told, or "it is about my …"."""
    for hit in claims:
        mention = known.at(hit.start)
        ours = whose(message, known, times, hit) in {Whose.PATIENT, Whose.UNSURE}
        if mention and mention.person and ours:
            return mention
    told = (mention for mention in known.mentions if introduced(message, mention))
    return next(told, None) or child_of_age(message, known)


def child_of_age(message: Message, known: People) -> Mention | None:
    """`… , my son is 3`: a child whose age is told."""
    for quantity in message.quantities:
        read = age(message, quantity)
        mention = known.at(quantity.start) if read else None
        if read and mention and mention.person and convert(read[0], read[1], "years") < CHILD_YEARS:
            return mention
    return None


def introduced(message: Message, mention: Mention) -> bool:
    """`for my son`, `its my mother`, `my 3 week old`; or nothing else is said."""
    words, text = message.lexicon.language.people, message.words
    if mention.person is None or not mention.named:
        return False
    if text.words[mention.at] in words.old or text.words[mention.at] in message.lexicon.language.unit_of:
        return True
    alone = mention.start == 0 and mention.at == len(text) - 1
    return alone or (mention.start > 0 and text.words[mention.start - 1] in words.about)


def owners(message: Message, known: People, times: Timeline, hit: Hit) -> Iterator[Owner]:
    """Whose the claim is, and whose it may be as well: of two ill persons a danger is held to be either's."""
    found, mention = whose(message, known, times, hit), known.at(hit.start)
    if mention is None or found is Whose.PATIENT or (found is Whose.UNSURE and known.is_patient(mention.one)):
        yield Owner(found)
    else:
        yield Owner(found, known.name(mention.one))
        if known.writer_is_ill and WRITER in mention.perhaps and found is not Whose.HISTORY:
            yield Owner(Whose.PATIENT)  # "a cold from my daughter, then wheezing"
    if known.several and found in {Whose.PATIENT, Whose.OTHER}:
        already = known.patient if found is Whose.PATIENT or mention is None else mention.one
        for one in dict.fromkeys(may_also_be(message, known, mention, hit)):
            if one != already:
                yield Owner(Whose.PATIENT) if known.is_patient(one) else Owner(Whose.OTHER, known.name(one))


def of_two(message: Message, known: People, hit: Hit) -> bool:
    """Whether a phrase with a gap reaches from what one has to what another is said to have by itself."""
    first, last = known.at(hit.start), known.at(hit.end - 1)
    if not (known.several and first and last) or first.one == last.one or first.at < message.words.first[hit.start]:
        return False
    phrase, mine = message.clauses.phrase, message.lexicon.language.people.mine
    if phrase[last.start] == phrase[hit.start] or message.words.words[last.at] in mine:
        return False
    return any(last.at < claim.start and claim.end <= hit.end for claim in message.claims)


def may_also_be(message: Message, known: People, mention: Mention | None, hit: Hit) -> Iterator[int]:
    """Who else is ill that a claim may be of: a sentence that names nobody first ("stiff neck, too") may be of anybody,
    and of who is named behind it ("green sick from my baby")."""
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
    """Whose the claim is."""
    mention = known.at(hit.start)
    if in_family(message, hit) or (mention and of_kin(message, known, mention, hit)):
        return Whose.HISTORY
    if mention is None:
        return Whose.PATIENT
    if mention.person is None:
        return Whose.OTHER if known.for_another and mere_fright(message, hit) else Whose.PATIENT
    if mention.person.elder and long_over(message, times, mention, hit):
        told = (known.writer_is_ill and known.besides) or dated(message, hit) or past(message, times, hit) is Grip.FIRM
        if told or not (known.introduced and known.is_patient(mention.one)):
            return Whose.HISTORY if told else Whose.UNSURE
    if known.is_patient(mention.one) or done_to_writer(message, hit):
        return Whose.PATIENT
    if known.besides and long_over(message, times, mention, hit):
        return Whose.UNSURE
    return Whose.UNSURE if in_passing(message, known, times, hit.start) else Whose.OTHER


def in_passing(message: Message, known: People, times: Timeline, place: int) -> bool:
    """Whether a long story of the writer's own illness speaks of somebody else, and not of now."""
    story = known.writer_is_ill and known.besides and len(message.words) >= STORY
    return story and message.clauses.phrase[place] not in times.present


def mere_fright(message: Message, hit: Hit) -> bool:
    """`i am so scared`, and nothing besides: not `scared i will hurt her`."""
    language = message.lexicon.language
    said = set(message.words.words[hit.start : hit.end]) - language.fillers - language.people.me
    return bool(said) and said <= language.people.upset


def done_to_writer(message: Message, hit: Hit) -> bool:
    """`he hits me`: somebody else does it, and the writer is the patient; of "he strangled me" all that is said so."""
    harm = message.lexicon.bindings.harm
    same = (one for one in message.claims if one.entry.name == harm and one.start < hit.end and hit.start < one.end)
    return any(at_writer(message, one) for one in (hit, *same))


def at_writer(message: Message, hit: Hit) -> bool:
    return not message.lexicon.language.people.done_to.isdisjoint(message.words.words[hit.start : hit.end])


def in_family(message: Message, hit: Hit) -> bool:
    """`family history of …`, `… runs in the family`."""
    before = message.nearest(Role.FAMILY, hit.start)
    if before and grip_of_list(message, before, hit) is not Grip.NONE:
        return True
    behind = message.following(Role.FAMILY, hit.end)
    return behind is not None and message.clauses.phrase[behind.start] == message.clauses.phrase[hit.start]


def of_kin(message: Message, known: People, mention: Mention, hit: Hit) -> bool:
    """`a 28-year-old woman presents with …; sister has asthma`: the summary is of somebody else.

    Of a writer who is ill: what runs in families, and what no relative may need help for now.
    """
    words, text = message.lexicon.language.people, message.words.words
    between = text[mention.at + 1 : hit.start]
    has = text[mention.at] in words.kin_of and bool(between) and words.ill_with.issuperset(between)
    lasting = known.writer_is_ill and message.lexicon.findings[hit.entry.name].lasting
    return has and (lasting or any(introduces(message, quantity) for quantity in message.quantities))


def introduces(message: Message, quantity: Quantity) -> bool:
    """`a 28-year-old woman`: whom a clinician's summary is about."""
    words, text = message.lexicon.language, message.words.words
    before = text[quantity.start - 1] if quantity.start else ""
    return before in words.quantities.articles and old(message, quantity) and sex_beside(message, quantity) is not None


def long_over(message: Message, times: Timeline, mention: Mention, hit: Hit) -> bool:
    """Whether a relative "had" it, "died of" it, and nothing says that this was just now."""
    if message.clauses.phrase[hit.start] in times.present:
        return False
    first = mention.at if mention.person and mention.person.elder else max(mention.at, hit.start - JUST_BEFORE)
    between = message.words.words[first : hit.end if first == mention.at else hit.start]
    history, died = message.lexicon.language.people.history, message.lexicon.language.people.died
    if not died.isdisjoint(message.words.words[message.words.first[hit.start] : first]):
        return True
    return not history.isdisjoint(between) or past(message, times, hit) is Grip.FIRM


def dated(message: Message, hit: Hit) -> bool:
    """`had a stroke at 50`."""
    ages, words = message.lexicon.language.timing.ages, message.words.words
    phrase = message.clauses.phrase
    return any(
        quantity.start and words[quantity.start - 1] in ages and phrase[quantity.start] == phrase[hit.start]
        for quantity in message.quantities
    )
