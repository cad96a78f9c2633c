"""The content files of the review."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from policies.phrases import plain
from policies.review_words import CONTENT, medicines, review_words


def test_every_pattern_can_match_plain_text() -> None:
    """Patterns are matched against lower-case text: a capital letter in one would never match."""
    english = review_words().message["en"]
    lists = (
        *(review_words().certainty, review_words().diagnosis, review_words().reassurance, review_words().leak),
        *(review_words().doses, english.diagnosis, english.contacts, english.internal),
    )
    written = [pattern.pattern for patterns in lists for pattern in patterns]
    assert len(written) > 40
    assert not [pattern for pattern in written if re.search(r"[A-Z]", re.sub(r"\\[A-Z]", "", pattern))]


def test_words_are_written_as_they_are_matched() -> None:
    known = medicines()
    for word in (*known.kinds, *known.substances, *known.brands, *review_words().denials, *review_words().hedges):
        assert plain(word) == word


def test_a_medicine_is_found_as_a_whole_word() -> None:
    assert medicines().named.search("some co-codamol then")
    assert not medicines().named.search("insulinoma")


def test_a_misspelt_key_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "review.yaml"
    broken.write_text((CONTENT / "review.yaml").read_text("utf-8").replace("hedges:", "hedge:"), "utf-8")
    with pytest.raises(ValidationError, match="hedge"):
        review_words(broken)


def test_a_broken_pattern_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "review.yaml"
    broken.write_text((CONTENT / "review.yaml").read_text("utf-8").replace(r"'\bfor sure\b'", "'(for sure'"), "utf-8")
    with pytest.raises(ValidationError, match="certainty"):
        review_words(broken)
