"""Clients of a clinic's Text Embeddings Inference server: an encoder and a reranker. Knows no index.

https://huggingface.co/docs/text-embeddings-inference. No error message holds a text.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import httpx
import numpy as np

from knowledge.embedding import Vectors
from knowledge.errors import KnowledgeUnavailable

TIMEOUT_S = 8.0


class TeiEncoder:
    """An Encoder. Asks its server for the model's name at first use, so that the server need not be up before us."""

    def __init__(self, url: str, floor: float, transport: httpx.BaseTransport | None = None) -> None:
        self.floor = floor
        self._url = url
        self._client = httpx.Client(base_url=url, timeout=TIMEOUT_S, trust_env=False, transport=transport)

    @property
    def name(self) -> str:
        return f"tei-{self._info['model_id']}"

    @cached_property
    def size(self) -> int:
        return int(self.encode(["size"]).shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.size), np.float32)
        most = int(self._info["max_client_batch_size"])
        rows = [row for start in range(0, len(texts), most) for row in self._embedded(texts[start : start + most])]
        vectors = np.asarray(rows, np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        lengths[lengths == 0] = 1
        unit: Vectors = vectors / lengths
        return unit

    def _embedded(self, texts: Sequence[str]) -> list[list[float]]:
        rows = self._asked("POST", "/embed", {"inputs": list(texts), "truncate": True, "normalize": True})
        if len(rows) != len(texts):
            raise KnowledgeUnavailable(f"The embeddings server at {self._url} gave no vector for some text.")
        return list(rows)

    @cached_property
    def _info(self) -> Any:
        return self._asked("GET", "/info")

    def _asked(self, method: str, path: str, json: Any = None) -> Any:
        try:
            return self._client.request(method, path, json=json).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise _unavailable("embeddings server", self._url, error) from None


class TeiReranker:
    """A cross-encoder behind /rerank."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._transport = transport

    async def order(self, query: str, texts: Sequence[str]) -> list[int]:
        """The indexes of the texts, the best first. Raises KnowledgeUnavailable."""
        asked = {"query": query, "texts": list(texts), "truncate": True}
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False, transport=self._transport) as client:
                ranks = (await client.post(f"{self._url}/rerank", json=asked)).raise_for_status().json()
            places = [int(each["index"]) for each in sorted(ranks, key=lambda each: -float(each["score"]))]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise _unavailable("reranker", self._url, error) from None
        if sorted(places) != list(range(len(texts))):
            raise KnowledgeUnavailable(f"The reranker at {self._url} left candidates out.")
        return places


def _unavailable(what: str, url: str, error: Exception) -> KnowledgeUnavailable:
    status = f", status {error.response.status_code}" if isinstance(error, httpx.HTTPStatusError) else ""
    return KnowledgeUnavailable(f"The {what} at {url} did not answer ({type(error).__name__}{status}).")
