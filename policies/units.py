"""Units of measurement as a small table, and conversion between those of one dimension.

Knows nothing about findings. A month is a twelfth of 365.25 days, so that 12 months and 1 year are the same.
"""

from dataclasses import dataclass


class UnitError(ValueError):
    """A unit is not in the table, or two units do not measure the same thing."""


@dataclass(frozen=True, slots=True)
class Unit:
    """`value * scale + offset` is the value in the canonical unit, the one with scale 1 and offset 0."""

    dimension: str
    scale: float = 1.0
    offset: float = 0.0


UNITS: dict[str, Unit] = {
    "minutes": Unit("time", 1 / 1440),
    "hours": Unit("time", 1 / 24),
    "days": Unit("time"),
    "weeks": Unit("time", 7),
    "months": Unit("time", 365.25 / 12),
    "years": Unit("time", 365.25),
    "celsius": Unit("temperature"),
    "fahrenheit": Unit("temperature", 5 / 9, -160 / 9),
    "mmol_per_l": Unit("glucose"),
    "mg_per_dl": Unit("glucose", 1 / 18.016),
    "mmhg": Unit("pressure"),
    "kg": Unit("weight"),
    "lb": Unit("weight", 0.45359237),
    "percent": Unit("percent"),
    "per_minute": Unit("rate"),
    "count": Unit("count"),
}

SINGULAR = {name[:-1]: name for name, unit in UNITS.items() if unit.dimension == "time"}
"""`1 month` reads better than `1 months`; both are understood."""


def unit(name: str) -> Unit:
    try:
        return UNITS[SINGULAR.get(name, name)]
    except KeyError:
        raise UnitError(f"unknown unit '{name}'; known units: {', '.join(UNITS)}") from None


def dimension(name: str) -> str:
    return unit(name).dimension


def convert(value: float, unit_name: str, to: str) -> float:
    """`convert(100.4, "fahrenheit", "celsius")` → 38.0; rounded to nine places to keep thresholds exact."""
    source, target = unit(unit_name), unit(to)
    if source is target:
        return value
    if source.dimension != target.dimension:
        raise UnitError(f"'{unit_name}' measures {source.dimension}, '{to}' measures {target.dimension}")
    return round((value * source.scale + source.offset - target.offset) / target.scale, 9)
