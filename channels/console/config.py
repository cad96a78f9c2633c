"""What the console is told about its clinic. Built once by `app`; knows nothing about where the values come from."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from channels.console.service_times import SERVICE_SECONDS
from policies.levels import Level


@dataclass(frozen=True)
class ConsoleConfig:
    """The console's settings.

    `origins` are the addresses that staff use (`https://console.clinic.example`); empty: this server's own. `secret`
    signs what travels through a browser; all servers of a clinic share it. `idle_seconds` must equal that of the
    sessions; the person is warned `warn_seconds` before it is over. With `first_impression` a person notes the level
    they would give before they see the rules'; an emergency is never hidden. `ways` page the whole team, `personal` are
    the kinds of way to people of the rota; a `trial` needs no second way. `staff_names` is whether patients
    read who has written. `own_replies` is the folder of the clinic's
    own ready-made replies.
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
    staff_names: bool = True
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
