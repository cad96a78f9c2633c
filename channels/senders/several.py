"""One page to several people by one way: accepted when at least one of them could be reached."""

import asyncio
from collections.abc import Awaitable, Sequence

from channels.telephony.port import TelephoneFailed
from dialogue.paging_ports import SendFailed


async def any_of(name: str, tries: Sequence[Awaitable[None]]) -> None:
    """Sends to all of them. Raises SendFailed, with the first reason, if nobody could be reached or there is nobody."""
    results = await asyncio.gather(*tries, return_exceptions=True)
    failed = [result for result in results if isinstance(result, BaseException)]
    if len(failed) < len(results):
        return
    first = failed[0] if failed else None
    if isinstance(first, SendFailed):
        raise first
    reason = str(first) if isinstance(first, TelephoneFailed) else type(first).__name__ if first else "nobody to reach"
    raise SendFailed(f"{name}: {reason}")
