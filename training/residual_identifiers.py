"""Looks a second time for identifiers in a text from which they were removed.

Shares no pattern with the first pass, and is rather too strict. Uses no model: only patterns, and the names that the
first pass found in the same record.
"""

import re
from collections.abc import Iterable, Iterator

from training.finding_identifiers import name_words

_PLACEHOLDER = re.compile(r"\[[A-Z_]+(?:[_ ]\d+)?\]")
_LOOKS = {
    "EMAIL": r"\S@\S",
    "URL": r"://|\bwww\.|\b[a-z0-9-]+\.(?:com|org|net|edu|gov)\b",
    "NUMBER": r"(?:\d[-\s().]{0,2}){9,}|(?<![\d.,])\d{6,}(?![\d,])",
    "IP": r"\b\d+\.\d+\.\d+\.\d+\b",
    "CODE": r"\b(?=[a-z]*\d)[A-Za-z]{1,3}\d{6,}\b",
    "DATE": r"\b\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}\b|(?i:\b(?:january|february|april|june|july|august|september|october|november|december)"
    r"\s+\d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:january|february|march|april|may|june|july|august|september|october"
    r"|november|december)\b)",
    "NAME": r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir)\b\.?\s+[A-Z][a-z]+|(?i:\bmy name is\s+)(?!\[)\w+",
    "AGE": r"(?i)\b(?:9[1-9]|1[0-2]\d)[\s-]*(?:years?|yrs?|y/?o)\b",
    "PLACE": r"\b\d{1,5}\s+[A-Z][a-z]+\s+(?:Street|Avenue|Road|Lane|Drive|Boulevard)\b|\b[A-Z]{1,2}\d{1,2}[A-Z]?\s+\d[A-Z]{2}\b"
    r"|(?i:\bzip(?: code)?\s*:?\s*)\d{5}",
    "LABELLED": r"(?i)\b(?:mrn|ssn|passport|account|policy|licen[cs]e|serial)\s*(?:no|number|id|#)?\.?\s*(?:is|:|#)\s*(?!\[)[\w-]*\d{3}",
}


def residual_identifiers(text: str, names: Iterable[str] = ()) -> Iterator[str]:
    """The types of what still looks like an identifier."""
    bare = _PLACEHOLDER.sub(lambda match: "[]", text)
    for type_, look in _LOOKS.items():
        if re.search(look, bare):
            yield type_
    words = {word for name in names for word in name_words(name)}
    if any(re.search(rf"\b{re.escape(word)}\b", bare) for word in words):
        yield "NAME"
