"""Words such as STOP and HELP that carriers act on themselves, so that they never reach us as an answer.

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
    """The meaning of a text that consists of one such word; None for any other text. The carrier's own verdict
    (`OptOutType`) has precedence.

    Carriers take "YES" as an opt-in, too, but here it is an answer to a question and read as such.
    """
    if opt_out_type.upper() in Keyword.__members__ and keyword(body) is not None:
        return Keyword[opt_out_type.upper()]
    word = body.strip().strip(".!\"'").lower().replace(" ", "").replace("-", "")
    return next((one for one, words in _WORDS.items() if word in words), None)
