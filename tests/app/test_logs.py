"""What the log writes of a fault: where it was and of what kind, never its text."""

import logging
from pathlib import Path

from app.logs import Discreet, keep_log
from tests.app.running import run

WORDS = "quixotrope"


def logged(message: str, *arguments: object, error: BaseException | None = None) -> str:
    record = logging.LogRecord("app.worker", logging.ERROR, __file__, 1, message, arguments, None)
    if error:
        record.exc_info = (type(error), error, error.__traceback__)
    record.stack_info = f"stack with {WORDS}"
    return Discreet("%(levelname)s %(name)s: %(message)s").format(record)


def test_an_exceptions_text_is_not_written() -> None:
    try:
        raise ValueError(WORDS)
    except ValueError as error:
        line = logged("the worker goes on after a fault", error=error)
    assert line.startswith("ERROR app.worker: the worker goes on after a fault\nValueError at test_logs.py:")
    assert WORDS not in line


def test_the_log_level_applies_to_our_loggers_only() -> None:
    root, ours = logging.getLogger(), logging.getLogger("channels")
    handlers, level = list(root.handlers), root.level
    try:
        keep_log("debug")
        assert ours.getEffectiveLevel() == logging.DEBUG
        assert logging.getLogger("httpx").getEffectiveLevel() == logging.WARNING
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        ours.setLevel(logging.NOTSET)
        for name in ("app", "dialogue", "knowledge", "llm", "storage"):
            logging.getLogger(name).setLevel(logging.NOTSET)


def test_an_unknown_log_level_is_reported(tmp_path: Path) -> None:
    done = run("doctor", folder=tmp_path, settings={"log_level": "loud"})
    assert done.returncode == 1
    assert "PREVISIT_LOG_LEVEL: Input should be 'debug', 'info', 'warning' or 'error'" in done.stderr
