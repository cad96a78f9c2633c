"""The audit trail as a port of the channels."""

from typing import Protocol


class Audit(Protocol):
    """Records who did what to which case. `detail` holds codes only (versions, levels), never a patient's words."""

    async def __call__(self, actor: str, action: str, code: str = "", *detail: str) -> None: ...
