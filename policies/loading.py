"""Reads the clinical content from its folder, and rejects what cannot be right. Knows nothing about patients.

findings/*.yaml      finding id: its fields
global_rules.yaml    a list of rules
interview.yaml       what every conversation asks
protocols/*.yaml     one protocol a file, named by its id
languages/CODE/      translations of what patients read and say (`translations.py`)
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from policies.findings import Content, Finding, Kind
from policies.marked import Marked, Trail, read
from policies.parsing import ExpressionError, parse, unknown
from policies.problems import ContentError, Problem
from policies.protocols import Protocol, WrittenProtocol
from policies.rules import Rule, WrittenRule
from policies.ruleset import AGE, SEX, Interview, RuleSet
from policies.translations import WRITTEN_IN, Translation, translated
from policies.units import UnitError, unit

CONTENT = Path(__file__).parent / "content"

Written = TypeVar("Written", bound=Content)


def load_ruleset(folder: Path = CONTENT, languages: Collection[str] = ()) -> RuleSet:
    """The content of `folder` with its translations into `languages`. ContentError lists every problem by file and
    line."""
    return Loading(folder, languages).ruleset()


def translations_in(folder: Path) -> list[str]:
    """The languages that the content is translated into."""
    return sorted(path.name for path in (folder / "languages").glob("*") if path.is_dir())


@cache
def default_ruleset() -> RuleSet:
    """The content that ships with the package, read once a process."""
    return load_ruleset()


class Loading:
    """One pass over a folder. Problems are collected, so that an author sees them all at once."""

    def __init__(self, folder: Path, languages: Collection[str] = ()) -> None:
        self.folder = folder
        self.languages = [language for language in languages if language != WRITTEN_IN]
        self.reasons: dict[str, dict[str, str]] = {}
        self.problems: list[Problem] = []
        self.places: dict[str, Problem] = {}
        self.digest = hashlib.sha256()

    def ruleset(self) -> RuleSet:
        findings = self.findings()
        self.stop_if_wrong()
        for language in self.languages:
            findings = {**findings, **dict(self.translations(language, findings))}
        interview = self.interview(findings)
        global_rules = self.global_rules(findings)
        protocols = {protocol.id: protocol for protocol in self.protocols(findings)}
        self.check_reasons()
        self.stop_if_wrong()
        return RuleSet(findings, protocols, global_rules, interview, self.digest.hexdigest(), self.places)

    def stop_if_wrong(self) -> None:
        if self.problems:
            raise ContentError(self.problems)

    def read(self, path: Path, shape: type) -> Marked | None:
        """A file's data; None, with the problem noted, where it cannot be read or is not of this shape."""
        name = path.relative_to(self.folder).as_posix()
        try:
            document = read(path, name)
        except ContentError as error:
            self.problems.extend(error.problems)
            return None
        self.digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
        if not isinstance(document.data, shape):
            wanted = "a list" if shape is list else "a mapping of names"
            self.problems.append(document.problem((), f"the file must hold {wanted}"))
            return None
        return document

    def content(self, model: type[Written], document: Marked, data: Any, trail: Trail) -> Written | None:
        """`data` as a `model`; None, with the problems noted, where it is not valid."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for wrong in error.errors(include_input=False, include_url=False):
                message = explain(model, wrong["type"], wrong["loc"], wrong["msg"])
                self.problems.append(document.problem((*trail, *wrong["loc"]), message))
            return None

    def place(self, key: str, document: Marked, trail: Trail) -> None:
        """Remember where `key` is written; a second place is a problem."""
        here = document.problem(trail, key)
        if key in self.places:
            first = self.places[key]
            self.problems.append(document.problem(trail, f"{key} is already in {first.file}:{first.line}"))
        self.places[key] = here

    def findings(self) -> dict[str, Finding]:
        findings: dict[str, Finding] = {}
        origins: dict[str, Marked] = {}
        for path in sorted((self.folder / "findings").glob("*.yaml")):
            document = self.read(path, dict)
            if document is None:
                continue
            for name, body in document.data.items():
                self.place(f"finding {name}", document, (name,))
                body = body if isinstance(body, dict) else {}
                finding = self.content(Finding, document, {**body, "id": name}, (name,))
                if finding:
                    findings[finding.id], origins[finding.id] = finding, document
        for finding in findings.values():
            self.check_finding(finding, findings, origins[finding.id])
        for name, kind in ((AGE, Kind.DURATION), (SEX, Kind.CHOICE)):
            if name not in findings or findings[name].kind is not kind:
                self.problems.append(Problem("findings", 0, 0, f"there must be a {kind} finding '{name}'"))
        return findings

    def translations(self, language: str, findings: Mapping[str, Finding]) -> Iterator[tuple[str, Finding]]:
        """The findings with their texts in a language added. The rules' reasons go into `self.reasons`, for `rules`."""
        folder = self.folder / "languages" / language
        for path in sorted((folder / "findings").glob("*.yaml")):
            document = self.read(path, dict)
            if document is None:
                continue
            for name, body in document.data.items():
                self.place(f"finding {name} in {language}", document, (name,))
                self.check_names((name,), findings, document, ())
                words = self.content(Translation, document, body or {}, (name,))
                if words and name in findings:
                    yield name, translated(findings[name], language, words)
        if document := self.read(folder / "reasons.yaml", dict):
            for rule, reason in document.data.items():
                self.place(f"reason {rule} in {language}", document, (rule,))
                self.reasons.setdefault(rule, {})[language] = str(reason)

    def check_reasons(self) -> None:
        """Every translated reason must be of a rule that exists."""
        for rule, reasons in self.reasons.items():
            if f"rule {rule}" not in self.places:
                here = (self.places[f"reason {rule} in {language}"] for language in reasons)
                self.problems += [replace(place, message=f"no rule is called '{rule}'") for place in here]

    def check_finding(self, finding: Finding, findings: Mapping[str, Finding], document: Marked) -> None:
        def wrong(message: str, *trail: str | int) -> None:
            self.problems.append(document.problem((finding.id, *trail), message))

        for index, implied in enumerate(finding.implies):
            if implied not in findings:
                wrong(unknown("finding", implied, findings), "implies", index)
            elif {finding.kind, findings[implied].kind} != {Kind.YES_NO}:
                wrong("only yes/no findings imply each other", "implies", index)
        if finding.id in ancestors(finding.id, findings):
            wrong(f"'{finding.id}' implies itself", "implies")
        if (finding.kind is Kind.CHOICE) != bool(finding.choices):
            wrong("a choice finding, and only that, needs 'choices'", "choices")
        if finding.kind is Kind.DURATION and finding.unit != "days":
            wrong("a duration is kept in days: write 'unit: days'", "unit")
        if finding.unit:
            try:
                unit(finding.unit)
            except UnitError as error:
                wrong(str(error), "unit")

    def interview(self, findings: Mapping[str, Finding]) -> Interview:
        empty = Interview.model_construct(about_you=(), safety_check=(), background=())
        document = self.read(self.folder / "interview.yaml", dict)
        interview = self.content(Interview, document, document.data, ()) if document else None
        if document is None or interview is None:
            return empty
        for field in Interview.model_fields:
            self.check_names(getattr(interview, field), findings, document, (field,))
        return interview

    def check_names(
        self, names: tuple[str, ...], findings: Mapping[str, Finding], document: Marked, trail: Trail
    ) -> None:
        for index, name in enumerate(names):
            if name not in findings:
                self.problems.append(document.problem((*trail, index), unknown("finding", name, findings)))

    def global_rules(self, findings: Mapping[str, Finding]) -> tuple[Rule, ...]:
        document = self.read(self.folder / "global_rules.yaml", list)
        if document is None:
            return ()
        written = (self.content(WrittenRule, document, data, (i,)) for i, data in enumerate(document.data))
        return self.rules(written, findings, document, lambda index: (index,), "")

    def protocols(self, findings: Mapping[str, Finding]) -> list[Protocol]:
        protocols = []
        for path in sorted((self.folder / "protocols").glob("*.yaml")):
            document = self.read(path, dict)
            written = self.content(WrittenProtocol, document, document.data, ()) if document else None
            if document is not None and written is not None:
                protocols.append(self.protocol(written, findings, document, path.stem))
        return protocols

    def protocol(
        self, written: WrittenProtocol, findings: Mapping[str, Finding], document: Marked, stem: str
    ) -> Protocol:
        if written.id != stem:
            self.problems.append(document.problem(("id",), f"must be '{stem}', as the file is named"))
        self.place(f"protocol {written.id}", document, ("id",))
        self.check_names(written.complaint, findings, document, ("complaint",))
        self.check_names(written.history, findings, document, ("history",))
        rules = self.rules(written.rules, findings, document, lambda index: ("rules", index), written.id)
        header = {name: getattr(written, name) for name in type(written).model_fields if name != "rules"}
        return Protocol(**header, rules=rules)

    def rules(
        self,
        written: Iterable[WrittenRule | None],
        findings: Mapping[str, Finding],
        document: Marked,
        trail: Callable[[int], Trail],
        protocol: str,
    ) -> tuple[Rule, ...]:
        """The rules of one file with their expressions parsed; `trail(n)` is where the nth stands in the file."""
        rules = []
        for index, one in enumerate(written):
            if one is None:
                continue
            self.place(f"rule {one.id}", document, (*trail(index), "id"))
            try:
                expression = parse(one.when, findings)
            except ExpressionError as error:
                self.problems.append(document.problem((*trail(index), "when"), str(error), error.offset))
                continue
            fields = {name: getattr(one, name) for name in type(one).model_fields}
            reasons = {WRITTEN_IN: one.because, **self.reasons.get(one.id, {})}
            rules.append(Rule(**fields, expression=expression, protocol=protocol, reasons=reasons))
        return tuple(rules)


def ancestors(name: str, findings: Mapping[str, Finding]) -> set[str]:
    """All that `name` implies, directly and indirectly; ends even if the implications form a cycle."""
    seen: set[str] = set()
    ahead = [*findings[name].implies]
    while ahead:
        implied = ahead.pop()
        if implied in findings and implied not in seen:
            seen.add(implied)
            ahead.extend(findings[implied].implies)
    return seen


def explain(model: type[Content], kind: str, loc: tuple[int | str, ...], message: str) -> str:
    """Pydantic's message in words for an author of content."""
    name = loc[-1] if loc else ""
    if kind == "missing":
        return f"'{name}' is missing"
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return unknown("key", str(name), model.model_fields if len(loc) == 1 else WrittenRule.model_fields)
    return f"'{name}': {message}"
