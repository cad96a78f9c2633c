"""How many segments a text takes, and the same words in letters that take fewer. Knows no conversation.

GSM 03.38: 160 characters alone or 153 each when joined; one character outside it makes them 70 and 67.
"""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")
ONE, JOINED = 160, 153
ONE_WIDE, JOINED_WIDE = 70, 67

_PLAIN = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u2026": "...",
        "\u00a0": " ", "\u2022": "-", "\u00b0": "", "\t": " ", "\u00ab": '"', "\u00bb": '"',
    }
)  # fmt: skip


def segments(text: str) -> int:
    """Segments that the carrier counts and bills; 0 for an empty text."""
    if not text:
        return 0
    if is_gsm(text):
        size = sum(2 if character in EXTENDED else 1 for character in text)
        return 1 if size <= ONE else -(-size // JOINED)
    size = len(text.encode("utf-16-le")) // 2
    return 1 if size <= ONE_WIDE else -(-size // JOINED_WIDE)


def is_gsm(text: str) -> bool:
    return all(character in BASIC or character in EXTENDED for character in text)


def plain(text: str) -> str:
    """The text in GSM letters where that changes no meaning: straight quotes, and no accents that GSM lacks ("sí"
    becomes "si"). Other scripts stay as they are.
    """
    return "".join(map(_plain, text.translate(_PLAIN)))


def _plain(character: str) -> str:
    if character in BASIC or character in EXTENDED:
        return character
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base in BASIC else character
