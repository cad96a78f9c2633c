"""Applies the forms of the replies page to a clinic's own replies. Pure: returns new replies, or says what is wrong."""

import re
from collections.abc import Callable, Mapping, Sequence

from pydantic import ValidationError

from channels.console.forms import Form
from channels.console.replies import LONGEST_LABEL, MOST, Own, Reply

WRONG = {
    "label": f"The name needs 1 to {LONGEST_LABEL} characters.",
    "text": f"The text needs 1 to {MOST} characters.",
    "to_writer": f"The text for somebody who writes for the patient has at most {MOST} characters.",
}


class Kept(Own):
    """The clinic's own replies in one language, as they are stored; `version` counts the changes."""

    version: int = 0
    by: str = ""
    at: float = 0.0


def read_kept(text: str) -> Kept:
    return Kept.model_validate_json(text) if text else Kept()


def edited(own: Kept, ours: Sequence[Reply], action: str, form: Form) -> Kept:
    """The replies after one form. Raises ValueError with a message for the person, KeyError for an unknown action."""
    return ACTIONS[action](own, ours, form)


def _save(own: Kept, ours: Sequence[Reply], form: Form) -> Kept:
    """Replaces the reply with the same id, or adds it at the front."""
    reply = _reply(form, [*own.replies, *ours])
    known = [each.id for each in own.replies]
    replies = [reply if each.id == reply.id else each for each in own.replies]
    kept = {
        "replies": replies if reply.id in known else [reply, *replies],
        "without": [each for each in own.without if each != reply.id],
    }
    try:
        return Kept.model_validate(own.model_dump() | kept)
    except ValidationError:
        raise ValueError("There are too many replies to choose from. Remove one first.") from None


def _remove(own: Kept, ours: Sequence[Reply], form: Form) -> Kept:
    """Deletes a reply of the clinic's own; hides a shipped one, which can be restored."""
    gone = form.get("id", "")
    without = (*own.without, gone) if any(each.id == gone for each in ours) else own.without
    replies = tuple(each for each in own.replies if each.id != gone)
    return own.model_copy(update={"replies": replies, "without": tuple(dict.fromkeys(without))})


def _restore(own: Kept, ours: Sequence[Reply], form: Form) -> Kept:
    """Makes a reply what it was as shipped."""
    back = form.get("id", "")
    replies = tuple(each for each in own.replies if each.id != back)
    return own.model_copy(update={"replies": replies, "without": tuple(x for x in own.without if x != back)})


ACTIONS: Mapping[str, Callable[[Kept, Sequence[Reply], Form], Kept]] = {
    "save": _save,
    "remove": _remove,
    "restore": _restore,
}


def _reply(form: Form, known: Sequence[Reply]) -> Reply:
    label, name = form.get("label", ""), form.get("id", "")
    if not any(each.id == name for each in known):
        name = _free(label, {each.id for each in known})
    try:
        return Reply(id=name, label=label, text=form.get("text", ""), to_writer=form.get("to_writer", ""))
    except ValidationError as error:
        field = str(error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"][0])
        raise ValueError(WRONG[field]) from None


def _free(label: str, taken: set[str]) -> str:
    """An id derived from the name that no other reply has."""
    name = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:40] or "reply"
    numbered = (name, *(f"{name}_{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in numbered if each not in taken)
