"""The clinic's own on-call plan: people and how each is reached, who is on call when, and how a page climbs. Pure data.

Without a plan a page goes by every way at once (`policies.on_call`). Knows nothing about senders or conversations.
"""

from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from policies.findings import Content
from policies.rota import Override, Rota, Shift

EVERYBODY = "everybody"
CONSOLE = "console"
"""Rings in every round: it belongs to nobody, and costs nothing."""


class Way(Content):
    """One way to reach a person: `by` names it, `to` is the address there, where it needs one.

    It is tried `after_seconds` from the beginning of the person's turn, unless somebody has acknowledged by then.
    """

    by: str = Field(min_length=1)
    to: str = ""
    after_seconds: float = Field(default=0.0, ge=0)


class Person(Content):
    name: str = Field(min_length=1)
    ways: tuple[Way, ...] = Field(min_length=1)


class Rung(Content):
    """A turn of the ladder: `to` is a person, a rota (whoever is on call there) or everybody."""

    to: str = Field(min_length=1)
    seconds: float = Field(ge=10, le=3600)


class Plan(Content):
    """The rungs in order, for ever. `last_resort` joins from the second time round, and when nobody is on call.

    `zone` is an IANA name. With `siren` the consoles sound an alarm that does not stop, at the same times.
    """

    zone: str
    people: tuple[Person, ...] = Field(min_length=1)
    shifts: tuple[Shift, ...] = ()
    overrides: tuple[Override, ...] = ()
    rungs: tuple[Rung, ...] = Field(min_length=1)
    last_resort: tuple[Way, ...] = ()
    siren: bool = True

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):  # an unknown name is a KeyError
            raise ValueError(f"{zone!r} is no time zone; write one like America/New_York") from None
        return zone

    @property
    def listed(self) -> list[Shift | Override]:
        return [*self.shifts, *self.overrides]

    @property
    def rotas(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.rota for each in self.listed))

    def rota(self, name: str) -> Rota:
        shifts = [each for each in self.shifts if each.rota == name]
        overrides = [each for each in self.overrides if each.rota == name]
        return Rota(ZoneInfo(self.zone), shifts, overrides)

    def person(self, name: str) -> Person | None:
        return next((each for each in self.people if each.name == name), None)

    def whom(self, rung: Rung, now: float) -> tuple[str, ...]:
        """Who is reached by this rung at this instant; nobody where nobody is on call."""
        if rung.to == EVERYBODY:
            return tuple(each.name for each in self.people)
        return (rung.to,) if self.person(rung.to) else self.rota(rung.to).on_call(now)
