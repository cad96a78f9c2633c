"""Fetches one guideline from an address: http(s), no private address, bounded in size and time. Knows no format.

The name is resolved once, all its addresses are checked, and the connection goes to one of those: a name that resolves
differently a moment later (DNS rebinding) cannot get around the check. Redirects are checked in the same way.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx

from knowledge.formats import LARGEST_BYTES

SECONDS = 30.0
REDIRECTS = 5

_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


class NotFetched(Exception):
    """The address gave no guideline; the message says why."""


class Fetched(NamedTuple):
    """`suffix` is the kind of file by the server's content type; empty for an unknown one."""

    content: bytes
    suffix: str


Resolve = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


async def fetch(url: str, *, private: bool = False, find: Resolve = resolve, seconds: float = SECONDS) -> Fetched:
    """The file at an address. `private` allows addresses of the clinic's own network. Raises NotFetched."""
    try:
        async with asyncio.timeout(seconds), httpx.AsyncClient(trust_env=False, timeout=seconds) as client:
            for _ in range(REDIRECTS + 1):
                answer = await _once(client, url, private, find)
                if isinstance(answer, Fetched):
                    return answer
                url = urljoin(url, answer)
    except TimeoutError as error:
        raise NotFetched(f"did not answer whole within {seconds:.0f} seconds") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise NotFetched(f"could not be fetched ({type(error).__name__})") from error
    raise NotFetched(f"redirects more than {REDIRECTS} times")


async def _once(client: httpx.AsyncClient, url: str, private: bool, find: Resolve) -> Fetched | str:
    """The content, or the address that it redirects to."""
    parts = urlsplit(url)
    host, address = await _vetted(url, private, find)
    target = httpx.URL(url).copy_with(host=address)
    extensions = {"sni_hostname": host} if parts.scheme == "https" else {}
    request = client.build_request("GET", target, headers={"Host": parts.netloc.rpartition("@")[2]})
    request.extensions.update(extensions)
    response = await client.send(request, stream=True)
    try:
        if response.is_redirect:
            return response.headers["location"]
        if response.status_code != 200:
            raise NotFetched(f"answered {response.status_code}")
        return Fetched(await _content(response), _kind(response.headers.get("content-type", "")))
    finally:
        await response.aclose()


async def _vetted(url: str, private: bool, find: Resolve) -> tuple[str, str]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotFetched("is no address that begins with http:// or https://")
    if parts.username or parts.password:
        raise NotFetched("holds a name or a password, which do not belong in an address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = await asyncio.to_thread(find, parts.hostname, port)
    if not private and not all(ipaddress.ip_address(each.partition("%")[0]).is_global for each in found):
        raise NotFetched("is an address of a private network; --private allows it")
    return parts.hostname, found[0]


async def _content(response: httpx.Response) -> bytes:
    content = bytearray()
    async for part in response.aiter_bytes():
        content += part
        if len(content) > LARGEST_BYTES:
            raise NotFetched(f"is larger than {LARGEST_BYTES // 1_000_000} MB")
    return bytes(content)


def _kind(content_type: str) -> str:
    return _KINDS.get(content_type.partition(";")[0].strip().casefold(), "")
