"""Whether a message states what it names, wonders about it, or asks in general. Knows nothing about findings."""

from enum import Enum

from dialogue.understanding.index import Hit, Role
from dialogue.understanding.message import Message
from dialogue.understanding.words import ITEM

REACH = 5


class Stance(Enum):
    STATED = "stated"
    WONDERED = "wondered"
    GENERAL = "general"


def stance(message: Message, hit: Hit) -> Stance:
    """GENERAL names a thing without anybody having it ("what are the signs of a stroke")."""
    if any(topic.start < hit.start < topic.end for topic in message.cues.get(Role.TOPIC, ())):
        return Stance.GENERAL
    topic = message.nearest(Role.TOPIC, hit.start)
    if topic and reaches(message, topic.end, hit) and about_topic(message, topic.end, hit):
        return Stance.GENERAL
    unsure = message.nearest(Role.UNSURE, hit.start)
    if unsure and reaches(message, unsure.end, hit):
        return Stance.WONDERED
    worry = message.nearest(Role.HYPOTHETICAL, hit.start)
    if worry and reaches(message, worry.end, hit) and not owned(message, worry.end, hit.start):
        return Stance.WONDERED
    return Stance.WONDERED if wondered_in_question(message, hit) else Stance.STATED


def about_topic(message: Message, start: int, hit: Hit) -> bool:
    return clean(message, start, hit) or impersonal(message, start, hit)


def impersonal(message: Message, start: int, hit: Hit) -> bool:
    """Whether the claim's sentence speaks of nobody and of no time: "what are the symptoms of toxic shock"; no comma
    stands between as in "no idea what is wrong, coughing up blood"."""
    if any(message.words.pauses[place] >= ITEM for place in range(start, hit.start + 1)):
        return False
    first, language = message.words.first, message.lexicon.language
    people = language.people
    sentence = first[hit.start]
    end = hit.end
    while end < len(message.words) and first[end] == sentence:
        end += 1
    words = message.words.words[sentence:end]
    spoken_of = people.me | people.mine | language.doubt.anybody | people.pronouns.keys() | people.words.keys()
    recent = message.cues.get(Role.RECENT, ())
    return spoken_of.isdisjoint(words) and not any(first[cue.start] == sentence for cue in recent)


def reaches(message: Message, end: int, hit: Hit) -> bool:
    """Whether a cue that ends there is in the claim's stretch and near it."""
    stretch = message.clauses.stretch
    return hit.start - end <= REACH and stretch[end - 1] == stretch[hit.start]


def clean(message: Message, start: int, hit: Hit) -> bool:
    """Whether nothing of weight stands between."""
    between = message.words.words[start : hit.start]
    clauses, glue = message.lexicon.language.clauses, message.lexicon.language.negation.glue
    return glue.issuperset(between) and clauses.own.isdisjoint(between)


def owned(message: Message, start: int, end: int) -> bool:
    """Whether a word such as "my" or "this" says that there is such a thing."""
    return not message.lexicon.language.clauses.own.isdisjoint(message.words.words[start:end])


def wondered_in_question(message: Message, hit: Hit) -> bool:
    """`should i go in with chest pain?` wonders; `can you help, my chest hurts?` states."""
    if not message.words.asked(hit.start):
        return False
    opening = question_word(message, hit)
    return opening is not None and not owned(message, opening, hit.start)


def question_word(message: Message, hit: Hit) -> int | None:
    """Where the question that the claim stands in begins."""
    words, pauses, clauses = message.words.words, message.words.pauses, message.lexicon.language.clauses
    first = message.words.first[hit.start]
    for place in range(hit.start, max(first, hit.start - 4 * REACH) - 1, -1):
        opens = place == first or pauses[place] >= ITEM or words[place - 1] in clauses.edges
        if opens and words[place] in clauses.question:
            return place
    return None
