import subprocess
import sys
from enum import EnumType

CHECK = """
import re, signal
from app.enum_members import look_up_directly
from dialogue.conversation import State
from policies.levels import Level

for _ in range(2):
    look_up_directly()
    assert [getattr(State, one) for one in State.__members__] == list(State)
    assert State("consent") is State["CONSENT"] is State.CONSENT and Level.HIGH.value == Level.HIGH
    assert re.compile("A", re.I | re.MULTILINE).match("a") and signal.Signals.SIGINT == signal.SIGINT
    assert not hasattr(State, "NOWHERE") and not hasattr(State, "__missing_name__")
"""


def test_every_member_is_found_and_nothing_else() -> None:
    """In a process of its own, because it changes the process."""
    subprocess.run([sys.executable, "-c", CHECK], check=True)


def test_newer_pythons_have_no_hook_to_leave_out() -> None:
    assert sys.version_info < (3, 12) or not hasattr(EnumType, "__getattr__")
