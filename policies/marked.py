"""Reads YAML with the line and column of every part of it. Knows nothing about content."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from policies.problems import ContentError, Problem

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Trail = tuple[str | int, ...]
BLOCK_STYLES, QUOTES = ("|", ">"), ("'", '"')


@dataclass(frozen=True)
class Marked:
    """The data of one file; `nodes` has the YAML node of each part, by its trail (path) of keys and indexes."""

    file: str
    data: Any
    lines: list[str] = field(repr=False)
    nodes: dict[Trail, yaml.Node] = field(repr=False)

    def problem(self, trail: Trail, message: str, offset: int | None = None) -> Problem:
        """A problem at `trail`, or at the nearest enclosing part that is in the file.

        `offset` counts characters into the text of a scalar, however it is quoted or folded.
        """
        while trail not in self.nodes:
            trail = trail[:-1]
        node = self.nodes[trail]
        line, column = node.start_mark.line, node.start_mark.column
        if offset is not None and isinstance(node, yaml.ScalarNode):
            line, column = self.inside(node, offset)
        return Problem(self.file, line + 1, column + 1, message)

    def inside(self, node: yaml.ScalarNode, offset: int) -> tuple[int, int]:
        """Line and column of the character at `offset` of a scalar's value, found by counting the characters that are
        not white space: YAML's folding changes white space alone."""
        ahead = sum(not char.isspace() for char in node.value[:offset])
        places = self.characters(node)
        for line, column in places:
            if ahead == 0:
                return line, column
            ahead -= 1
        return node.end_mark.line, node.end_mark.column

    def characters(self, node: yaml.ScalarNode) -> Iterator[tuple[int, int]]:
        """Line and column of each character of a scalar that is not white space; quotes and block signs are skipped."""
        line, column = node.start_mark.line, node.start_mark.column
        if node.style in BLOCK_STYLES:
            line, column = line + 1, 0
        elif node.style in QUOTES:
            column += 1
        while (line, column) < (node.end_mark.line, node.end_mark.column):
            if column >= len(self.lines[line]):
                line, column = line + 1, 0
                continue
            if not self.lines[line][column].isspace():
                yield line, column
            column += 1


def read(path: Path, name: str) -> Marked:
    """Read a file; `name` is what problems call it. A key written twice is a problem, not a silent loss."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ContentError([Problem(name, 0, 0, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise ContentError([Problem(name, 0, 0, "is not UTF-8 text")]) from None
    reader = Reader(name)
    try:
        data = reader.value(_compose(text, name), ())
    except RecursionError:
        raise ContentError([Problem(name, 0, 0, "is nested too deeply, or holds itself")]) from None
    if reader.problems:
        raise ContentError(reader.problems)
    return Marked(name, data, text.splitlines(), reader.nodes)


def _compose(text: str, name: str) -> yaml.Node:
    try:
        root = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise ContentError([Problem(name, line, column, f"not valid YAML: {error.problem}")]) from None
    except yaml.reader.ReaderError as error:
        line, column = _place(text, text.find(chr(error.character)))
        raise ContentError([Problem(name, line, column, "holds a character that YAML does not allow")]) from None
    if root is None:
        raise ContentError([Problem(name, 1, 1, "is empty")])
    return root


def _place(text: str, position: int) -> tuple[int, int]:
    """Line and column, counted from 1, of the character at `position`."""
    before = text[:position]
    return before.count("\n") + 1, position - before.rfind("\n")


class Reader:
    """Turns nodes into plain data, remembering each node."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.nodes: dict[Trail, yaml.Node] = {}
        self.problems: list[Problem] = []
        self.scalars = yaml.constructor.SafeConstructor()

    def value(self, node: yaml.Node, trail: Trail) -> Any:
        self.nodes[trail] = node
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, trail)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*trail, index)) for index, item in enumerate(node.value)]
        return self.scalar(node)

    def scalar(self, node: yaml.Node) -> Any:
        """Its value; a problem where it has none, such as a date that no calendar has."""
        try:
            return self.scalars.construct_object(node)
        except (ValueError, yaml.YAMLError):
            mark = node.start_mark
            self.problems.append(Problem(self.file, mark.line + 1, mark.column + 1, "cannot be read as a value"))
            return None

    def mapping(self, node: yaml.MappingNode, trail: Trail) -> dict[Any, Any]:
        data: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                mark = key_node.start_mark
                self.problems.append(Problem(self.file, mark.line + 1, mark.column + 1, "a key is one word"))
                continue
            key = self.scalar(key_node)
            if key in data:
                mark = key_node.start_mark
                message = f"'{key}' is written twice"
                self.problems.append(Problem(self.file, mark.line + 1, mark.column + 1, message))
            data[key] = self.value(value_node, (*trail, key))
            self.nodes[(*trail, key)] = value_node
        return data
