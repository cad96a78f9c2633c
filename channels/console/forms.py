"""Reading the console's forms: plain fields, cleaned of what no person types. Knows nothing about what they mean."""

import unicodedata
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from channels.bodies import read_body

MAX_FIELDS = 20

Form = Mapping[str, str]


async def read_form(request: Request, limit: int) -> Form:
    """The fields of an urlencoded form; 413 as a problem when it is larger than `limit` bytes."""
    body = await read_body(request, limit)
    try:
        pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        return {}
    return {name: clean(value) for name, value in pairs}


def clean(text: str) -> str:
    """Line ends as one character, no control characters, nothing around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cs"}).strip()
