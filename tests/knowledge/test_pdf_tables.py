import re

from knowledge.formats.pdf_tables import markdown, tables

LAYOUT = """
  Score        What to do           Note
  0 to 1       self care
  2 to 3       nurse visit          within  2 days
  4            physician today
"""

WRAPPED = """
  Who is seen when, and by whom, in this clinic.
  Group              What to do                    When
  Women 16 to 64     a sample, and a nurse who     within two
                     looks at it                   days
  Women with fever   a physician, also by          same day
                     telephone
  Men                a physician                   same day
  More below.
"""

ALL_WRAPPED = """
  Group             What to do                When
  Women aged 16     a sample, and a nurse     within two
  and over          who looks at it           days
  Men               a physician               same day
  Children under    a physician, who also     same day, or
  sixteen, or       looks at the ears and     at once with
  very frail        the throat                a rash
"""

SMALL_LETTERS = """
  what        how often       how long
  bandage     twice a day     five days
  plaster     once a day      nine days
  cooling     hourly          one day
"""

GROUPED = """
  Age       Temperature     What to do
  Adult     38 to 39        rest
            39 to 40        a nurse
  Child     38              a nurse
"""


def test_columns_are_told_by_the_stripes_between_them() -> None:
    assert list(tables(LAYOUT)) == [
        [
            ("Score", "What to do Note"),
            ("0 to 1", "self care"),
            ("2 to 3", "nurse visit within 2 days"),
            ("4", "physician today"),
        ]
    ], "a column that is mostly empty is read with the one before"


def test_a_cell_over_two_lines_is_one_cell() -> None:
    found = [
        ("Group", "What to do", "When"),
        ("Women 16 to 64", "a sample, and a nurse who looks at it", "within two days"),
        ("Women with fever", "a physician, also by telephone", "same day"),
        ("Men", "a physician", "same day"),
    ]
    assert list(tables(WRAPPED)) == [found]
    apart = re.sub(r"\n  (Women|Men)", r"\n\n  \1", WRAPPED)
    assert list(tables(apart)) == [found], "rows may stand apart"


def test_a_row_is_one_where_each_of_its_cells_has_two_lines() -> None:
    assert list(tables(ALL_WRAPPED)) == [
        [
            ("Group", "What to do", "When"),
            ("Women aged 16 and over", "a sample, and a nurse who looks at it", "within two days"),
            ("Men", "a physician", "same day"),
            (
                "Children under sixteen, or very frail",
                "a physician, who also looks at the ears and the throat",
                "same day, or at once with a rash",
            ),
        ]
    ]


def test_full_rows_in_small_letters_stay_rows() -> None:
    assert [len(rows) for rows in tables(SMALL_LETTERS)] == [4]


def test_a_row_whose_first_cell_is_the_one_above_stays_a_row() -> None:
    assert [len(rows) for rows in tables(GROUPED)] == [4]


def test_two_tables_below_each_other_are_two() -> None:
    other = (
        "  Dose for a child of any age   Once\n  Five years                    no\n  Ten years                     no"
    )
    assert [len(rows) for rows in tables(f"{GROUPED}\n\n{other}")] == [4, 3]


def test_text_beside_text_without_a_stripe_is_no_table() -> None:
    assert list(tables("one  two three four\nfive six  seven\neight nine ten  eleven")) == []


def test_a_bar_in_a_cell_ends_no_cell() -> None:
    assert list(markdown([("a|b", "c"), ("d", "e")])) == ["", "| a/b | c |", "|---|---|", "| d | e |", ""]
