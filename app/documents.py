"""Generates the parts of docs/ that describe the code: the state machine, the rules, the hazards.

Run as: python -m app.documents docs

A part is between `<!-- generated: NAME -->` and `<!-- end -->` in its page; the rest of the page is written by hand.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from dialogue.diagram import mermaid, table_rows
from policies.hazards import Hazard, load_hazards
from policies.levels import Level
from policies.loading import default_ruleset
from policies.rules import Rule

PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


class UnknownPart(Exception):
    """A page names a part that does not exist."""


def refreshed(page: str) -> str:
    """The page with its parts generated again."""
    return PART.sub(lambda found: f"{found[1]}{_part(found[2])}\n{found[3]}", page)


def _part(name: str) -> str:
    if name not in PARTS:
        raise UnknownPart(f"there is no part {name!r}; there is: {', '.join(PARTS)}")
    return PARTS[name]()


def diagram() -> str:
    return f"```mermaid\n{mermaid()}\n```"


def transitions() -> str:
    return table(("In state", "on", "to", "said", "owed"), (_codes(row) for row in table_rows()))


def rules() -> str:
    """One table for each group: the global rules, then each protocol's."""
    ruleset = default_ruleset()
    groups = {"Whatever the complaint": ruleset.global_rules} | {
        f"{protocol.title} (if no rule fires: {protocol.default_level.name})": protocol.rules
        for protocol in ruleset.protocols.values()
    }
    count = f"{len(ruleset.rules)} rules over {len(ruleset.findings)} findings."
    return "\n\n".join([count, *(f"### {title}\n\n{_rule_table(found)}" for title, found in groups.items())])


def hazards() -> str:
    rows = (_hazard_row(hazard) for hazard in load_hazards().hazards)
    return table(("Id", "Hazard", "Harm", "Severity", "Control", "Proven by"), rows)


def _rule_table(rules: Iterable[Rule]) -> str:
    order = sorted(rules, key=lambda rule: -rule.level)
    return table(
        ("Rule", "Level", "When", "Because", "Source"),
        ((f"`{rule.id}`", Level(rule.level).name, f"`{rule.when}`", rule.because, rule.source) for rule in order),
    )


def _hazard_row(hazard: Hazard) -> tuple[str, ...]:
    proofs = "<br>".join(f"`{test}`" for test in hazard.tests)
    return hazard.id, f"{hazard.hazard}: {hazard.cause}", hazard.harm, hazard.severity, hazard.control, proofs


def _codes(row: Iterable[str]) -> Iterator[str]:
    return (f"`{cell}`" if re.fullmatch(r"\w+", cell) else cell for cell in row)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; a bar within a cell is escaped."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


PARTS: Mapping[str, Callable[[], str]] = {
    "diagram": diagram,
    "transitions": transitions,
    "rules": rules,
    "hazards": hazards,
}


def main(folder: Path) -> None:
    for path in sorted(folder.glob("*.md")):
        path.write_text(refreshed(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
