"""How settings are written and read that are more than a word or a number."""

import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from channels.senders.people import Person, read_people
from policies.levels import Level
from policies.roles import Role

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _web_address(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("an address begins with http:// or https://")
    return value


def _without_slash(value: str) -> str:
    return value.rstrip("/")


def _records_address(value: str) -> str:
    """The address of the clinic's records. Patients' words are sent there, so plain HTTP is allowed only within this
    machine."""
    host = urlsplit(value).hostname
    if value and not (value.startswith("https://") or (value.startswith("http://") and host in LOOPBACK)):
        raise ValueError("an address of patients' records begins with https://")
    return value


def _listed(value: object) -> object:
    """ "en, es" as a tuple."""
    if not isinstance(value, str):
        return value
    return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())


def _minutes_by_level(value: object) -> object:
    """ "EMERGENCY=1,HIGH=20" as minutes by level."""
    if not isinstance(value, str):
        return value
    found: dict[Level, float] = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        name, _, minutes = (piece.strip() for piece in part.partition("="))
        if name not in Level.__members__ or not re.fullmatch(r"\d+(\.\d+)?", minutes) or not float(minutes):
            levels = ", ".join(Level.__members__)
            raise ValueError(f"write LEVEL=minutes, comma-separated, each more than 0; the levels are {levels}")
        found[Level[name]] = float(minutes)
    return found


def _roles(value: object) -> object:
    """ "nurse=clinic-nurses" as pairs of our role and the identity provider's."""
    if not isinstance(value, str):
        return value
    pairs = [part.partition("=") for part in value.split(",") if part.strip()]
    if any(ours.strip() not in set(Role) or not theirs.strip() for ours, _, theirs in pairs):
        raise ValueError(f"write OURS=THEIRS, comma-separated; ours are {', '.join(Role)}")
    return tuple((ours.strip(), theirs.strip()) for ours, _, theirs in pairs)


def _people(value: object) -> object:
    return read_people(value) if isinstance(value, str) else value


def _none_if_empty(value: object) -> object:
    """None for an empty path, which would mean the folder that this program was started in."""
    return value or None


WebAddress = Annotated[str, AfterValidator(_web_address)]
"""An http:// or https:// address, kept to the letter; may be empty."""

BaseAddress = Annotated[WebAddress, AfterValidator(_without_slash)]
"""A web address that paths are appended to."""

RecordsAddress = Annotated[str, AfterValidator(_records_address), AfterValidator(_without_slash)]
"""The address of a server that keeps patients' records; may be empty."""

Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""Comma-separated words or addresses."""

MinutesByLevel = Annotated[Mapping[Level, float], BeforeValidator(_minutes_by_level)]

Roles = Annotated[tuple[tuple[Role, str], ...], BeforeValidator(_roles)]
"""Pairs of our role and the identity provider's, in the order in which they are looked for."""

People = Annotated[tuple[Person, ...], BeforeValidator(_people)]
"""Persons and where each is reached: "Kim Lee=+15551234567, Ana Ruiz=+15557654321"."""

EMPTY_IS_NONE = BeforeValidator(_none_if_empty)
