"""How a step ends for whoever started it: what they can mend is said in a line, not in a traceback.

Refused   a step cannot be done as it was asked for
"""

import sys
from collections.abc import Callable, Iterator

INTERRUPTED = 130
_FULL = ("no space left on device", "os error 28", "unexpected pos", "file write failed")
"""How the libraries that write models say that a disk is full."""


class Refused(Exception):
    """The message names what is wrong, where it stands, and what to do."""


def run_step(main: Callable[[], None]) -> None:
    """Runs a step; a Refused or another fault that a person can fix ends it with one line instead of a traceback."""
    try:
        main()
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from the last thing that was kept.", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except Refused as refused:
        sys.exit(str(refused))
    except ModuleNotFoundError as missing:
        sys.exit(f"There is no package {missing.name}: pip install 'previsit[train]'")
    except Exception as error:
        if said := _told(error):
            sys.exit(said)
        raise


def _told(error: Exception) -> str:
    """The line for an error that a person can fix; empty for a fault of ours."""
    if any(sign in str(each).lower() for each in _chain(error) for sign in _FULL):
        return "The disk is full. Make room, then begin the same command again: it goes on from the last thing kept."
    if isinstance(error, UnicodeDecodeError):
        return f"A file that should be text is none: {error.reason} at byte {error.start}."
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)
    return ""


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__
