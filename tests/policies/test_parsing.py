import pytest

from policies.expressions import AtLeast, Compare, Has, Is, Not, Unless, both, either
from policies.findings import Choice, Finding, Kind
from policies.parsing import ExpressionError, parse

FINDINGS = {
    finding.id: finding
    for finding in (
        Finding(id="fever", label="Fever"),
        Finding(id="rash", label="Rash"),
        Finding(id="cough", label="Cough"),
        Finding(id="temperature", label="T", kind=Kind.NUMBER, unit="celsius", minimum=30, maximum=45),
        Finding(id="age", label="Age", kind=Kind.DURATION, unit="days"),
        Finding(id="severity", label="Severity", kind=Kind.SCALE, minimum=0, maximum=10),
        Finding(id="medicines", label="Medicines", kind=Kind.TEXT),
        Finding(
            id="onset",
            label="Onset",
            kind=Kind.CHOICE,
            choices=tuple(Choice(value=value, label={}) for value in ("sudden", "gradual", "thunderclap")),
        ),
    )
}


@pytest.mark.parametrize(
    ("source", "expression"),
    [
        ("fever", Has("fever")),
        ("fever and rash or cough", either(both(Has("fever"), Has("rash")), Has("cough"))),
        ("fever and (rash or not cough)", both(Has("fever"), either(Has("rash"), Not(Has("cough"))))),
        ("fever and rash unless cough", both(Has("fever"), Has("rash"), Unless(Has("cough")))),
        ("not not fever", Not(Not(Has("fever")))),
        ("temperature >= 38.0 celsius", Compare("temperature", ">=", 38.0)),
        ("temperature >= 100.4 fahrenheit", Compare("temperature", ">=", 38.0)),
        ("age < 3 months", Compare("age", "<", 91.3125)),
        ("age <= 1 year", Compare("age", "<=", 365.25)),
        ("severity > 7", Compare("severity", ">", 7.0)),
        ("onset is sudden", Is("onset", ("sudden",))),
        ("not onset in (sudden, thunderclap)", Not(Is("onset", ("sudden", "thunderclap")))),
        ("at least 2 of (fever, rash, cough)", AtLeast(2, (Has("fever"), Has("rash"), Has("cough")))),
        ("any of (fever, severity >= 8)", either(Has("fever"), Compare("severity", ">=", 8.0))),
        ("all of (fever, rash and cough)", both(Has("fever"), both(Has("rash"), Has("cough")))),
    ],
)
def test_reads(source: str, expression: object) -> None:
    assert parse(source, FINDINGS) == expression


@pytest.mark.parametrize(
    ("source", "offset", "message"),
    [
        ("feverr", 0, "unknown finding 'feverr'; did you mean 'fever'?"),
        ("fever and xyzzy", 10, "unknown finding 'xyzzy'"),
        ("fever and", 9, "expected a finding, found 'the end'"),
        ("fever rash", 6, "expected the end, found 'rash'"),
        ("(fever or rash", 14, "expected ')', found 'the end'"),
        ("fever & rash", 6, "unexpected character '&' in a rule"),
        ("temperature", 0, "'temperature' is a number finding: compare it with a number"),
        ("age", 0, "'age' is a duration finding: compare it with a time"),
        ("onset", 0, "'onset' is a choice finding: write it with 'is' or 'in'"),
        ("medicines", 0, "'medicines' is a text finding: text is for the nurse to read, rules cannot use it"),
        ("temperature >= 38", 17, "'temperature' needs a unit after 38, such as 'celsius'"),
        ("temperature >= 38 and fever", 18, "'temperature' needs a unit after 38, such as 'celsius'"),
        ("temperature >= 38 days", 18, "'days' measures time, 'celsius' measures temperature"),
        ("temperature >= 38 kelvins", 18, "unknown unit 'kelvins'"),
        ("temperature >= 50 celsius", 15, "'temperature' is never above 45 celsius"),
        ("severity >= 8 celsius", 14, "'severity' has no unit: leave out 'celsius'"),
        ("severity >= 11", 12, "'severity' is never above 10"),
        ("severity >= much", 12, "expected a number after '>=', found 'much'"),
        ("fever >= 3", 6, "'fever' is a yes_no finding and cannot be compared"),
        ("fever is sudden", 6, "'fever' is a yes_no finding: 'is' is for choices"),
        ("onset is suddenly", 9, "unknown value 'suddenly'; did you mean 'sudden'? ('onset' is one of: sudden"),
        ("onset in (sudden, slow)", 18, "unknown value 'slow' ('onset' is one of: sudden, gradual, thunderclap)"),
        ("at least 3 of (fever, rash)", 9, "'at least 3' of 2 can never decide anything"),
        ("at least two of (fever, rash)", 9, "expected a whole number after 'at least', found 'two'"),
        ("any of fever", 7, "expected '(', found 'fever'"),
        ("and fever", 0, "expected a finding, found 'and'"),
        ("", 0, "expected a finding, found 'the end'"),
    ],
)
def test_rejects_and_says_where(source: str, offset: int, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parse(source, FINDINGS)
    assert message in str(error.value)
    assert error.value.offset == offset
