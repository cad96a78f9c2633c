from policies.problems import ContentError, Problem


def test_every_problem_has_a_line_in_the_order_of_the_files_and_each_once() -> None:
    late, early = Problem("b.yaml", 2, 1, "unknown finding"), Problem("a.yaml", 10, 3, "is empty")
    error = ContentError([late, early, late])
    assert error.problems == (early, late)
    assert str(error) == "a.yaml:10:3: is empty\nb.yaml:2:1: unknown finding"


def test_lines_are_ordered_as_numbers() -> None:
    second, tenth = Problem("a.yaml", 2, 1, "x"), Problem("a.yaml", 10, 1, "x")
    assert ContentError([tenth, second]).problems == (second, tenth)
