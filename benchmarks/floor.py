"""The least that a durable turn over HTTP can cost: one endpoint, one Redis GET, one SET of 4 KB, and no dialogue.

Served with the settings that `app.serve` gives to the same server.

Run as: python -m benchmarks.floor REDIS_URL PORT
"""

import os
import secrets
import sys

import uvicorn
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

BLOB = os.urandom(4096)


def create_app(redis: Redis) -> Starlette:
    """The same addresses as the patient API, so that one load generator drives both."""

    async def start(request: Request) -> Response:
        return JSONResponse({"id": secrets.token_urlsafe(16), "token": "none"}, 201)

    async def say(request: Request) -> Response:
        await request.json()
        key = "floor:" + request.path_params["id"]
        await redis.get(key)
        await redis.set(key, BLOB)
        return JSONResponse({"text": "ok"})

    return Starlette(
        routes=[
            Route("/api/v1/conversations/{id}/messages", say, methods=["POST"]),
            Route("/api/v1/conversations", start, methods=["POST"]),
        ]
    )


if __name__ == "__main__":
    url, port = sys.argv[1:]
    uvicorn.run(
        create_app(Redis.from_url(url)),
        port=int(port),
        loop="uvloop",
        http="httptools",
        interface="asgi3",
        lifespan="off",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        log_level="warning",
    )
