"""Where the log goes and how a line of it looks. Of an exception only its type and place are written, never its text.

Knows nothing about who logs: it also holds for libraries, whose messages we do not choose.
"""

import logging
import sys
from types import TracebackType

from channels.problems import place

LINE = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class Discreet(logging.Formatter):
    """An exception's text, and the values in a library's traceback, may be a patient's words."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return f"{ei[0].__name__} at {place(ei[1])}" if ei[0] else ""

    def formatStack(self, stack_info: str) -> str:
        return ""


def keep_log(level: str) -> None:
    """Everything of `level` and above to standard error; of libraries warnings only, whatever the level."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(LINE))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for ours in ("app", "channels", "dialogue", "knowledge", "llm", "storage"):
        logging.getLogger(ours).setLevel(level.upper())
