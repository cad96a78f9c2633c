"""Searches for more passages than asked for, and has a reranker put them in order. Knows no engine."""

import logging
from collections.abc import Sequence
from typing import Protocol

from knowledge.errors import KnowledgeUnavailable
from policies.demographics import ANYBODY, Demographics
from policies.passages import Passage

log = logging.getLogger(__name__)

CANDIDATES = 20


class Reranker(Protocol):
    async def order(self, query: str, texts: Sequence[str]) -> list[int]:
        """The indexes of the texts, the best first. Raises KnowledgeUnavailable."""


class Searched(Protocol):
    async def search(
        self, query: str, protocols: Sequence[str], limit: int = 4, patient: Demographics = ANYBODY
    ) -> list[Passage]:
        """As a GuidelineIndex does."""


class Reranked:
    """Only passages that are good enough are reranked. If the reranker does not answer, the order stays as it was."""

    def __init__(self, guidelines: Searched, reranker: Reranker) -> None:
        self._guidelines = guidelines
        self._reranker = reranker

    async def search(
        self, query: str, protocols: Sequence[str], limit: int = 4, patient: Demographics = ANYBODY
    ) -> list[Passage]:
        found = await self._guidelines.search(query, protocols, max(limit, CANDIDATES), patient)
        if len(found) < 2:
            return found
        try:
            places = await self._reranker.order(query, [f"{each.title}\n{each.heading}\n{each.text}" for each in found])
        except KnowledgeUnavailable as error:
            log.warning("guidelines are not reranked: %s", error)
            return found[:limit]
        return [found[place] for place in places[:limit]]
