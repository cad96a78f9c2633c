"""The rule language: text → expression, checked against the vocabulary. Knows nothing about files or rules.

expression = conjunction { "or" conjunction }
conjunction = term { "and" term } [ "unless" term ]      a harmless reason, once known; in no EMERGENCY rule
term        = "not" term | "(" expression ")" | group | statement
group       = ("at least" number "of" | "any of" | "all of") "(" expression { "," expression } ")"
statement   = finding                                        a yes/no finding is present
            | finding ("<" | "<=" | ">" | ">=") number [unit]
            | finding "is" value | finding "in" "(" value { "," value } ")"
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policies.expressions import COMPARISONS, AtLeast, Compare, Expression, Has, Is, Not, Unless, both, either
from policies.findings import Finding, Kind
from policies.units import UnitError, convert

TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<word>[a-z][a-z0-9_]*)|(?P<sign><=|>=|<|>|\(|\)|,))")
KEYWORDS = frozenset({"and", "or", "not", "is", "in", "at", "least", "any", "all", "of", "unless"})
MEASURED = frozenset({Kind.NUMBER, Kind.DURATION, Kind.SCALE})


class ExpressionError(ValueError):
    """An expression that cannot be used; `offset` is where in its text, counted from 0."""

    def __init__(self, offset: int, message: str) -> None:
        self.offset = offset
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    offset: int


def tokenize(source: str) -> list[Token]:
    """The tokens of `source`, closed by an `end` token."""
    tokens, position, end = [], 0, len(source.rstrip())
    while position < end:
        match = TOKEN.match(source, position)
        if match is None:
            offset = position + len(source[position:]) - len(source[position:].lstrip())
            raise ExpressionError(offset, f"unexpected character {source[offset]!r} in a rule")
        kind = str(match.lastgroup)
        tokens.append(Token(kind, match[kind], match.start(kind)))
        position = match.end()
    return [*tokens, Token("end", "the end", end)]


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """`unknown finding 'feverr'; did you mean 'fever'?`"""
    close = difflib.get_close_matches(name, known, n=1)
    return f"unknown {what} '{name}'" + (f"; did you mean '{close[0]}'?" if close else "")


def parse(source: str, findings: Mapping[str, Finding]) -> Expression:
    """The expression that `source` writes; ExpressionError says what to mend and where."""
    parser = Parser(source, findings)
    expression = parser.expression()
    parser.expect("end")
    return expression


class Parser:
    """Recursive descent over the tokens, one method for each line of the grammar."""

    def __init__(self, source: str, findings: Mapping[str, Finding]) -> None:
        self.tokens = tokenize(source)
        self.findings = findings

    @property
    def next(self) -> Token:
        return self.tokens[0]

    def take(self) -> Token:
        return self.tokens.pop(0)

    def accept(self, *texts: str) -> bool:
        """Take these words or signs if they come next, in this order."""
        if [token.text for token in self.tokens[: len(texts)]] != list(texts):
            return False
        del self.tokens[: len(texts)]
        return True

    def expect(self, text: str) -> None:
        if text == "end" and self.next.kind == "end":
            return
        if not self.accept(text):
            wanted = "the end" if text == "end" else f"'{text}'"
            raise self.error(f"expected {wanted}, found '{self.next.text}'")

    def error(self, message: str, token: Token | None = None) -> ExpressionError:
        return ExpressionError((token or self.next).offset, message)

    def expression(self) -> Expression:
        parts = [self.conjunction()]
        while self.accept("or"):
            parts.append(self.conjunction())
        return either(*parts) if len(parts) > 1 else parts[0]

    def conjunction(self) -> Expression:
        parts = [self.term()]
        while self.accept("and"):
            parts.append(self.term())
        if self.accept("unless"):
            parts.append(Unless(self.term()))
        return both(*parts) if len(parts) > 1 else parts[0]

    def term(self) -> Expression:
        if self.accept("not"):
            return Not(self.term())
        if self.accept("("):
            inner = self.expression()
            self.expect(")")
            return inner
        if self.accept("at", "least"):
            return self.at_least()
        if self.accept("any", "of"):
            return either(*self.group())
        if self.accept("all", "of"):
            return both(*self.group())
        return self.statement()

    def at_least(self) -> Expression:
        token = self.take()
        if token.kind != "number" or not token.text.isdigit():
            raise self.error(f"expected a whole number after 'at least', found '{token.text}'", token)
        self.expect("of")
        parts = self.group()
        if not 1 <= int(token.text) <= len(parts):
            raise self.error(f"'at least {token.text}' of {len(parts)} can never decide anything", token)
        return AtLeast(int(token.text), parts)

    def group(self) -> tuple[Expression, ...]:
        self.expect("(")
        parts = [self.expression()]
        while self.accept(","):
            parts.append(self.expression())
        self.expect(")")
        return tuple(parts)

    def statement(self) -> Expression:
        token = self.take()
        if token.kind != "word" or token.text in KEYWORDS:
            raise self.error(f"expected a finding, found '{token.text}'", token)
        finding = self.findings.get(token.text)
        if finding is None:
            raise self.error(unknown("finding", token.text, self.findings), token)
        if self.next.text in COMPARISONS:
            return self.comparison(finding)
        if self.next.text in ("is", "in"):
            return self.choice(finding)
        if finding.kind is not Kind.YES_NO:
            raise self.error(f"'{finding.id}' is a {finding.kind} finding: {HOW_TO_USE[finding.kind]}", token)
        return Has(finding.id)

    def comparison(self, finding: Finding) -> Expression:
        sign = self.take()
        if finding.kind not in MEASURED:
            raise self.error(f"'{finding.id}' is a {finding.kind} finding and cannot be compared", sign)
        number = self.take()
        if number.kind != "number":
            raise self.error(f"expected a number after '{sign.text}', found '{number.text}'", number)
        value = self.measured(finding, number)
        if finding.minimum is not None and value < finding.minimum:
            raise self.error(f"'{finding.id}' is never below {finding.minimum:g} {finding.unit}", number)
        if finding.maximum is not None and value > finding.maximum:
            raise self.error(f"'{finding.id}' is never above {finding.maximum:g} {finding.unit}", number)
        return Compare(finding.id, sign.text, value)

    def measured(self, finding: Finding, number: Token) -> float:
        """The number in the finding's own unit; the unit must be written where the finding has one."""
        written = self.next.kind == "word" and self.next.text not in KEYWORDS
        if not finding.unit:
            if written:
                raise self.error(f"'{finding.id}' has no unit: leave out '{self.next.text}'")
            return float(number.text)
        if not written:
            raise self.error(f"'{finding.id}' needs a unit after {number.text}, such as '{finding.unit}'")
        unit = self.take()
        try:
            return convert(float(number.text), unit.text, finding.unit)
        except UnitError as error:
            raise self.error(str(error), unit) from None

    def choice(self, finding: Finding) -> Expression:
        keyword = self.take()
        if finding.kind is not Kind.CHOICE:
            message = f"'{finding.id}' is a {finding.kind} finding: '{keyword.text}' is for choices"
            raise self.error(message, keyword)
        if keyword.text == "is":
            return Is(finding.id, (self.value(finding),))
        self.expect("(")
        values = [self.value(finding)]
        while self.accept(","):
            values.append(self.value(finding))
        self.expect(")")
        return Is(finding.id, tuple(values))

    def value(self, finding: Finding) -> str:
        token, offered = self.take(), [choice.value for choice in finding.choices]
        if token.text not in offered:
            message = unknown("value", token.text, offered)
            raise self.error(f"{message} ('{finding.id}' is one of: {', '.join(offered)})", token)
        return token.text


HOW_TO_USE = {
    Kind.CHOICE: "write it with 'is' or 'in'",
    Kind.NUMBER: "compare it with a number",
    Kind.DURATION: "compare it with a time",
    Kind.SCALE: "compare it with a number",
    Kind.TEXT: "text is for the nurse to read, rules cannot use it",
}
