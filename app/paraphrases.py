"""Loads the sentence encoder that suspects danger in words that no phrase covers. Without it only the phrases count."""

from app.assets import CHECKOUT, ENCODER_PARTS, AssetError, encoder_files, ensure_asset, pinned
from app.offline import Suspects, unsuspecting
from app.settings import Settings
from knowledge.embedding import OnnxEncoder
from knowledge.paraphrases import Paraphrases, load_head


def paraphrases_at_hand(settings: Settings) -> Paraphrases | None:
    """None if the encoder's files are not here; nothing is fetched."""
    if not settings.paraphrases:
        return None
    encoder, tokenizer = encoder_files(settings.data_dir)
    return Paraphrases(OnnxEncoder(encoder, tokenizer), load_head()) if encoder and tokenizer else None


def suspects_of(settings: Settings) -> Suspects:
    """For commands without a server."""
    found = paraphrases_at_hand(settings)
    return found.suspected if found else unsuspecting


def main() -> None:
    """Run as: python -m app.paraphrases. Fetches the encoder for a checkout, or says why not."""
    try:
        for name in ENCODER_PARTS:
            ensure_asset(pinned()[name], CHECKOUT)
    except AssetError as error:
        print(f"Going on without the sentence encoder: {error}")


if __name__ == "__main__":
    main()
