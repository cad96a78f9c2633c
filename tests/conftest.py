"""What all tests share: one event loop flavour, and property tests that find the same cases in every run."""

import pytest
from hypothesis import settings

settings.register_profile("previsit", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("previsit")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
