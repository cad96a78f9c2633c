"""Carries out what staff do to a case, and puts each act on the audit trail. Knows neither console nor carrier."""

from channels.audit import Audit
from channels.audit_details import changes_of, versions
from dialogue import events as e
from dialogue.conversation import Conversation
from dialogue.engine import Engine
from policies.lease import holder


class StaffActs:
    def __init__(self, engine: Engine, audit: Audit) -> None:
        self._engine = engine
        self._audit = audit

    async def do(self, before: Conversation, event: e.ByStaff, *how: str) -> Conversation:
        """The conversation after the act. `how` are more codes for the audit trail. Raises as `Engine.act` does."""
        after = await self._engine.act(before.id, event)
        await self._audit(event.by, event.type, after.code, *versions(after), *changes_of(before, after, event), *how)
        return after

    async def acknowledge(self, before: Conversation, event: e.Acknowledged, *how: str) -> Conversation:
        """Acknowledges the page, and takes the case where nobody has it: from then on nobody else can decide
        unknowingly."""
        after = await self.do(before, event, *how)
        if holder(after.lease, event.at):
            return after
        return await self.do(after, e.Took(at=event.at, by=event.by, role=event.role), *how)
