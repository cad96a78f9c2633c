"""Which sentences of a draft rest on what was stated, for the eye of whoever reviews it. Refuses nothing.

A sentence is marked when most of its words of content are neither a finding of the case, nor the patient's own, nor a
reason of a rule. What a patient is said to report or deny does not rest on a rule's reason: they did not give it.
A sign to look twice, not a proof: `policies.review` is what a draft must satisfy.
"""

import re
from typing import NamedTuple

from policies.case import Case
from policies.phrases import plain
from policies.readability import words
from policies.review_words import review_words

_STEM = 5
_COMMON = """
    patient person woman girl child male female year years month months week weeks days hours since about history
    answers given someone else reports denies came with known taken takes also says said states stated complains
    describes presents symptoms level possible likely concerning unlikely nurse assessment preliminary requires
    review complete following more than
"""


_OF_THE_PATIENT = re.compile(
    r"\s*(?:the patient |she |he |they |also )*(?:reports?|denies|deny|states?|says?|describes?|complains?)\b", re.I
)


class Sentence(NamedTuple):
    text: str
    supported: bool


def sentences_of(text: str, case: Case) -> tuple[Sentence, ...]:
    stated = _stated(case)
    known = stated | _stems(" ".join(fired.because for fired in case.fired))
    return tuple(
        Sentence(each, _rests(each, stated if _OF_THE_PATIENT.match(each) else known))
        for each in re.split(r"(?<=[.!?])\s+", text.strip())
        if each
    )


def _rests(sentence: str, told: frozenset[str]) -> bool:
    own = _stems(sentence)
    return not own or 2 * len(own & told) >= len(own)


def _stated(case: Case) -> frozenset[str]:
    said = [case.complaint, case.sex, *(evidence.quote for evidence in case.patient_words)]
    said += [text for each in case.statements for text in (each.label, each.value, each.evidence.quote)]
    return _stems(" ".join(said)) | _stems(_COMMON, keep=True)


def _stems(text: str, *, keep: bool = False) -> frozenset[str]:
    """The beginnings of its words of content."""
    common = frozenset() if keep else review_words().message["en"].common
    return frozenset(word[:_STEM] for word in words(plain(text)) if len(word) > 3 and word not in common)
