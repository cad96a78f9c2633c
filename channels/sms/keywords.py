"""Words that carriers act on by themselves before or instead of us: they are never an answer. Knows no conversation.

The lists are Twilio's default opt-out, opt-in and help words, and what United States law adds to them.
"""

from enum import Enum, auto


class Keyword(Enum):
    STOP = auto()
    START = auto()
    HELP = auto()


_WORDS = {
    Keyword.STOP: {"stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout"},
    Keyword.START: {"start", "unstop"},
    Keyword.HELP: {"help", "info"},
}


def keyword(body: str, opt_out_type: str = "") -> Keyword | None:
    """What a whole text of one such word means; the carrier's own verdict (`OptOutType`) goes first.

    "YES" opts in with the carrier too, but is an answer of ours as well: it is read as words.
    """
    if opt_out_type.upper() in Keyword.__members__ and keyword(body) is not None:
        return Keyword[opt_out_type.upper()]
    word = body.strip().strip(".!\"'").lower().replace(" ", "").replace("-", "")
    return next((one for one, words in _WORDS.items() if word in words), None)
