"""Marks the sentences of a draft that do not rest on what was stated, for the nurse who reviews it. Refuses nothing.

A sentence is marked when most of its content words come neither from a finding of the case, nor from the patient's own
words, nor from a rule's reason. In a sentence about what the patient reports or denies, a rule's reason does not count:
the patient did not say it. The mark is a hint to look twice; what a draft must satisfy is in `policies.review`.
"""

import re
from typing import NamedTuple

from policies.case import Case
from policies.phrases import stems
from policies.review_words import review_words

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
    return _stems(" ".join(said)) | stems(_COMMON)


def _stems(text: str) -> frozenset[str]:
    return stems(text, review_words().message["en"].common)
