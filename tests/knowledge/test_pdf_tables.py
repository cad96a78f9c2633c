from knowledge.formats.pdf_tables import cells_by_words, key_of, markdown

LAYOUT = """
  Score        What to do           Note
  0 to 1       self care
  2 to 3       nurse visit          within  2 days
  4            physician today
"""


def test_columns_are_told_by_the_stripes_between_them() -> None:
    cells = cells_by_words(LAYOUT)
    assert list(cells.values()) == [
        ("Score", "What to do Note"),
        ("0 to 1", "self care"),
        ("2 to 3", "nurse visit within 2 days"),
        ("4", "physician today"),
    ], "a column that is mostly empty is read with the one before"
    assert cells[key_of("0 to 1 self care")] == ("0 to 1", "self care")


def test_text_beside_text_without_a_stripe_is_no_table() -> None:
    assert cells_by_words("one  two three four\nfive six  seven\neight nine ten  eleven") == {}


def test_a_bar_in_a_cell_ends_no_cell() -> None:
    assert list(markdown([("a|b", "c"), ("d", "e")])) == ["", "| a/b | c |", "|---|---|", "| d | e |", ""]
