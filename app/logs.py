"""Sets up the log. Of an exception only its type and place are written, never its text, also for libraries."""

import logging
import sys
from types import TracebackType

from channels.problems import place

LINE = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class Discreet(logging.Formatter):
    """Writes no exception's text and no traceback: they may hold a patient's words."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return f"{ei[0].__name__} at {place(ei[1])}" if ei[0] else ""

    def formatStack(self, stack_info: str) -> str:
        return ""


def keep_log(level: str) -> None:
    """Logs everything from `level` on to standard error; of libraries only warnings, whatever the level."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(LINE))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for ours in ("app", "channels", "dialogue", "knowledge", "llm", "storage"):
        logging.getLogger(ours).setLevel(level.upper())
