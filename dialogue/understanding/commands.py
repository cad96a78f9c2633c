"""What a message asks of the conversation itself. Knows nothing about what the conversation does with it."""

from dialogue.understanding.index import Hit, Role
from dialogue.understanding.meaning import Command
from dialogue.understanding.message import Message

OPENING = 3
"""How many words may stand before the one that announces a correction."""


def commanded(message: Message) -> Command | None:
    """The command that the message is. A correction may also contain the corrected answer."""
    hits = message.cues.get(Role.COMMAND, [])
    whole = [hit for hit in hits if is_all(message, hit)]
    if whole:
        return Command(max(whole, key=lambda hit: hit.end - hit.start).entry.name)
    return Command.CORRECT if corrects(message, hits) else None


def is_all(message: Message, hit: Hit) -> bool:
    """Whether only courtesy and filler words stand around the command. "my back" is not the command "back"."""
    words = message.words.words
    if hit.start and words[hit.start - 1] in message.lexicon.language.people.mine:
        return False
    around = (*words[: hit.start], *words[hit.end :])
    return message.lexicon.language.silent.issuperset(around)


def corrects(message: Message, hits: list[Hit]) -> bool:
    """Whether the message corrects an earlier answer: `i made a mistake, …`, `sorry, three days, not two`."""
    if any(Command(hit.entry.name) is Command.CORRECT and hit.start < OPENING for hit in hits):
        return True
    contrasts = not message.lexicon.language.commands.contrast.isdisjoint(message.words.words)
    marks = message.cues.get(Role.CORRECTION, ())
    return any(mark.start < OPENING for mark in marks) and (contrasts or bool(message.quantities))
