"""Every address of the web chat, in one list. Knows nothing about how they are answered."""

from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from channels.event_stream import Streams
from channels.headers import Area, api_area, asset_area, page_area
from channels.web.api import PatientApi
from channels.web.catalogue import load_catalogues
from channels.web.config import WebConfig
from channels.web.limits import WebLimits
from channels.web.pages import STATIC, chat_page, demo_page, widget
from dialogue.engine import Engine
from dialogue.ports import Changes


def patient_api(
    engine: Engine,
    changes: Changes,
    config: WebConfig,
    streams: Streams,
    limits: WebLimits | None = None,
) -> PatientApi:
    return PatientApi(engine, changes, config, load_catalogues(config.languages), streams, limits or WebLimits())


def patient_routes(api: PatientApi) -> list[BaseRoute]:
    config = api.config
    one = "/api/v1/conversations/{id}"
    return [
        Route(one + "/messages", api.say, methods=["POST"]),
        Route("/api/v1/conversations", api.start, methods=["POST"]),
        Route(one + "/events", api.listen),
        Route(one, api.resume),
        Route(one, api.withdraw, methods=["DELETE"]),
        Route("/chat", chat_page(config, api.catalogues)),
        Route("/widget.js", widget),
        Mount("/chat/assets", StaticFiles(directory=STATIC)),
        Route("/demo", demo_page(config)),
    ]


def patient_areas(config: WebConfig) -> list[Area]:
    """The security headers of these addresses, for `channels.headers.SecurityHeaders`."""
    return [
        api_area("/api/v1/conversations"),
        asset_area("/chat/assets/"),
        asset_area("/widget.js"),
        page_area("/chat", frame_ancestors=("'self'", *config.clinic_origins)),
        page_area("/demo", frame_src="'self'"),
    ]
