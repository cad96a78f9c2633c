"""Applies the forms of the on-call page to a rota. Pure: returns a new rota, or says what is wrong."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from channels.console.forms import Form
from policies.rota import DAYS, LATEST_WAY, LONGEST_NAME, LONGEST_STEP, SHORTEST_STEP, Rota

WAYS = ("mail", "text", "voice")
STARTING = Rota.model_validate({"steps": [{"to": "on-call nurse"}, {"to": "second nurse", "after_seconds": 120}]})
"""The rota that a clinic without one starts from."""

WRONG: Mapping[tuple[str, str], str] = {
    ("people", "name"): f"Give the person a name, of at most {LONGEST_NAME} letters.",
    ("people", "after_seconds"): f"Seconds before a way is tried are a number from 0 to {LATEST_WAY:g}.",
    ("people", "address"): "That number or address is too long.",
    ("steps", "to"): f"Give the step a name, of at most {LONGEST_NAME} letters.",
    ("steps", "after_seconds"): f"Seconds to answer are a number from {SHORTEST_STEP:g} to {LONGEST_STEP:g}.",
    ("shifts", "start"): "Say when the shift begins, like 08:00.",
    ("shifts", "end"): "Say when the shift ends, like 20:00.",
    ("overrides", "begins"): "Give the day and the time when the exception begins.",
    ("overrides", "ends"): "Give the day and the time when the exception ends.",
}
"""What is wrong with a field, by the part of the rota and the field's name."""

UNCLEAR = "Something in the form is missing or cannot be read."
WRITTEN_NUMBER = re.compile(r"[\s().\-/]")
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

Parts = dict[str, Any]


def edited(rota: Rota, action: str, form: Form) -> Rota:
    """The rota after one form. Raises ValueError with a message for the person, KeyError for an unknown action."""
    parts: Parts = rota.model_dump(mode="json")
    ACTIONS[action](parts, form)
    try:
        return Rota.model_validate(parts)
    except ValidationError as error:
        raise ValueError(_in_words(error)) from None


def _in_words(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "value_error":
        return first["msg"].removeprefix("Value error, ")
    place = [step for step in first["loc"] if isinstance(step, str)]
    return WRONG.get((place[0], place[-1]), UNCLEAR) if place else UNCLEAR


def _person(parts: Parts, form: Form) -> None:
    name = form.get("name", "")
    ways = [
        {"kind": kind, "address": _address(kind, form[kind]), "after_seconds": form.get(f"{kind}-after") or 0}
        for kind in WAYS
        if form.get(kind)
    ]
    if not ways:
        raise ValueError("Give at least one way to reach this person; two are safer.")
    _put(parts["people"], "name", {"name": name, "ways": ways})


def _address(kind: str, typed: str) -> str:
    """A telephone number without spaces and the like, or a mail address. A slip shows here, before an emergency."""
    if kind == "mail":
        if not MAIL.fullmatch(typed):
            raise ValueError("That is no mail address. Write it like name@clinic.example.")
        return typed
    number = WRITTEN_NUMBER.sub("", typed)
    if not NUMBER.fullmatch(number):
        raise ValueError("Write a telephone number with + and the country's code, like +1 555 123 4567.")
    return number


def _step(parts: Parts, form: Form) -> None:
    _put(parts["steps"], "to", {"to": form.get("to", ""), "after_seconds": form.get("after_seconds", "60")})


def _shift(parts: Parts, form: Form) -> None:
    days = [day for day in DAYS if form.get(f"day-{day}")]
    if not days:
        raise ValueError("Choose at least one day.")
    shift = {name: form.get(name, "") for name in ("to", "person", "start", "end")}
    parts["shifts"].append({**shift, "days": days})


def _override(parts: Parts, form: Form) -> None:
    parts["overrides"].append({name: form.get(name, "") for name in ("to", "person", "begins", "ends")})


def _clock(parts: Parts, form: Form) -> None:
    parts["zone"] = form.get("zone", "")


def _last_resort(parts: Parts, form: Form) -> None:
    parts["last_resort"] = [one["name"] for number, one in enumerate(parts["people"]) if form.get(f"last-{number}")]


def _forget_person(parts: Parts, form: Form) -> None:
    """Removes a person with all their shifts."""
    name = form.get("name", "")
    for kind in ("shifts", "overrides"):
        parts[kind] = [one for one in parts[kind] if one["person"] != name]
    parts["people"] = [one for one in parts["people"] if one["name"] != name]
    parts["last_resort"] = [one for one in parts["last_resort"] if one != name]


def _drop_step(parts: Parts, form: Form) -> None:
    name = form.get("to", "")
    for kind in ("shifts", "overrides"):
        parts[kind] = [one for one in parts[kind] if one["to"] != name]
    parts["steps"] = [one for one in parts["steps"] if one["to"] != name]
    if not parts["steps"]:
        raise ValueError("The last step cannot be removed: a page must go somewhere.")


def _drop_shift(parts: Parts, form: Form) -> None:
    _drop(parts["shifts"], form)


def _drop_override(parts: Parts, form: Form) -> None:
    _drop(parts["overrides"], form)


ACTIONS: Mapping[str, Callable[[Parts, Form], None]] = {
    "person": _person,
    "step": _step,
    "shift": _shift,
    "exception": _override,
    "clock": _clock,
    "last-resort": _last_resort,
    "forget-person": _forget_person,
    "drop-step": _drop_step,
    "drop-shift": _drop_shift,
    "drop-exception": _drop_override,
}


def _put(items: list[Parts], key: str, item: Parts) -> None:
    """Replaces the one with the same name, or adds it at the end."""
    for place, each in enumerate(items):
        if each[key] == item[key]:
            items[place] = item
            return
    items.append(item)


def _drop(items: list[Parts], form: Form) -> None:
    try:
        del items[int(form.get("number", ""))]
    except (ValueError, IndexError):
        raise ValueError("That one is gone already.") from None
