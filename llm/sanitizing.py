"""Makes a text harmless inside a prompt: one line, without characters that could end a block or look like a
citation."""

import unicodedata

_LOOKALIKES = str.maketrans("<>[]|`{}", "()()/'()")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def sanitized(text: str, characters: int = 200) -> str:
    """The text on one line of at most so many characters; brackets, bars and backticks are replaced by similar ones."""
    normal = unicodedata.normalize("NFKC", text)
    visible = "".join(" " if unicodedata.category(char) in _UNSEEN else char for char in normal)
    return clipped(" ".join(visible.translate(_LOOKALIKES).split()), characters)


def clipped(text: str, characters: int) -> str:
    """The text; if it is longer than so many characters, its beginning and an ellipsis."""
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"
