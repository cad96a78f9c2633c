"""What text messages are told about their clinic. Knows nothing about where settings come from."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SmsConfig:
    """`public_url` is our address as the carrier reaches it; `secret` signs invitations, valid for
    `invitation_minutes`; `emergency_number` is told to people who cannot be helped by text.
    """

    clinic_name: str
    emergency_number: str
    public_url: str
    secret: bytes = field(repr=False)
    language: str = "en"
    invitation_minutes: float = 30.0
