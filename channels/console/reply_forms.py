"""What the forms of the replies page make of a clinic's own replies. Pure: each change gives new ones, or says in words
what is wrong.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from pydantic import ValidationError

from channels.console.forms import Form
from channels.console.replies import Own, Reply


class Kept(Own):
    """The clinic's own in one language, as the store holds them; `version` counts the changes."""

    version: int = 0
    by: str = ""
    at: float = 0.0


def read_kept(text: str) -> Kept:
    return Kept.model_validate_json(text) if text else Kept()


def edited(own: Kept, ours: Sequence[Reply], action: str, form: Form) -> Kept:
    """After one form; ValueError for the person who filled it in, KeyError for no such action."""
    return ACTIONS[action](own, ours, form)


def _save(own: Kept, ours: Sequence[Reply], form: Form) -> Kept:
    """In the place of the one with the same id, or as the newest, which comes first."""
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
    """One of the clinic's own is gone; one that came with previsit is left out, and can be had back."""
    gone = form.get("id", "")
    without = (*own.without, gone) if any(each.id == gone for each in ours) else own.without
    replies = tuple(each for each in own.replies if each.id != gone)
    return own.model_copy(update={"replies": replies, "without": tuple(dict.fromkeys(without))})


def _restore(own: Kept, ours: Sequence[Reply], form: Form) -> Kept:
    """As it came with previsit."""
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
        return Reply(id=name, label=label, text=form.get("text", ""))
    except ValidationError as error:
        field = str(error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"][0])
        most = {"label": 80, "text": 700}[field]
        raise ValueError(f"The {'name' if field == 'label' else field} needs 1 to {most} characters.") from None


def _free(label: str, taken: set[str]) -> str:
    """An id from the name, as those in files have one."""
    name = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:40] or "reply"
    numbered = (name, *(f"{name}_{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in numbered if each not in taken)
