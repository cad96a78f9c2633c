"""Finds the sentence encoder that suspects danger in words no phrase knows. Without it only the phrases count."""

from pathlib import Path

from app.assets import AssetError, ensure_asset, pinned
from app.offline import Suspects, unsuspecting
from app.settings import Settings
from knowledge.embedding import OnnxEncoder
from knowledge.paraphrases import Paraphrases, load_head

CHECKOUT = Path(__file__).parent.parent / ".assets"
"""Where `scripts/install` puts the encoder."""

PARTS = ("encoder", "tokenizer")


def paraphrases_at_hand(settings: Settings) -> Paraphrases | None:
    """With the files that are there; nothing is fetched."""
    if not settings.paraphrases:
        return None
    for folder in (settings.data_dir / "assets", CHECKOUT):
        files = [pinned()[name].path(folder) for name in PARTS]
        if all(file.is_file() for file in files):
            return Paraphrases(OnnxEncoder(*files), load_head())
    return None


def suspects_of(settings: Settings) -> Suspects:
    """For commands without a server."""
    found = paraphrases_at_hand(settings)
    return found.suspected if found else unsuspecting


def main() -> None:
    """Run as: python -m app.paraphrases. Fetches the encoder for a checkout, or says why not."""
    try:
        for name in PARTS:
            ensure_asset(pinned()[name], CHECKOUT)
    except AssetError as error:
        print(f"Going on without the sentence encoder: {error}")


if __name__ == "__main__":
    main()
