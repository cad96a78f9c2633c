"""Sends one round of a page by every sender that the on-call ladder names for it. Knows nothing about storage.

What was accepted is committed by the worker that asked; whether the page climbs is decided there too.
"""

import asyncio
from collections.abc import Callable, Iterable

from pydantic import BaseModel, ConfigDict

from dialogue.conversation import Conversation, Page
from dialogue.ports import Notice, Sender, SendFailed
from policies.levels import Level
from policies.on_call import Ladder, next_step


class UnknownSender(ValueError):
    """The on-call ladder names a sender that is not configured: its pages would go nowhere."""


class Delivery(BaseModel):
    """What became of one sender's try. `reason` says why it failed, without the page's content."""

    model_config = ConfigDict(frozen=True)

    sender: str
    accepted: bool
    reason: str = ""


class Pager:
    """`link` makes the address of a conversation's case in the console. `deadline_seconds` is for each sender."""

    def __init__(
        self,
        ladder: Ladder,
        senders: Iterable[Sender],
        link: Callable[[str], str],
        deadline_seconds: float = 5.0,
    ) -> None:
        self._ladder = ladder
        self._senders = {sender.name: sender for sender in senders}
        self._link = link
        self._deadline = deadline_seconds
        named = {name for step in ladder.steps for name in step.senders} | set(ladder.last_resort)
        if missing := sorted(named - self._senders.keys()):
            raise UnknownSender(f"not configured: {', '.join(missing)}; there is: {', '.join(self._senders)}")

    async def send(self, conversation: Conversation, attempt: int) -> list[Delivery]:
        """Round `attempt` (from 0). The senders run side by side: one that fails or hangs holds up no other."""
        if conversation.page is None:
            return []
        notice = notice_of(conversation, conversation.page, attempt, self._link(conversation.id))
        names = next_step(self._ladder, attempt).senders
        return await asyncio.gather(*(self._try(self._senders[name], notice) for name in names))

    async def _try(self, sender: Sender, notice: Notice) -> Delivery:
        try:
            async with asyncio.timeout(self._deadline):
                await sender.send(notice)
        except SendFailed as error:
            return Delivery(sender=sender.name, accepted=False, reason=str(error))
        except TimeoutError:
            return Delivery(
                sender=sender.name, accepted=False, reason=f"{sender.name}: no answer in {self._deadline:g} s"
            )
        except Exception as error:  # a fault in one sender must not cost the round of the others
            return Delivery(sender=sender.name, accepted=False, reason=f"{sender.name}: {type(error).__name__}")
        return Delivery(sender=sender.name, accepted=True)


def notice_of(conversation: Conversation, page: Page, attempt: int, link: str) -> Notice:
    """The page as it leaves the clinic: the case's code, its level and a link; no word of the patient's."""
    return Notice(
        page=page.id,
        key=f"{page.id}:{attempt}",
        code=conversation.code,
        level=conversation.level or Level.EMERGENCY,
        attempt=attempt,
        link=link,
        conversation=conversation.id,
    )
