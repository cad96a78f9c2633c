"""Reads the bodies of requests, and of other servers' answers, within a limit. Errors never repeat what was sent."""

from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request

from channels.problems import BODY_TOO_LARGE, INVALID_BODY, INVALID_JSON, Problem

Model = TypeVar("Model", bound=BaseModel)

DRAIN_FACTOR = 32


async def read_body(request: Request, limit: int) -> bytes:
    """The body of a request. Raises a 413 problem if it has more than `limit` bytes.

    A body that is only somewhat too large is still read to its end, so that the client gets the answer instead of a
    broken connection.
    """
    chunks: list[bytes] = []
    size, more = 0, True
    while more and size <= limit * DRAIN_FACTOR:
        message = await request.receive()  # `request.stream` would need a generator for every request
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        size, more = size + len(chunk), message.get("more_body", False)
        if size <= limit:
            chunks.append(chunk)
    if size > limit:
        raise Problem(BODY_TOO_LARGE)
    return b"".join(chunks)


async def read_answer(response: httpx.Response, limit: int) -> bytes:
    """The body of an answer; empty if it has more than `limit` bytes, which are not all read."""
    found = b""
    async for piece in response.aiter_bytes():
        found += piece
        if len(found) > limit:
            return b""
    return found


async def read_model(request: Request, model: type[Model], limit: int) -> Model:
    """The JSON body as a `model`. Raises a 400 problem if it is not JSON, or a 422 that names the wrong members."""
    body = await read_body(request, limit)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise _problem(error, model) from None


def _problem(error: ValidationError, model: type[BaseModel]) -> Problem:
    errors = error.errors(include_url=False, include_context=False, include_input=False)
    if any(each["type"] == "json_invalid" for each in errors):
        return Problem(INVALID_JSON)
    wrong = {str(each["loc"][0]) for each in errors if each["loc"]}
    return Problem(INVALID_BODY, extra={"members": sorted(wrong & model.model_fields.keys())})
