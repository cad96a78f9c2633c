"""Short stable names made from titles and file names, for ids and addresses. Knows nothing about documents."""

import re
import unicodedata


def slug(text: str) -> str:
    """`"When to be seen, and how soon?"` → `"when-to-be-seen-and-how-soon"`; letters of every script stay."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in folded if not unicodedata.combining(character))
    return re.sub(r"[\W_]+", "-", plain).strip("-") or "section"
