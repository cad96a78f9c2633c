"""Makes `knowledge/known_vectors.npz`; needed after a starter guideline or the encoder has changed.

Run as: python -m training.known_vectors .assets/ENCODER.onnx .assets/TOKENIZER.json
"""

import argparse
from pathlib import Path

from knowledge.embedding import OnnxEncoder
from knowledge.known_vectors import FILE, keep
from knowledge.starter import starter_guidelines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("tokenizer", type=Path)
    given = parser.parse_args()
    texts = [chunk.searchable for entry in starter_guidelines().entries for chunk in entry.chunks]
    count = keep(OnnxEncoder(given.encoder, given.tokenizer), texts)
    print(f"{count} vectors, {FILE.stat().st_size / 1000:.0f} kB, in {FILE}")


if __name__ == "__main__":
    main()
