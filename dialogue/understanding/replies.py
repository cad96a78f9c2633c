"""Reads short answers: yes, no, all, none, "the first two", an option's label. Knows nothing about facts."""

from collections.abc import Sequence

from dialogue.understanding.index import Hit, Role
from dialogue.understanding.meaning import Command
from dialogue.understanding.message import UNCOVERED, Message
from dialogue.understanding.reach import Reach, reach_over_list
from dialogue.understanding.words import ITEM

LONGEST_LABELLED = 40


def affirmed(message: Message) -> tuple[bool, Hit] | None:
    """Whether the message begins with a yes or a no, and with which words."""
    found = opening(message, Role.YES, Role.NO)
    if found is None:
        return None
    yes = found.entry.role is Role.YES
    last = closing(message, found)
    if last is None:
        return yes, found
    if message.cues.get(Role.CORRECTION):
        return last.entry.role is Role.YES, last
    return None


def opening(message: Message, *roles: Role) -> Hit | None:
    """The longest short answer of these roles at the beginning of the message. Filler words before it are skipped."""
    place, unsaid = 0, message.lexicon.language.replies.unsaid
    while place < len(message.words):
        hits = [hit for role in roles for hit in message.cues.get(role, ()) if hit.start == place]
        hits = [hit for hit in hits if stands_alone(message, hit) and not is_of_command(message, hit)]
        if hits:
            return max(hits, key=lambda hit: hit.end)
        if message.words.words[place] not in unsaid:
            return None
        place += 1
    return None


def stands_alone(message: Message, hit: Hit) -> bool:
    """Whether the words are an answer of their own: the "no" of "no, …" and "no but …", not that of "no fever"."""
    language, end = message.lexicon.language, hit.end
    if message.words.words[hit.start] in language.negation.also:
        return len(message.words) == 1  # "n", read as "and", is no in itself only: "and my knee hurts" denies nothing
    if end >= len(message.words) or message.words.pauses[end] >= ITEM:
        return True
    following, clauses = message.words.words[end], language.clauses
    opens = message.words.words[hit.start] in clauses.starts or message.words.words[end - 1] in clauses.holding
    if opens and following not in clauses.ends:
        return says_no_more(message, end)
    if following in clauses.ends or following in clauses.starts or following in clauses.edges:
        return True
    if following in language.negation.bare_yes or following in language.negation.bare_no:
        return True
    if says_no_more(message, end):
        return True
    if hit.entry.role is Role.YES:
        return message.words.words[hit.start] in language.negation.bare_yes
    return message.words.words[hit.start] in language.negation.bare_no and not denies_something(message, hit)


def is_of_command(message: Message, hit: Hit) -> bool:
    """Whether the words belong to a command ("no idea what that means"), or are a correction."""
    around = [one for one in message.cues.get(Role.COMMAND, ()) if one.start <= hit.start and hit.end <= one.end]
    return any(one.end > hit.end or Command(one.entry.name) is Command.CORRECT for one in around)


def says_no_more(message: Message, place: int) -> bool:
    """Whether only filler words follow up to the next pause: "yes i think", but not "yes i have a cough"."""
    replies = message.lexicon.language.replies
    while place < len(message.words) and message.words.pauses[place] < ITEM:
        if message.words.words[place] not in replies.unsaid | replies.courtesy:
            return False
        place += 1
    return True


def denies_something(message: Message, hit: Hit) -> bool:
    """Whether the "no" denies a thing that is named after it."""
    ahead = next((claim for claim in message.claims if claim.start >= hit.end), None)
    covered = message.covered[hit.start] != UNCOVERED
    return covered or (ahead is not None and reach_over_list(message, hit, ahead) is not Reach.NONE)


def closing(message: Message, first: Hit) -> Hit | None:
    """A later yes or no that takes back the first, in a message of nothing else: "yes, no wait, no"."""
    unsaid = message.lexicon.language.replies.unsaid
    hits = [hit for role in (Role.YES, Role.NO, Role.CORRECTION) for hit in message.cues.get(role, ())]
    said = {place for hit in hits for place in range(hit.start, hit.end)}
    if any(place not in said and word not in unsaid for place, word in enumerate(message.words.words)):
        return None
    later = [hit for hit in hits if hit.start >= first.end and hit.entry.role is not Role.CORRECTION]
    last = max(later, key=lambda hit: (hit.end, hit.end - hit.start), default=None)
    return last if last and last.entry.role is not first.entry.role else None


def numbered(message: Message, count: int) -> list[int]:
    """The places (from 0) of the options that the message chooses by number: "1 and 3", "the first two", "the last
    one"."""
    replies = message.lexicon.language.replies
    silent = message.lexicon.language.silent | replies.both | message.lexicon.language.negation.bare_yes
    told = [part for word in message.words.words if word not in silent for part in digits(word)]
    if not told or not all(word.isdigit() or word in replies.ordinals for word in told):
        return []
    places: list[int] = []
    for index, word in enumerate(told):
        before = replies.ordinals.get(told[index - 1], 0) if index else 0
        many = int(word) if word.isdigit() and len(word) <= 2 else 0
        if many == 1 and before:
            continue
        if many and before in {1, -1}:
            places.pop()
            places += range(many) if before > 0 else range(count - many, count)
        elif many:
            places.append(many - 1)
        elif word in replies.ordinals:
            ordinal = replies.ordinals[word]
            places.append(ordinal - 1 if ordinal > 0 else count + ordinal)
    return list(dict.fromkeys(place for place in places if 0 <= place < count))


def digits(word: str) -> list[str]:
    """`1,3` as two numbers: it was read as a number with a fraction."""
    parts = word.split(".")
    return parts if all(part.isdigit() for part in parts) else [word]


def labelled(message: Message, labels: Sequence[str]) -> dict[int, bool]:
    """The places of the options that the message names by words of their labels: True if named, False if denied."""
    if len(message.words) > LONGEST_LABELLED:
        return {}
    contents = [content(message, message.lexicon.reader.read(label).words) for label in labels]
    named: dict[int, bool] = {}
    for words in items(message):
        said = content(message, words)
        fits = [place for place, label in enumerate(contents) if said and label and (said <= label or label <= said)]
        fits = [place for place in fits if contents[place] == said] or fits
        if len(fits) == 1:
            named[fits[0]] = message.lexicon.language.denying.isdisjoint(words)
    return named


def content(message: Message, words: Sequence[str]) -> frozenset[str]:
    """The words that carry meaning."""
    return frozenset(words) - message.lexicon.language.silent


def items(message: Message) -> list[list[str]]:
    """The message's words, cut at pauses, "and" and "or"."""
    negation = message.lexicon.language.negation
    parts: list[list[str]] = [[]]
    for word, pause in zip(message.words.words, message.words.pauses, strict=True):
        if pause >= ITEM or word in negation.also or word in negation.either:
            parts.append([])
        if word not in negation.also and word not in negation.either:
            parts[-1].append(word)
    return [part for part in parts if part]
