"""A closed case prepared for FHIR: its facts with the times at which they were said, and who it is about.

Decides which cases may be handed off. Knows nothing about single resources.
"""

from collections.abc import Iterator
from typing import NamedTuple

from channels.fhir.values import URI, Json, instant
from dialogue.case import case_of
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Paging, Review, State, Verdict
from policies.case import Case, Statement
from policies.facts import Fact, Status
from policies.findings import Finding


class NotForHandOff(Exception):
    """The case may not be handed off. The message says why, and holds no word of a patient's."""


class Told(NamedTuple):
    """One fact: in words, as it is stored, and when it was said. `finding` is None if the content no longer has it."""

    statement: Statement
    fact: Fact
    finding: Finding | None
    at: str

    @property
    def link(self) -> str:
        """An id of the question: the same for the same finding, person and time (now or past)."""
        about = ":".join(filter(None, (":other", self.statement.person))) if self.statement.about_other else ""
        return f"{self.statement.finding}{about}{':past' if self.statement.in_past else ''}"

    @property
    def icd10(self) -> str:
        return self.finding.icd10 if self.finding else ""

    @property
    def is_condition(self) -> bool:
        """Whether it is something the patient has or had, and there is an ICD-10 code for it."""
        return bool(self.icd10) and self.statement.status is Status.PRESENT and not self.statement.about_other


class ClosedCase(NamedTuple):
    """`key` is the case's id in other systems. Nobody can derive our own id from it, which would open the chat."""

    key: str
    conversation: Conversation
    case: Case
    told: tuple[Told, ...]
    closing: Verdict
    ruleset: str

    @property
    def patient(self) -> Json:
        """The patient, without a name: previsit knows none, so the clinic's system has to assign the case."""
        identifier = {"system": URI, "value": self.key}
        return {"type": "Patient", "identifier": identifier, "display": f"Patient of case {self.case.id}"}

    @property
    def informant(self) -> Json:
        related = {"type": "RelatedPerson", "display": f"Who wrote for the patient of case {self.case.id}"}
        return related if self.case.proxy else self.patient

    @property
    def began(self) -> str:
        return instant(self.conversation.created_at)

    @property
    def ended(self) -> str:
        return instant(self.closing.at)


def closed_case(key: str, conversation: Conversation, clinic: Clinic) -> ClosedCase:
    """Raises NotForHandOff for what is still open, and for a patient who asked for everything to be deleted."""
    if conversation.withdrawn:
        raise NotForHandOff("the patient asked for everything to be deleted")
    closing = _settling(conversation)
    if closing is None:
        raise NotForHandOff("the case is not closed")
    case = case_of(conversation, clinic)
    told = tuple(_told(conversation, case, clinic))
    return ClosedCase(key, conversation, case, told, closing, conversation.ruleset)


def _settling(conversation: Conversation) -> Verdict | None:
    """The verdict that closed the case, or that answered it if nobody has closed it; None while it is open."""
    if conversation.paging is Paging.OPEN or conversation.review is not Review.DONE:
        return None
    action = "closed" if conversation.state is State.CLOSED else "released"
    return next((verdict for verdict in reversed(conversation.verdicts) if verdict.action == action), None)


def _told(conversation: Conversation, case: Case, clinic: Clinic) -> Iterator[Told]:
    latest = {(f.finding, f.subject, f.person, f.when): f for f in conversation.facts if f.certain}
    for statement, fact in zip(case.statements, latest.values(), strict=True):
        at = instant(conversation.log[fact.evidence.turn].event.at)
        yield Told(statement, fact, clinic.ruleset.findings.get(fact.finding), at)
