"""Finds out who the patient of a message is: the writer, or somebody they write for.

There is one patient. If the writer is ill, it is the writer; else it is the first person who is, and the writer speaks
for them.
"""

from collections.abc import Sequence
from dataclasses import replace

from dialogue.understanding.ages import age
from dialogue.understanding.asides import with_returns
from dialogue.understanding.coreference import Coreference
from dialogue.understanding.experiencer import Whose, is_done_to_writer, whose
from dialogue.understanding.index import Hit, Role
from dialogue.understanding.known_people import NOBODY_YET, known_people
from dialogue.understanding.mentions import CHILD_YEARS, WRITER, Mention, mentioned
from dialogue.understanding.message import Message
from dialogue.understanding.people import NOBODY, People
from dialogue.understanding.timing import Timeline
from policies.facts import Fact, latest
from policies.units import convert


def people_in(message: Message, times: Timeline, facts: Sequence[Fact] = ()) -> People:
    """Everybody of whom the message speaks. The patient is known from the conversation's `facts`, else from this
    message."""
    mentions = mentioned(message)
    if not mentions:
        return NOBODY
    others = any(mention.person for mention in mentions)
    before = known_people(facts, message.lexicon) if others and facts else NOBODY_YET
    coreference = Coreference(message, before.everybody, before.recent, before.patient, before.sex)
    resolved = with_returns(message, coreference.resolve(mentions), coreference.everybody, before.patient)
    known = People(resolved, coreference.everybody, before.patient)
    claims = [hit for hit in message.claims if hit.entry.role is not Role.CHOICE]
    patient, proxy = before.patient, None
    writer_tells = patient in {None, WRITER} and any(is_writers_own(message, known, hit) for hit in claims)
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
    """The people with a complaint that can only be theirs."""
    spoken_of = (known.at(hit.start) for hit in claims)
    return frozenset(mention.one for mention in spoken_of if mention and not mention.perhaps)


def is_writers_own(message: Message, known: People, hit: Hit) -> bool:
    """Whether the writer tells it of themselves: after "i" or "my" in the same phrase, or if somebody harms them.

    Not if they are only frightened, nor if the claim itself names another person: "i cant wake him" is about him.
    """
    mention = known.at(hit.start)
    if hit.entry.name == message.lexicon.bindings.harm and is_done_to_writer(message, hit):
        return True
    if mention is None or mention.person is not None:
        return False
    if not message.lexicon.language.people.pronouns.keys().isdisjoint(message.words.words[hit.start : hit.end]):
        return False
    same = message.clauses.phrase[mention.at] == message.clauses.phrase[hit.start]
    return same and hit.own.isdisjoint(message.lexicon.language.people.upset)


def spoken_for(message: Message, known: People, claims: list[Hit], times: Timeline) -> Mention | None:
    """The person for whom the writer speaks.

    That is who has a complaint, else who is introduced ("it is about my …"), else a child whose age is told. Not who
    perhaps had something long ago, after a complaint of nobody that is named: "blood in my stool, my dad had cancer".
    """
    unnamed = False
    for hit in claims:
        mention = known.at(hit.start)
        found = whose(message, known, times, hit) if mention and mention.person else None
        if found is Whose.PATIENT or (found is Whose.UNSURE and not unnamed):
            return mention
        unnamed = unnamed or found is None
    told = (mention for mention in known.mentions if introduced(message, mention))
    return next(told, None) or child_of_age(message, known)


def child_of_age(message: Message, known: People) -> Mention | None:
    """The first child whose age is told: `… , my son is 3`."""
    for quantity in message.quantities:
        mention = known.at(quantity.start)
        read = age(message, quantity) if mention and mention.person else None
        if read and convert(read[0], read[1], "years") < CHILD_YEARS:
            return mention
    return None


def introduced(message: Message, mention: Mention) -> bool:
    """Whether the writer says that it is about this person: `for my son`, `its my mother`, `my 3 week old`.

    A message that only names a person does so, too.
    """
    words, text = message.lexicon.language.people, message.words
    if mention.person is None or not mention.named:
        return False
    if text.words[mention.at] in words.old or text.words[mention.at] in message.lexicon.language.unit_of:
        return True
    alone = mention.start == 0 and mention.at == len(text) - 1
    return alone or (mention.start > 0 and text.words[mention.start - 1] in words.about)
