"""Makes a text harmless inside a prompt: one line, no fence, no role, no citation. Knows nothing about prompts."""

import unicodedata

_LOOKALIKES = str.maketrans("<>[]|`{}", "()()/'()")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def inert(text: str, characters: int = 200) -> str:
    """The text on one line of at most so many characters; brackets, bars and backticks become look-alikes."""
    normal = unicodedata.normalize("NFKC", text)
    visible = "".join(" " if unicodedata.category(char) in _UNSEEN else char for char in normal)
    return clipped(" ".join(visible.translate(_LOOKALIKES).split()), characters)


def clipped(text: str, characters: int) -> str:
    """The text, or its beginning with an ellipsis, in at most so many characters."""
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"
