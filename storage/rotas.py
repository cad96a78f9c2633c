"""Stores every version of the on-call rota, encrypted, since it holds telephone numbers."""

import json
from typing import Any

from dialogue.paging_ports import KeptRota
from policies.rota import Rota
from storage.connection import Server, answer
from storage.pipelines import Shared, pipeline_to
from storage.scripts import Script
from storage.sealing import WRAPPED_BYTES, Sealer

KEY = "previsit:rotas"
ADD = Script("append")


class ValkeyRotas:
    """Implements `Rotas`."""

    def __init__(self, redis: Server, master_key: bytes, pipeline: Shared | None = None) -> None:
        self._redis = redis
        self._pipeline = pipeline or pipeline_to(redis)
        self._sealer = Sealer(master_key)

    async def current(self) -> KeptRota | None:
        count: int = await answer(self._redis, self._redis.llen(KEY))
        return await self.version(count) if count else None

    async def version(self, number: int) -> KeptRota | None:
        if number < 1:
            return None
        blob: Any = await answer(self._redis, self._redis.lindex(KEY, number - 1))
        if blob is None:
            return None
        text = self._sealer.open(blob[:WRAPPED_BYTES], blob[WRAPPED_BYTES:], KEY)
        kept = json.loads(text)
        return KeptRota(number, kept["by"], kept["at"], Rota.model_validate_json(kept["rota"]))

    async def add(self, rota: Rota, by: str, at: float, after: int) -> bool:
        text = json.dumps({"by": by, "at": at, "rota": rota.model_dump_json()})
        sealed = self._sealer.seal(text.encode(), KEY)
        return bool(await ADD.run_among_others(self._pipeline, [KEY], after, sealed.key + sealed.value))


class MemoryRotas:
    """The same in this process's memory."""

    def __init__(self) -> None:
        self._kept: list[KeptRota] = []

    async def current(self) -> KeptRota | None:
        return self._kept[-1] if self._kept else None

    async def version(self, number: int) -> KeptRota | None:
        return self._kept[number - 1] if 1 <= number <= len(self._kept) else None

    async def add(self, rota: Rota, by: str, at: float, after: int) -> bool:
        if len(self._kept) != after:
            return False
        self._kept.append(KeptRota(after + 1, by, at, rota))
        return True
