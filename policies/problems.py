"""What is wrong with clinical content, and where. Knows nothing about how the content is read.

ContentError    the content cannot be used as it stands; holds every problem that was found
"""

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """`line` and `column` count from 1; 0 where the file as a whole is meant."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class ContentError(ValueError):
    """Content that cannot be used; its message has one line a problem, `file:line:column: what to do`."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))
