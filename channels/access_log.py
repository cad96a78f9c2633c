"""One log line a request: method, path without its query, status, time. Knows nothing about bodies or headers."""

import logging
import time
from collections.abc import Awaitable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)


class AccessLog:
    """Replaces the server's own access log, which would write down query strings."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "http" or not logger.isEnabledFor(logging.INFO):
            return self.app(scope, receive, send)
        return self._logged(scope, receive, send)

    async def _logged(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()

        async def log_start(message: Message) -> None:
            if message["type"] == "http.response.start":
                took = (time.perf_counter() - began) * 1000
                logger.info("%s %s %d %.1fms", scope["method"], scope["path"], message["status"], took)
            await send(message)

        await self.app(scope, receive, log_start)
