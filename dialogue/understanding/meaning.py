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


class Likeness(NamedTuple):
    """Dangers that the words `quote` are like, and the chance that they tell of a danger at all."""

    suspects: tuple[str, ...]
    chance: float
    quote: str


class Understood(NamedTuple):
    """`facts` are in the order of the words; uncertain ones (`certain=False`) want asking back.

    `affirmed` is True for yes, False for no, None when the message says neither. `command` is set when the message
    asks for one, even if it holds facts as well ("sorry, three days, not two" is CORRECT with a fact). `unread` is a
    message that we failed to read by a fault of our own; it goes to a person. `likeness` is what it may mean besides.
    `asks` tells that it ends as a question. `misspelt` are the findings that are uncertain for their spelling.
    """

    facts: tuple[Fact, ...] = ()
    command: Command | None = None
    affirmed: bool | None = None
    unread: bool = False
    misspelt: frozenset[str] = frozenset()
    likeness: Likeness | None = None
    asks: bool = False
