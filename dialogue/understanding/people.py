"""The people of a message: who is spoken of where, who the patient is, and who is ill. Knows nothing about claims."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from dialogue.understanding.coreference import Somebody
from dialogue.understanding.mentions import WRITER, Mention


@dataclass(frozen=True)
class People:
    """Everybody of whom a message speaks. People are known by number: WRITER, or a place in `everybody` from 1 on.

    `patient` is None as long as nobody is known to be ill. `ailing` are those with a complaint that can only be theirs;
    with `besides`, the patient is one of them. `proxy` is the mention that says something new about the person for
    whom the writer speaks. With `introduced`, the writer had said before for whom they write: then "she lost weight" is
    not family history.
    """

    mentions: list[Mention]
    everybody: list[Somebody]
    patient: int | None = None
    proxy: Mention | None = None
    ailing: frozenset[int] = frozenset()
    besides: bool = False
    introduced: bool = False

    def at(self, place: int) -> Mention | None:
        """The person of whom the message speaks at this word; None before the first mention."""
        found = bisect_right(self.mentions, place, key=lambda mention: mention.at)
        return self.mentions[found - 1] if found else None

    def is_patient(self, one: int) -> bool:
        """Whether this person is the patient, or may be: as long as nobody is known to be ill, anybody may."""
        return self.patient is None or one == self.patient

    @cached_property
    def several(self) -> bool:
        """Whether more than one person may be ill."""
        return len(self.everybody) > self.for_another

    @property
    def writer_is_ill(self) -> bool:
        return self.patient == WRITER

    @property
    def for_another(self) -> bool:
        """Whether the writer speaks for somebody else, who is the patient."""
        return self.patient is not None and self.patient != WRITER

    def name(self, one: int) -> str:
        return self.everybody[one - 1].name if one != WRITER else ""


NOBODY = People([], [])
