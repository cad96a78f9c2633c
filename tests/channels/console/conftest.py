"""A console with four waiting cases."""

import pytest

from tests.channels.console import samples
from tests.channels.console.desk import Desk


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.keep(samples.urgent(), samples.reviewing(), samples.by_rules(), samples.low())
    return desk
