"""Security headers for every answer, chosen by path. Knows nothing about what is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_ALONE = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"}

_SHARED = {"Cross-Origin-Resource-Policy": "cross-origin"}


@dataclass(frozen=True)
class Area:
    """The headers of all paths that begin with `prefix`; one that the answer sets itself stays."""

    prefix: str
    headers: Mapping[str, str]


def content_policy(**directives: str) -> str:
    """A Content-Security-Policy that allows only what is named: `content_policy(script_src="'self'")`."""
    nothing = dict.fromkeys(("default_src", "base_uri", "form_action", "frame_ancestors"), "'none'")
    return "; ".join(f"{name.replace('_', '-')} {value}" for name, value in (nothing | directives).items())


def api_area(prefix: str) -> Area:
    """JSON only: nothing may be loaded, framed or kept."""
    return Area(prefix, {"Content-Security-Policy": content_policy(), "Cache-Control": "no-store", **_ALONE})


def page_area(prefix: str, *, frame_ancestors: Sequence[str] = (), frame_src: str = "'none'") -> Area:
    """A page with scripts and styles of this origin only, framed by `frame_ancestors` (empty: by nobody)."""
    policy = content_policy(
        script_src="'self'",
        style_src="'self'",
        img_src="'self' data:",
        font_src="'self'",
        connect_src="'self'",
        form_action="'self'",
        frame_src=frame_src,
        frame_ancestors=" ".join(frame_ancestors) or "'none'",
    )
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store", **_ALONE}
    return Area(prefix, headers | (_SHARED if frame_ancestors else {}))


def asset_area(prefix: str) -> Area:
    """Public scripts and styles that other sites may embed; revalidated each time (304 when unchanged)."""
    return Area(prefix, {"Content-Security-Policy": content_policy(), "Cache-Control": "no-cache", **_SHARED})


Headers = list[tuple[bytes, bytes]]


def completed(own: Headers, added: Headers) -> Headers:
    """The answer's own headers, with those of `added` that it lacks."""
    said = [name for name, _ in own]
    return own + [pair for pair in added if pair[0] not in said]


class SecurityHeaders:
    """Adds the headers of the first area that fits; the last area should have the prefix ""."""

    def __init__(self, app: ASGIApp, areas: Sequence[Area], *, https: bool = False) -> None:
        self.app = app
        always = _ALWAYS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})
        self.areas = [(area.prefix, _encode(always | dict(area.headers))) for area in areas]

    def of(self, path: str) -> Headers:
        """The headers that are added to answers from this path."""
        return next((headers for prefix, headers in self.areas if path.startswith(prefix)), [])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        added = self.of(scope["path"])

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = completed(message["headers"], added)
            await send(message)

        await self.app(scope, receive, with_headers)


def _encode(headers: Mapping[str, str]) -> Headers:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
