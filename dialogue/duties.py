"""What must be done because of a turn. Stored together with the turn; workers do each duty at least once.

A duty holds ids only, never a patient's words. Its `id` is its idempotency key.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Owed(BaseModel):
    """`due` is seconds since the epoch; a duty due in the past is due now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    conversation: str
    due: float


class SendPage(Owed):
    """Send one round of a page, as the on-call ladder says."""

    type: Literal["send_page"] = "send_page"
    attempt: int


class NextWay(Owed):
    """This sender's way has reached nobody: send round `attempt` by the person's next way."""

    type: Literal["next_way"] = "next_way"
    attempt: int
    sender: str


class CheckPage(Owed):
    """If round `attempt` was not acknowledged, begin the next one."""

    type: Literal["check_page"] = "check_page"
    attempt: int


class CheckActed(Owed):
    """If nothing was done since the page was acknowledged at `acknowledged_at`, page again."""

    type: Literal["check_acted"] = "check_acted"
    acknowledged_at: float


class TellPaged(Owed):
    """Tell those who were paged by this sender what became of it."""

    type: Literal["tell_paged"] = "tell_paged"
    sender: str
    news: Literal["acknowledged", "resolved"]


class Assess(Owed):
    """Ask the assessor for a draft."""

    type: Literal["assess"] = "assess"


class CheckSilence(Owed):
    """If the patient has been silent for too long, note that; else check again later."""

    type: Literal["check_silence"] = "check_silence"


class Tell(Owed):
    """Text the patient what version `version` said to them, and all from version `since` on that is owed with it."""

    type: Literal["tell"] = "tell"
    version: int
    since: int = 0


class CheckReached(Owed):
    """Check whether a patient by text has answered since the emergency text of version `version`."""

    type: Literal["check_reached"] = "check_reached"
    version: int


class Destroy(Owed):
    """Destroy the conversation if retention allows it by then."""

    type: Literal["destroy"] = "destroy"


class Book(Owed):
    """Ask the clinic's own system for the appointment that the conversation names."""

    type: Literal["book"] = "book"


class HandOff(Owed):
    """Put the closed case into the clinic's own records."""

    type: Literal["hand_off"] = "hand_off"


PageDuty = SendPage | NextWay | CheckPage | CheckActed | TellPaged
TextDuty = Tell | CheckReached
CaseDuty = Assess | CheckSilence | Destroy | Book | HandOff
Duty = Annotated[PageDuty | TextDuty | CaseDuty, Field(discriminator="type")]
