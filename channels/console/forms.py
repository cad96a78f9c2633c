"""Reads the console's forms: fields without control characters, and a file. Knows nothing of their meaning."""

import unicodedata
from collections.abc import AsyncGenerator, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from channels.bodies import read_body

MAX_FIELDS = 20

Form = Mapping[str, str]


class File(NamedTuple):
    """A file that a person chose, by the name it had on their computer, without its folder."""

    name: str
    content: bytes


async def read_form(request: Request, limit: int) -> Form:
    """The fields of an urlencoded form; 413 as a problem when it is larger than `limit` bytes."""
    body = await read_body(request, limit)
    try:
        pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        return {}
    return {name: clean(value) for name, value in pairs}


async def read_upload(request: Request, limit: int) -> tuple[Form, File | None]:
    """The fields of a form with a file; empty where it is no such form. 413 as for a plain one."""
    body = await read_body(request, limit)

    async def stream() -> AsyncGenerator[bytes]:
        yield body

    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return {}, None
    try:
        parts = await MultiPartParser(request.headers, stream(), max_files=1, max_fields=MAX_FIELDS).parse()
    except (MultiPartException, KeyError):
        return {}, None
    fields = {name: clean(value) for name, value in parts.multi_items() if isinstance(value, str)}
    files = [each for each in parts.values() if isinstance(each, UploadFile) and each.filename]
    chosen = [File(_base(each.filename or ""), await each.read()) for each in files]
    await parts.close()
    return fields, chosen[0] if chosen else None


def _base(name: str) -> str:
    return clean(name.replace("\\", "/").rpartition("/")[2])


def clean(text: str) -> str:
    """The text with line ends as "\\n", without control characters and surrounding white space."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cs"}).strip()
