"""How far a cue such as "no", "denies" or "history of" reaches over the list that follows it.

Method: Chapman et al., "A simple algorithm for identifying negated findings and diseases in discharge summaries"
(J Biomed Inform 2001).
"""

from enum import Enum

from dialogue.understanding.index import Hit
from dialogue.understanding.message import Message
from dialogue.understanding.words import ITEM

LONGEST_LIST = 60
LONGEST_ITEM = 6
NEXT = 3
SHORTEST_STATEMENT = 4


class Reach(Enum):
    """How surely a cue applies to a claim. UNCLEAR means that the patient must be asked."""

    NONE = 0
    UNCLEAR = 1
    LOOSE = 2
    FIRM = 3


def reach_over_list(message: Message, cue: Hit, hit: Hit) -> Reach:
    """How surely "no", "without" or "denies" applies: to one thing, and to lists with "or" or "nor".

    In doubt with a list that has only commas or "and", and with an unknown word before the thing: in "no fever, chest
    pain since noon" the pain is there.
    """
    words, pauses = message.words.words, message.words.pauses
    negation = message.lexicon.language.negation
    start = max(message.run(hit, cue.end), cue.end)
    if hit.start > cue.end and words[hit.start - 1] in negation.instead:
        return Reach.NONE
    if pauses[cue.end] >= ITEM and ":" not in message.words.between[cue.end]:
        return Reach.NONE
    if not same_part(message.clauses.clause, cue.end - 1, start) or start - cue.end > LONGEST_LIST:
        return Reach.NONE
    item, joined, either = cue.end, False, False
    for place in range(cue.end, start):
        if words[place] in negation.either or words[place] in negation.also:
            item, joined, either = place + 1, True, either or words[place] in negation.either
        elif pauses[place] == ITEM and place > cue.end:
            item, joined, either = place, True, either or "/" in message.words.between[place]
    if pauses[start] == ITEM and start > cue.end:
        item, joined, either = start, True, either or "/" in message.words.between[start]
    if start - item > LONGEST_ITEM:
        return Reach.NONE
    clean = all(word in negation.glue for word in words[item:start])
    if joined and not either and not or_follows(message, hit):
        told = goes_on_as_statement(message, hit) or item_is_statement(message, item, hit, is_itemized(message, cue))
        return Reach.NONE if told else Reach.LOOSE
    return Reach.FIRM if clean else Reach.LOOSE


def reach_of_denial(message: Message, cue: Hit, hit: Hit) -> Reach:
    """As `reach_over_list`, but nothing after the end of the list is denied, and items joined by commas are unclear."""
    reach = reach_over_list(message, cue, hit)
    ahead, itemized = or_follows(message, hit), is_itemized(message, cue)
    open_ended = not ahead and without_or(message, cue.end, hit.start)
    end = end_of_item(message, hit) if open_ended or itemized else hit.end
    if reach is Reach.NONE or list_is_over(message, cue.end, end, itemized):
        return Reach.NONE
    if not open_ended:
        closed = not ahead and without_or(message, start_of_item(message, cue, hit), hit.start)
        return reach if not closed else Reach.LOOSE if itemized else Reach.UNCLEAR
    return Reach.UNCLEAR if reach is Reach.LOOSE and is_second_of_two(message, cue.end, hit) else reach


def is_itemized(message: Message, cue: Hit) -> bool:
    """Whether the cue opens a list as clinicians write it: "denies chills or rigors, cough, loss of weight"."""
    itemizing = message.lexicon.language.negation.itemizing
    return not itemizing.isdisjoint(message.words.words[cue.start : cue.end])


def without_or(message: Message, start: int, end: int) -> bool:
    return message.lexicon.language.negation.either.isdisjoint(message.words.words[start:end])


def list_is_over(message: Message, begin: int, end: int, itemized: bool = False) -> bool:
    """Whether the list of denied things that begins at word `begin` ends before word `end`.

    Its items are names of things. An item with a number, or one that tells what happened or who somebody is, is a
    statement and ends the list: "no fever, waters broke at 25 weeks", "no fever, diabetic, vomiting". In an itemized
    one a thing may be told more nearly ("sudden weakness", "the color of her legs"), unless that begins the item.
    """
    text, negation = message.words, message.lexicon.language.negation
    items = [place for place in range(begin + 1, end) if text.pauses[place] >= ITEM]
    later = text.words[items[0] if items else end : end]
    if itemized and not any(text.words[place] in negation.stating for place in items):
        later = [word for word in later if word not in negation.naming]
    return any(word[0].isdigit() for word in later) or not negation.telling.isdisjoint(later)


def is_second_of_two(message: Message, begin: int, hit: Hit) -> bool:
    """Whether the claim is the second of two things with only a comma between: "no fever, chest pain" is unclear."""
    pauses, sentence = message.words.pauses, message.words.last[begin - 1]
    return ITEM in pauses[begin + 1 : hit.start + 1] and sum(pause == ITEM for pause in pauses[begin:sentence]) == 1


def or_follows(message: Message, hit: Hit) -> bool:
    """Whether an "or" follows in the same clause, so that a list goes on."""
    clause = message.clauses.clause
    end = min(len(clause), hit.end + LONGEST_LIST)
    either = message.lexicon.language.negation.either
    for place in range(hit.end, end):
        if clause[place] != clause[hit.start]:
            return False
        if message.words.words[place] in either:
            return True
    return False


def item_is_statement(message: Message, item: int, hit: Hit, itemized: bool) -> bool:
    """Whether the list item with the claim is a statement of its own: "no fever, cant get enough air in"."""
    negation = message.lexicon.language.negation
    words = message.words.words[item : end_of_item(message, hit)]
    telling = len(words) >= SHORTEST_STATEMENT and not negation.stating.isdisjoint(words)
    return telling or (not itemized and len(words) > LONGEST_ITEM and negation.either.isdisjoint(words))


def start_of_item(message: Message, cue: Hit, hit: Hit) -> int:
    place = hit.start
    while place > cue.end and message.words.pauses[place] < ITEM:
        place -= 1
    return place


def end_of_item(message: Message, hit: Hit) -> int:
    text, end = message.words, hit.end
    while end < len(text) and text.pauses[end] < ITEM:
        end += 1
    return end


def goes_on_as_statement(message: Message, hit: Hit) -> bool:
    """Whether the words after the claim make it a statement of its own ("…, chest pain since noon")."""
    end = hit.end
    if end >= len(message.words) or message.words.pauses[end] >= ITEM:
        return False
    return message.words.words[end] in message.lexicon.language.negation.restarts


def reach_of_next(message: Message, cue: Hit, hit: Hit) -> Reach:
    """How surely "not", "isnt" or "never" applies: to what follows directly, and to more only after "or" or "nor"."""
    words, pauses = message.words.words, message.words.pauses
    first = cue.end
    while first < min(len(words), cue.end + NEXT) and words[first] in message.lexicon.language.negation.glue:
        if message.begins(first) or pauses[first] >= ITEM:
            break
        first += 1
    if first >= len(words) or not message.begins(first) or pauses[first] >= ITEM:
        return Reach.NONE
    if message.run(hit, cue.end) == first:
        return Reach.FIRM
    between = words[first : hit.start]
    reaches = len(between) <= LONGEST_LIST and (
        not message.lexicon.language.negation.either.isdisjoint(between) or or_follows(message, hit)
    )
    return reach_of_denial(message, cue, hit) if reaches else Reach.NONE


def same_part(numbers: list[int], left: int, right: int) -> bool:
    return numbers[left] == numbers[right]
