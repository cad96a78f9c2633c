"""A model server on loopback that answers as a test tells it."""

from collections.abc import AsyncIterator

import pytest

from tests.llm.servers import ModelDouble, model_double


@pytest.fixture
async def double() -> AsyncIterator[ModelDouble]:
    async with model_double() as double:
        yield double
