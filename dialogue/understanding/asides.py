"""Where a list goes on about the patient after an item about a relative: "nausea, father had a stroke at 60, sweating".

Without this, all that follows would be the relative's, and the patient's danger would be lost.
"""

from collections.abc import Sequence
from itertools import zip_longest

from dialogue.understanding.coreference import Somebody
from dialogue.understanding.experiencer import BY_BLOOD
from dialogue.understanding.mentions import WRITER, Mention
from dialogue.understanding.message import Message
from dialogue.understanding.timing import is_note
from dialogue.understanding.words import ITEM


def with_returns(
    message: Message, mentions: Sequence[Mention], everybody: Sequence[Somebody], patient: int | None
) -> list[Mention]:
    """The mentions, and one of the patient after each item that is an aside about a relative.

    `patient` is whom the conversation is about. Before that is known, it is who was spoken of before the aside.
    """
    found: list[Mention] = []
    told_of = patient
    for mention, following in zip_longest(mentions, mentions[1:]):
        if patient is None and told_of is None:
            told_of = already_told_of(message, mentions[0], mention)
        found.append(mention)
        end = next_item(message, mention.at)
        until = following.start if following else len(message.words)
        if end < until and told_of is not None and is_aside(message, mention, told_of):
            person = None if told_of == WRITER else everybody[told_of - 1].person
            perhaps = (mention.one,) if tells_new(message, mention, end) else ()
            found.append(Mention(end, end, person, one=told_of, perhaps=perhaps, returns=True))
    return found


def already_told_of(message: Message, first: Mention, mention: Mention) -> int | None:
    """Who was spoken of before the mention: the writer if a complaint came before anybody was named, else who was
    first."""
    if any(hit.end <= first.start for hit in message.claims):
        return WRITER
    return first.one if first.at < mention.at else None


def next_item(message: Message, at: int) -> int:
    """Where the next item of the list begins."""
    pauses = message.words.pauses
    return next((place for place in range(at + 1, len(pauses)) if pauses[place] >= ITEM), len(pauses))


def is_aside(message: Message, mention: Mention, patient: int) -> bool:
    """Whether the item only tells of a relative: any kin in a note, in a writer's own story one by blood who "had" or
    "died of" something."""
    words, text = message.lexicon.language.people, message.words
    kin = words.kin_of.get(text.words[mention.at], "")
    if not kin or mention.one == patient or not opens_item(message, mention):
        return False
    item = text.words[mention.at : next_item(message, mention.at)]
    return is_note(message) or (kin in BY_BLOOD and not words.history.isdisjoint(item))


def opens_item(message: Message, mention: Mention) -> bool:
    """Whether nothing but "her", "two older" or the like stands before the relative in the item."""
    words, text = message.lexicon.language.people, message.words
    start = next((place for place in range(mention.at, -1, -1) if text.pauses[place] >= ITEM), 0)
    return (words.before_kin | words.mine).issuperset(text.words[start : mention.at])


def tells_new(message: Message, mention: Mention, end: int) -> bool:
    """Whether the relative may have something of now, so that what follows may be theirs, too: "husband collapsed,
    grey", "mother had a headache an hour ago, stiff neck". In a writer's own story that is never sure."""
    if not is_note(message):
        return True
    findings = message.lexicon.findings
    return any(mention.at < hit.start < end and not findings[hit.entry.name].lasting for hit in message.claims)
