"""Sends a patient what their conversation said, as texts. Run by the worker; knows nothing about incoming texts."""

from collections.abc import Sequence

from channels.sms.config import SmsConfig
from channels.sms.invitations import Invitations
from channels.sms.phones import Phones
from channels.sms.texts import texts
from channels.sms.wording import fill, sms_words
from channels.telephony.port import Telephone, TelephoneFailed
from dialogue.conversation import Conversation
from dialogue.engine import Engine
from dialogue.events import Said, Unreachable
from dialogue.turn_duties import tells_of_emergency
from dialogue.view import PatientMessage, PatientQuestion, view


class PatientTexts:
    """Texts to patients who chat by text or were invited by one."""

    def __init__(self, engine: Engine, phones: Phones, telephone: Telephone, config: SmsConfig) -> None:
        self._engine = engine
        self._phones = phones
        self._telephone = telephone
        self._config = config
        self._invitations = Invitations(config.secret, config.invitation_minutes)

    async def tell(self, conversation: Conversation, version: int, since: int = 0) -> None:
        """Sends what was said in this version, or from version `since` to it.

        Raises TelephoneFailed if it must be tried again. A text is noted as sent once the carrier has taken it, so it
        goes out twice only if we fail in between.
        """
        if await self._phones.has_stopped(conversation.phone):
            return await self.unheard(conversation, version)
        callback = f"{self._config.public_url}/sms/status/{conversation.id}/{version}"
        for number, body in enumerate(self._texts(conversation, version, since or version)):
            key = f"{conversation.id}:{version}:{number}"
            if await self._phones.is_told(key):
                continue
            try:
                await self._telephone.text(conversation.phone, body, callback)
            except TelephoneFailed as failed:
                if not failed.refused:
                    raise
                return await self.unheard(conversation, version)
            await self._phones.set_told(key)

    async def check_reached(self, conversation: Conversation, version: int) -> None:
        """Notes for the nurse that the patient has not written since an emergency text: they may not have read it."""
        since = [entry.event for entry in conversation.log[version:]]
        if not any(isinstance(event, Said) for event in since):
            await self._engine.act(
                conversation.id, Unreachable(at=self._engine.clock.now(), reason="silent", about=version)
            )

    def _texts(self, conversation: Conversation, version: int, since: int) -> Sequence[str]:
        if conversation.door == "link":
            now = self._engine.clock.now()
            link = self._invitations.link(self._config.public_url, conversation.id, now)
            return [fill(sms_words(conversation.language).invitation, self._config, link)]
        return texts(_said(conversation, version, since), _question(conversation, version), conversation.language)

    async def unheard(self, conversation: Conversation, version: int) -> None:
        """Notes for the nurse that an emergency text could not be delivered; once for each text."""
        told = any(isinstance(entry.event, Unreachable) and entry.event.about == version for entry in conversation.log)
        if told or not 0 < version <= conversation.version or not tells_of_emergency(conversation.log[version - 1]):
            return
        now = self._engine.clock.now()
        await self._engine.act(conversation.id, Unreachable(at=now, reason="undelivered", about=version))


def _said(conversation: Conversation, version: int, since: int) -> list[PatientMessage]:
    """What was said from version `since` to this one; without a question that is no longer the open one.

    An emergency's words come first, and with them no greeting from a version before: they must stand out.
    """
    lines = [line for line in view(conversation, since - 1).messages if line.seq <= version]
    asked = _last_asked(conversation)
    said = [line for line in lines if line.speaker != "patient" and (line.seq == asked or line.kind != "question")]
    if any(line.kind == "emergency" for line in said):
        said = [line for line in said if line.kind == "emergency" or line.seq == version]
    return sorted(said, key=lambda line: line.kind != "emergency")


def _question(conversation: Conversation, version: int) -> PatientQuestion | None:
    return view(conversation, conversation.version).question if version == _last_asked(conversation) else None


def _last_asked(conversation: Conversation) -> int:
    """The version in which the open question was asked; 0 when no question is open."""
    if conversation.question is None:
        return 0
    numbered = enumerate(conversation.log, start=1)
    return max((n for n, entry in numbered if any(r.kind == "question" for r in entry.replies)), default=0)
