"""What the console is told about its clinic. Built once by `app`; knows nothing about where the values come from."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from channels.console.clocks import SERVICE_SECONDS
from policies.levels import Level


@dataclass(frozen=True)
class ConsoleConfig:
    """`origins` are the addresses staff use (`https://console.clinic.example`); empty: this server's own.

    `idle_seconds` must be the same as that of the sessions; `warn_seconds` before it the person is warned. `secret`
    signs what travels through a browser, and all servers of a clinic share it. With `first_impression` a person notes
    the level that they would give before they see the machine's; an emergency is never hidden. `ways` are those by
    which the whole team is paged, `personal` the kinds by which people of the rota can be; a `trial` needs no two.
    `own_replies` is the folder of the clinic's own ready-made replies.
    """

    clinic: str
    secret: bytes = field(default_factory=lambda: os.urandom(32), repr=False)
    https: bool = False
    origins: tuple[str, ...] = ()
    idle_seconds: float = 15 * 60
    warn_seconds: float = 2 * 60
    body_limit: int = 64 * 1024
    upload_limit: int = 10_000_000
    booking: bool = False
    first_impression: bool = False
    second_factor_required: bool = False
    page_test_seconds: float = 0.0
    ways: tuple[str, ...] = ("console",)
    personal: frozenset[str] = frozenset()
    trial: bool = True
    service_seconds: Mapping[Level, float] = field(default_factory=lambda: SERVICE_SECONDS)
    emergency_seconds: float = 30 * 60
    own_replies: Path | None = None

    @property
    def cookie(self) -> str:
        """The `__Host-` prefix makes a browser refuse the cookie from any other host, path or plain http."""
        return "__Host-previsit" if self.https else "previsit"

    def own_origins(self, host: str) -> tuple[str, ...]:
        return self.origins or (f"{'https' if self.https else 'http'}://{host}",)
