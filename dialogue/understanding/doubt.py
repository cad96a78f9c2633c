"""Whether a message states what it names, wonders about it, or asks in general. Knows nothing about findings."""

from enum import Enum

from dialogue.understanding.index import Hit, Role
from dialogue.understanding.message import Message
from dialogue.understanding.words import ITEM

REACH = 5


class Stance(Enum):
    """How a message means what it names: states it, wonders about it, or speaks of it in general."""

    STATED = "stated"
    WONDERED = "wondered"
    GENERAL = "general"


def stance(message: Message, hit: Hit) -> Stance:
    """How the claim is meant. GENERAL: nobody is said to have it ("what are the signs of a stroke")."""
    if any(topic.start < hit.start < topic.end for topic in message.cues.get(Role.TOPIC, ())):
        return Stance.GENERAL
    topic = message.nearest(Role.TOPIC, hit.start)
    if topic and is_near(message, topic.end, hit) and about_topic(message, topic.end, hit):
        return Stance.GENERAL
    unsure = message.nearest(Role.UNSURE, hit.start)
    if (unsure and is_near(message, unsure.end, hit)) or begins_in_doubt(message, hit):
        return Stance.WONDERED
    worry = message.nearest(Role.HYPOTHETICAL, hit.start)
    if worry and is_near(message, worry.end, hit) and not is_owned(message, worry.end, hit.start):
        return Stance.WONDERED
    return Stance.WONDERED if wondered_in_question(message, hit) else Stance.STATED


def begins_in_doubt(message: Message, hit: Hit) -> bool:
    """Whether the claim's first words end an unsure cue: "about to | have a | heart attack". Not if it tells more
    behind a comma: "about to have a baby, the head is showing"."""
    cues = (cue for cue in message.cues.get(Role.UNSURE, ()) if cue.start < hit.start < cue.end <= hit.end)
    return any(all(pause < ITEM for pause in message.words.pauses[cue.end : hit.end]) for cue in cues)


def about_topic(message: Message, start: int, hit: Hit) -> bool:
    return is_directly_after(message, start, hit) or impersonal(message, start, hit)


def impersonal(message: Message, start: int, hit: Hit) -> bool:
    """Whether the claim's sentence names no person and no time: "what are the symptoms of toxic shock".

    Not if a comma separates them: "no idea what is wrong, coughing up blood".
    """
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


def is_near(message: Message, end: int, hit: Hit) -> bool:
    """Whether a cue that ends at word `end` is in the same stretch as the claim and close before it."""
    stretch = message.clauses.stretch
    return hit.start - end <= REACH and stretch[end - 1] == stretch[hit.start]


def is_directly_after(message: Message, start: int, hit: Hit) -> bool:
    """Whether only small words stand between word `start` and the claim."""
    between = message.words.words[start : hit.start]
    clauses, glue = message.lexicon.language.clauses, message.lexicon.language.negation.glue
    return glue.issuperset(between) and clauses.own.isdisjoint(between)


def is_owned(message: Message, start: int, end: int) -> bool:
    """Whether a word such as "my" or "this" says that somebody really has it."""
    return not message.lexicon.language.clauses.own.isdisjoint(message.words.words[start:end])


def wondered_in_question(message: Message, hit: Hit) -> bool:
    """Whether it stands in a question that only wonders about it: `should i go in with chest pain?`.

    `can you help, my chest hurts?` states it.
    """
    if not message.words.asked(hit.start):
        return False
    opening = question_word(message, hit)
    return opening is not None and not is_owned(message, opening, hit.start)


def question_word(message: Message, hit: Hit) -> int | None:
    """The word that begins the question around the claim; None if there is none."""
    words, pauses, clauses = message.words.words, message.words.pauses, message.lexicon.language.clauses
    first = message.words.first[hit.start]
    for place in range(hit.start, max(first, hit.start - 4 * REACH) - 1, -1):
        opens = place == first or pauses[place] >= ITEM or words[place - 1] in clauses.edges
        if opens and words[place] in clauses.question:
            return place
    return None
