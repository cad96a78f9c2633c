"""What the web chat is told about its clinic. Knows nothing about where settings come from."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class WebConfig:
    """`clinic_origins` are the sites that may frame the chat ("https://www.clinic.example"), besides our own.

    `languages` are those that patients may chat in, the clinic's own first. `public_url` is the chat's own address,
    without a path. `secret` signs the patients' tokens.
    """

    clinic_name: str
    emergency_number: str
    crisis_line: str
    public_url: str
    secret: bytes = field(repr=False)
    clinic_origins: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)

    @property
    def language(self) -> str:
        return self.languages[0]
