import shutil
from pathlib import Path

import pytest

from policies.loading import load_ruleset
from policies.problems import ContentError

FINDINGS = """\
age: {kind: duration, unit: days, label: Age, ask: {en: How old?}}
sex:
  kind: choice
  label: Sex
  choices: [{value: female, label: {en: Female}}, {value: male, label: {en: Male}}]
throat: {label: Sore throat, ask: {en: Sore?}, phrases: {en: [sore throat]}}
drooling:
  label: Drooling
  implies: [throat]
"""
INTERVIEW = """\
about_you: [age, sex]
safety_check: [drooling]
background: []
"""
RULES = """\
- id: cannot_swallow
  level: EMERGENCY
  when: drooling
  because: Spit that cannot be swallowed is dangerous.
  source: NHS, Sore throat
"""
PROTOCOL = """\
id: sore
title: Sore throat
complaint: [throat]
history: [age]
default_level: LOW
review_date: 2027-01-01
rules:
  - id: sore_infant
    level: HIGH
    when: >-
      throat
      and age < 3 months
    because: Babies are different.
    source: NHS
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    for name, text in {
        "findings/all.yaml": FINDINGS,
        "interview.yaml": INTERVIEW,
        "global_rules.yaml": RULES,
        "protocols/sore.yaml": PROTOCOL,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_loads(content: Path) -> None:
    ruleset = load_ruleset(content)
    assert list(ruleset.rules) == ["cannot_swallow", "sore_infant"]
    assert ruleset.rules["sore_infant"].protocol == "sore"
    assert ruleset.rules["sore_infant"].findings == ("throat", "age")
    assert str(ruleset.places["rule sore_infant"]).startswith("protocols/sore.yaml:8:9: ")


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("findings/all.yaml", "label: Drooling", "lable: Drooling", "8:10: unknown key 'lable'; did you mean 'label'?"),
        ("findings/all.yaml", "label: Drooling", "icd10: ''", "8:3: 'label' is missing"),
        ("findings/all.yaml", "[throat]", "[throt]", "9:13: unknown finding 'throt'; did you mean 'throat'?"),
        ("findings/all.yaml", "[throat]", "[age]", "9:13: only yes/no findings imply each other"),
        ("findings/all.yaml", "[throat]", "[drooling]", "9:12: 'drooling' implies itself"),
        ("findings/all.yaml", "unit: days", "unit: weeks", "1:29: a duration is kept in days: write 'unit: days'"),
        ("findings/all.yaml", "unit: days", "unit: dais", "1:29: unknown unit 'dais'"),
        ("findings/all.yaml", "kind: choice", "kind: yes_no", "5:12: a choice finding, and only that, needs 'choices'"),
        ("findings/all.yaml", "kind: choice", "kind: choise", "3:9: 'kind': Input should be 'yes_no', 'choice'"),
        ("findings/all.yaml", "throat: {", "drooling: {", "'drooling' is written twice"),
        ("findings/all.yaml", "  label: Drooling", "  label: [", "not valid YAML"),
        ("interview.yaml", "[drooling]", "[droling]", "2:16: unknown finding 'droling'; did you mean 'drooling'?"),
        ("interview.yaml", "[drooling]", "[]", "2:15: 'safety_check': Tuple should have at least 1 item"),
        ("interview.yaml", "background: []", "", "'background' is missing"),
        ("global_rules.yaml", "EMERGENCY", "URGENT", "2:10: 'level': Value error, a level is one of LOW, MEDIUM, HIGH"),
        ("global_rules.yaml", "when: drooling", "when: drooling or", "3:20: expected a finding, found 'the end'"),
        ("global_rules.yaml", "when: drooling", "when: 'age < 3'", "3:17: 'age' needs a unit after 3"),
        ("global_rules.yaml", "id: cannot_swallow", "id: Cannot", "'id': String should match pattern"),
        ("global_rules.yaml", "id: cannot_swallow", "id: sore_infant", "sore_infant is already in global_rules.yaml:1"),
        ("protocols/sore.yaml", "[throat]", "[fever]", "3:13: unknown finding 'fever'"),
        ("protocols/sore.yaml", "[age]", "[agee]", "4:11: unknown finding 'agee'; did you mean 'age'?"),
        ("protocols/sore.yaml", "id: sore\n", "id: throat\n", "1:5: must be 'sore', as the file is named"),
        ("protocols/sore.yaml", "age < 3 months", "age < 3 metres", "12:19: unknown unit 'metres'"),
        ("protocols/sore.yaml", "and age", "and ages", "12:11: unknown finding 'ages'; did you mean 'age'?"),
        ("protocols/sore.yaml", "2027-01-01", "soon", "6:14: 'review_date': Input should be a valid date"),
        ("protocols/sore.yaml", "default_level: LOW\n", "", "'default_level' is missing"),
    ],
)
def test_says_file_line_and_remedy(content: Path, name: str, old: str, new: str, expected: str) -> None:
    change(content, name, old, new)
    with pytest.raises(ContentError) as error:
        load_ruleset(content)
    assert expected in str(error.value)
    assert name in str(error.value)


def test_reports_every_problem_at_once(content: Path) -> None:
    change(content, "interview.yaml", "[drooling]", "[droling]")
    change(content, "protocols/sore.yaml", "[age]", "[agee]")
    with pytest.raises(ContentError) as error:
        load_ruleset(content)
    assert [problem.file for problem in error.value.problems] == ["interview.yaml", "protocols/sore.yaml"]


@pytest.mark.parametrize("name", ["interview.yaml", "global_rules.yaml"])
def test_a_missing_or_empty_file_is_named(content: Path, name: str) -> None:
    (content / name).write_text("", encoding="utf-8")
    with pytest.raises(ContentError, match=f"{name}:1:1: is empty"):
        load_ruleset(content)
    (content / name).unlink()
    with pytest.raises(ContentError, match=f"{name}:0:0: cannot be read: No such file"):
        load_ruleset(content)


def test_a_file_that_is_not_text_or_of_another_shape(content: Path) -> None:
    (content / "interview.yaml").write_bytes(b"\xff\xfe\x00")
    (content / "global_rules.yaml").write_text("a: b", encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load_ruleset(content)
    assert "interview.yaml:0:0: is not UTF-8 text" in str(error.value)
    assert "global_rules.yaml:1:1: the file must hold a list" in str(error.value)


def test_age_and_sex_must_be_there(content: Path) -> None:
    change(content, "findings/all.yaml", "age: {kind: duration, unit: days,", "years: {kind: number,")
    with pytest.raises(ContentError, match="there must be a duration finding 'age'"):
        load_ruleset(content)


def test_the_hash_follows_every_byte(content: Path, tmp_path: Path) -> None:
    before = load_ruleset(content).content_hash
    copy = tmp_path / "copy"
    shutil.copytree(content, copy)
    assert load_ruleset(copy).content_hash == before
    change(copy, "global_rules.yaml", "dangerous.", "dangerous!")
    assert load_ruleset(copy).content_hash != before


THROAT_ES = """\
throat: {ask: "¿Le duele la garganta?", item: Dolor de garganta, phrases: [dolor de garganta]}
sex: {choices: {female: {label: Mujer, phrases: [mujer]}, male: {label: Hombre, phrases: [hombre]}}}
"""


def spanish(content: Path, findings: str = THROAT_ES, reasons: str = "cannot_swallow: Es grave.\n") -> Path:
    folder = content / "languages" / "es"
    (folder / "findings").mkdir(parents=True)
    (folder / "findings" / "throat.yaml").write_text(findings)
    (folder / "reasons.yaml").write_text(reasons)
    return content


def test_a_further_language_adds_words_and_changes_no_rule(content: Path) -> None:
    alone = load_ruleset(spanish(content))
    both = load_ruleset(content, ["en", "es"])
    throat, sex = both.findings["throat"], both.findings["sex"]
    assert throat.ask == {"en": "Sore?", "es": "¿Le duele la garganta?"}
    assert throat.phrases == {"en": ("sore throat",), "es": ("dolor de garganta",)}
    assert [choice.label["es"] for choice in sex.choices] == ["Mujer", "Hombre"]
    assert both.rules["cannot_swallow"].reasons["es"] == "Es grave."
    assert [rule.when for rule in both.rules.values()] == [rule.when for rule in alone.rules.values()]
    assert "es" not in alone.findings["throat"].ask
    assert both.content_hash != alone.content_hash


@pytest.mark.parametrize(
    ("findings", "reasons", "told"),
    [
        ("thraot: {item: X}\n", "{}\n", "languages/es/findings/throat.yaml:1"),
        ("throat: {level: HIGH}\n", "{}\n", "languages/es/findings/throat.yaml:1"),
        (THROAT_ES, "sore_infnat: X\n", "languages/es/reasons.yaml:1"),
    ],
)
def test_a_translation_of_nothing_says_where_it_is(content: Path, findings: str, reasons: str, told: str) -> None:
    with pytest.raises(ContentError, match=told):
        load_ruleset(spanish(content, findings, reasons), ["es"])
