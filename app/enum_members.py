"""Makes members of enumerations as cheap to look up as any other name of a class, as they are from Python 3.12 on.

Python 3.11 keeps them in their class, too, but looks there only after asking for a hook that says how else to find
one. A turn looks up a hundred of them, which was a thirtieth of its instructions.
"""

import sys
from enum import EnumType


def look_up_directly() -> None:
    if sys.version_info < (3, 12) and "__getattr__" in vars(EnumType):
        delattr(EnumType, "__getattr__")
