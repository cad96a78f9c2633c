"""Makes the model that the settings describe: one server or two, by either of TGI's APIs, with its calls counted."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from app.settings import Settings
from llm.endpoint import Endpoint
from llm.hedged import Hedged
from llm.local_server import LocalModelServer
from llm.metering import Metered
from llm.tgi import TgiModel
from llm.tgi_generate import TgiGenerate

APIS: dict[str, Callable[[Endpoint, str], TgiModel | TgiGenerate]] = {"chat": TgiModel, "generate": TgiGenerate}


@dataclass(frozen=True)
class ServedModel:
    """A model and the addresses behind it; the first address is the one whose health counts."""

    model: Metered
    endpoints: tuple[Endpoint, ...]

    async def healthy(self) -> bool:
        return await self.endpoints[0].healthy()

    async def aclose(self) -> None:
        for endpoint in self.endpoints:
            await endpoint.aclose()


def model_of(settings: Settings, server: LocalModelServer | None) -> ServedModel | None:
    """None if no model is wanted, or none is available."""
    if not settings.model:
        return None
    if settings.model_url:
        return _remote(settings)
    if server is None:
        return None
    local = Endpoint(server.url, token=server.token, deadline=settings.model_seconds)
    return ServedModel(Metered(TgiModel(local), time.monotonic), (local,))


def at(settings: Settings, url: str, name: str) -> TgiModel | TgiGenerate:
    token = settings.model_token.get_secret_value()
    endpoint = Endpoint(url, token=token, deadline=settings.model_seconds, connections=settings.model_at_once)
    return APIS[settings.model_api](endpoint, name)


def _remote(settings: Settings) -> ServedModel:
    first = at(settings, settings.model_url, settings.model_name)
    if not settings.model_second_url:
        return ServedModel(Metered(first, time.monotonic), (first.endpoint,))
    second = at(settings, settings.model_second_url, settings.model_name)
    hedged = Hedged(first, second, settings.model_second_after)
    return ServedModel(Metered(hedged, time.monotonic), (first.endpoint, second.endpoint))
