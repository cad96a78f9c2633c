"""What a patient's message was understood to mean. Knows nothing about how it was found or what follows from it."""

from enum import StrEnum
from typing import NamedTuple

from policies.facts import Fact


class Command(StrEnum):
    """Something the patient asks of the conversation itself, in any state."""

    BACK = "back"
    REPEAT = "repeat"
    REPHRASE = "rephrase"
    WHY = "why"
    DONT_KNOW = "dont_know"
    SKIP = "skip"
    HOW_LONG = "how_long"
    WHO_ASKS = "who_asks"
    PERSON = "person"
    START_OVER = "start_over"
    STOP = "stop"
    DELETE = "delete"
    CORRECT = "correct"
    LANGUAGE = "language"


class Likeness(NamedTuple):
    """The dangers that the words `text` resemble, and the chance (0 to 1) that they tell of any danger."""

    suspects: tuple[str, ...]
    chance: float
    text: str


class Understood(NamedTuple):
    """What a message means.

    `facts` are in the order of the words; uncertain ones (`certain=False`) should be asked back. `misspelt` are the
    findings that are uncertain because of their spelling. `affirmed` is True for yes, False for no, None for
    neither. `command` may come with facts ("sorry, three days, not two" is CORRECT). `unread` is set if reading
    failed by a fault of ours: the message then goes to a person. `language` is the one that a LANGUAGE command asks
    for. `likeness` is what the message may mean besides. `asks` is set if it ends with a question.
    """

    facts: tuple[Fact, ...] = ()
    command: Command | None = None
    affirmed: bool | None = None
    unread: bool = False
    misspelt: frozenset[str] = frozenset()
    likeness: Likeness | None = None
    asks: bool = False
    language: str = ""
