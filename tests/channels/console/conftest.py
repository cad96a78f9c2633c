"""A console with four waiting cases, and two nurses who are signed in."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.channels.console import samples
from tests.channels.console.desk import Desk


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.keep(samples.urgent(), samples.reviewing(), samples.by_rules(), samples.low())
    return desk


@pytest.fixture
async def kim(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with desk.browser("Kim Lee") as client:
        yield client


@pytest.fixture
async def ana(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with desk.browser("Ana Ruiz") as client:
        yield client
