"""The chat page and the demo clinic's home page, rendered once. Knows nothing about any conversation."""

import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from channels.web.catalogue import WebCatalogue
from channels.web.config import WebConfig

HERE = Path(__file__).parent
STATIC = HERE / "static"

Endpoint = Callable[[Request], Awaitable[Response]]


def chat_page(config: WebConfig, catalogues: Mapping[str, WebCatalogue]) -> Endpoint:
    """The chat page in the clinic's language, or the one that `?lang=` names."""
    pages = {language: _render_chat(config, catalogues, language) for language in catalogues}
    usual = pages[config.language]

    async def chat(request: Request) -> Response:
        return HTMLResponse(pages.get(request.query_params.get("lang", ""), usual))

    return chat


def demo_page(config: WebConfig) -> Endpoint:
    """A small clinic's home page that embeds the widget as a clinic would."""
    known = {"clinic": config.clinic_name, "number": config.emergency_number}
    page = _environment().get_template("demo.html").render(known, link=tel_link(config.emergency_number))

    async def demo(_request: Request) -> Response:
        return HTMLResponse(page)

    return demo


async def widget(_request: Request) -> Response:
    """The launcher, at a short address, for clinics' own pages."""
    return FileResponse(STATIC / "widget.js", media_type="text/javascript")


def tel_link(number: str) -> str:
    """A link that dials the number; empty if it is words ("your local emergency number")."""
    digits = re.sub(r"[^+0-9*#]", "", number)
    return f"tel:{digits}" if digits else ""


def _render_chat(config: WebConfig, catalogues: Mapping[str, WebCatalogue], language: str) -> str:
    catalogue = catalogues[language]
    others = [each for each in catalogues.values() if each is not catalogue]
    known = {"clinic": config.clinic_name, "number": config.emergency_number}
    page = {
        "language": catalogue.language,
        "clinic": config.clinic_name,
        "emergencyNumber": config.emergency_number,
        "emergencyLink": tel_link(config.emergency_number),
        "crisisLine": config.crisis_line,
        "crisisLink": tel_link(config.crisis_line),
        "strings": dict(catalogue.page),
    }

    def say(key: str) -> str:
        return catalogue.page[key].format_map(known)

    return (
        _environment().get_template("chat.html").render(catalogue=catalogue, others=others, page=page, say=say, **known)
    )


def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(HERE / "pages"), autoescape=True, undefined=StrictUndefined)
