"""Verifies that a request comes from the carrier: Twilio's signature over our public address and every parameter.

The signature holds no time and never expires, so whoever acts on a request must remember the ids it has dealt with. It
is made over names and values written one after another without separators, so that one list of parameters could pass
for another: a request with a parameter that comes twice, or without our account's id, is refused.
"""

from urllib.parse import parse_qsl

from starlette.requests import Request
from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from channels.bodies import read_body
from channels.problems import Kind, Problem

LARGEST = 64 * 1024
FIELDS = 200
KNOWN = frozenset({HMAC_SHA1, HMAC_SHA256})

FORGED = Kind(403, "forged", "The signature does not fit the request.")


class SignedRequests:
    """`public_url` is our address as the carrier knows it, without a path. The request's Host header is not used: its
    sender can put anything there."""

    def __init__(self, public_url: str, account: str, token: str) -> None:
        self._public_url = public_url.rstrip("/")
        self._account = account
        self._validator = RequestValidator(token)

    async def verified(self, request: Request) -> dict[str, str]:
        """The parameters of a request, if the carrier signed it; raises a 403 problem if not."""
        body = await read_body(request, LARGEST)
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
        except ValueError:
            raise Problem(FORGED) from None
        params = dict(pairs)
        signature = request.headers.get(SIGNATURE_HEADER, "")
        algorithm = get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS_HEADER))
        url = self._public_url + request.url.path + (f"?{request.url.query}" if request.url.query else "")
        whole = len(params) == len(pairs) and params.get("AccountSid") == self._account
        if not whole or algorithm not in KNOWN or not self._validator.validate(url, params, signature, algorithm):
            raise Problem(FORGED)
        return params
