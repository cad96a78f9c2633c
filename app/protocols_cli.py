"""`previsit protocols check|coverage|graph|sign`: is the clinical content sound, what is there, who answers for it."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.exits import fail
from dialogue.diagram import mermaid, table_rows
from dialogue.protocol_diagram import protocol_mermaid
from dialogue.understanding import Lexicon, understand
from policies.checking import check as problems_of
from policies.coverage import load_coverage
from policies.levels import Level
from policies.loading import CONTENT, load_ruleset, translations_in
from policies.parsing import unknown
from policies.problems import ContentError
from policies.protocols import Protocol
from policies.ruleset import RuleSet
from policies.signing import is_signed, signed
from policies.translations import WRITTEN_IN

protocols_app = typer.Typer(no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="the folder of the content; without it, the one that ships")]


@protocols_app.command()
def check(folder: Folder = CONTENT) -> None:
    """Check findings, rules and examples, in every language. Prints file:line:column of each problem; 1 if any."""
    further = translations_in(folder)
    ruleset = loaded(folder, further)
    try:
        lexicon, *_ = [Lexicon.build(ruleset.findings, language, ruleset.places) for language in (WRITTEN_IN, *further)]
    except ContentError as error:
        typer.echo(error)
        raise typer.Exit(1) from None
    problems = problems_of(ruleset, lambda text: understand(text, lexicon).facts, further)
    for problem in problems:
        typer.echo(problem)
    for protocol in ruleset.protocols.values():
        if protocol.reviewer and not is_signed(protocol):
            typer.echo(f"note: {protocol.id} has changed since {protocol.reviewer} signed it: previsit protocols sign")
    typer.echo(f"{counted(ruleset)}: {len(problems) or 'no'} problem{'s' if len(problems) != 1 else ''}")
    raise typer.Exit(1 if problems else 0)


@protocols_app.command()
def coverage(folder: Folder = CONTENT) -> None:
    """List the protocols, how many rules each has by level, who signed them, and what nothing covers yet."""
    ruleset = loaded(folder)
    columns = [level.name for level in reversed(Level)]
    typer.echo(f"{'protocol':24}" + "".join(f"{name:>10}" for name in columns) + "  default    reviewed by")
    typer.echo(row("(every complaint)", [rule.level for rule in ruleset.global_rules]))
    for protocol in ruleset.protocols.values():
        typer.echo(row(protocol.id, [rule.level for rule in protocol.rules], protocol))
    typer.echo(f"\n{counted(ruleset)}; content {ruleset.content_hash[:12]}")
    wanted = load_coverage()
    missing = wanted.missing(ruleset)
    covered = len(wanted.families) + len(wanted.life_threats) - len(missing)
    typer.echo(f"Covered: {covered} of {len(wanted.families)} families and {len(wanted.life_threats)} life threats")
    for line in missing:
        typer.echo(f"  not covered: {line}")


@protocols_app.command()
def graph(
    protocol: Annotated[str, typer.Argument(help="a protocol's id; without it, the conversation's machine")] = "",
    table: Annotated[bool, typer.Option("--table", help="every state and signal as a table instead")] = False,
    folder: Annotated[Path, typer.Option("--content", help="the folder of the content")] = CONTENT,
) -> None:
    """Print one protocol, or the conversation's state machine, as a Mermaid diagram."""
    if protocol:
        ruleset = loaded(folder)
        typer.echo(protocol_mermaid(named(protocol, ruleset), ruleset))
    else:
        typer.echo("\n".join(" | ".join(row) for row in table_rows()) if table else mermaid())


@protocols_app.command()
def sign(
    protocol: Annotated[str, typer.Argument(help="the protocol's id")],
    by: Annotated[str, typer.Option("--by", help="the clinician's name and role")],
    folder: Annotated[Path, typer.Option("--content", help="the folder of the content")] = CONTENT,
    review_date: Annotated[str, typer.Option(help="when it is to be looked at again; default: in a year")] = "",
) -> None:
    """Sign a protocol as it stands now. Any later change of it makes the signature void."""
    name = " ".join(by.replace('"', "").split())
    if not name:
        fail("Say who signs: --by 'Dr Ada Osei, GP'.")
    try:
        due = date.fromisoformat(review_date) if review_date else in_a_year(date.today())
    except ValueError:
        fail("--review-date is written as 2027-11-30.")
    found = named(protocol, loaded(folder))
    path = folder / "protocols" / f"{found.id}.yaml"
    path.write_text(signed(path.read_text("utf-8"), found, name, due), "utf-8")
    typer.echo(f"{found.title} is signed by {name}, to be reviewed by {due.isoformat()}.")


def in_a_year(today: date) -> date:
    return today + timedelta(days=365)


def named(protocol: str, ruleset: RuleSet) -> Protocol:
    if protocol not in ruleset.protocols:
        fail(unknown("protocol", protocol, ruleset.protocols) + f"; there is: {', '.join(ruleset.protocols)}")
    return ruleset.protocols[protocol]


def loaded(folder: Path, languages: Sequence[str] = ()) -> RuleSet:
    try:
        return load_ruleset(folder, languages)
    except ContentError as error:
        typer.echo(error)
        raise typer.Exit(1) from None


def row(name: str, levels: list[Level], protocol: Protocol | None = None) -> str:
    line = f"{name:24}" + "".join(f"{levels.count(level):10}" for level in reversed(Level))
    if protocol is None:
        return line
    return f"{line}  {protocol.default_level.name:9}  {signed_by(protocol)}"


def signed_by(protocol: Protocol) -> str:
    if is_signed(protocol):
        return protocol.reviewer
    return f"changed since {protocol.reviewer} signed" if protocol.reviewer else "nobody yet"


def counted(ruleset: RuleSet) -> str:
    examples = sum(len(rule.must_fire) + len(rule.must_not_fire) for rule in ruleset.rules.values())
    return (
        f"{len(ruleset.findings)} findings, {len(ruleset.protocols)} protocols, "
        f"{len(ruleset.rules)} rules, {examples} examples"
    )
