"""The small parts that FHIR resources are made of: times, names, references. Knows nothing about conversations."""

from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

URI = "urn:ietf:rfc:3986"
"""The system of an identifier that is a URI by itself."""
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
UCUM = "http://unitsofmeasure.org"

UNITS = {
    "celsius": ("°C", "Cel"),
    "count": ("", "1"),
    "days": ("days", "d"),
    "mmhg": ("mmHg", "mm[Hg]"),
    "mmol_per_l": ("mmol/l", "mmol/L"),
    "per_minute": ("per minute", "/min"),
    "percent": ("%", "%"),
    "weeks": ("weeks", "wk"),
}
"""By our name of a unit: how it is written, and its UCUM code."""


def instant(at: float) -> str:
    """Seconds since the epoch as a FHIR instant, to the millisecond, in UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def concept(text: str, *, system: str = "", code: str = "") -> Json:
    return filled({"text": text, "coding": [{"system": system, "code": code}] if code else []})


def code(system: str, value: str) -> Json:
    """A concept of one of HL7's own code systems."""
    return {"coding": [{"system": f"{TERMINOLOGY}/{system}", "code": value}]}


def quantity(value: float, unit: str) -> Json:
    words, ucum = UNITS.get(unit, (unit, ""))
    return filled({"value": round(value, 4), "unit": words, "system": UCUM if ucum else "", "code": ucum})


def person(name: str) -> Json:
    """A member of staff, of whom only the name is known here."""
    return {"type": "Practitioner", "display": name}


def device(name: str) -> Json:
    return {"type": "Device", "display": name}


def note(text: str, *, at: float | None = None, by: str = "") -> Json:
    return filled({"text": text, "authorString": by, "time": "" if at is None else instant(at)})


def filled(element: Json) -> Json:
    """The element without its empty members: FHIR allows no empty strings, lists or objects."""
    return {name: value for name, value in element.items() if value is not None and value not in ("", [], {})}
