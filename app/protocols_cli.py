"""`previsit protocols check|coverage|graph`: is the clinical content sound, what is there, how it is asked."""

from pathlib import Path
from typing import Annotated

import typer

from dialogue.diagram import mermaid, table_rows
from dialogue.understanding import Lexicon, understand
from policies.checking import check as problems_of
from policies.levels import Level
from policies.loading import CONTENT, load_ruleset
from policies.problems import ContentError
from policies.protocols import Protocol
from policies.ruleset import RuleSet

protocols_app = typer.Typer(no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="the folder of the content; without it, the one that ships")]


@protocols_app.command()
def check(folder: Folder = CONTENT) -> None:
    """Check findings, rules and examples. Prints file:line:column of every problem; 1 if there is any."""
    ruleset = loaded(folder)
    try:
        lexicon = Lexicon.build(ruleset.findings, "en", ruleset.places)
    except ContentError as error:
        typer.echo(error)
        raise typer.Exit(1) from None
    problems = problems_of(ruleset, lambda text: understand(text, lexicon).facts)
    for problem in problems:
        typer.echo(problem)
    typer.echo(f"{counted(ruleset)}: {len(problems) or 'no'} problem{'s' if len(problems) != 1 else ''}")
    raise typer.Exit(1 if problems else 0)


@protocols_app.command()
def coverage(folder: Folder = CONTENT) -> None:
    """List the protocols, how many rules each has by level, and which a clinician has reviewed."""
    ruleset = loaded(folder)
    columns = [level.name for level in reversed(Level)]
    typer.echo(f"{'protocol':24}" + "".join(f"{name:>10}" for name in columns) + "  default    reviewed by")
    typer.echo(row("(every complaint)", [rule.level for rule in ruleset.global_rules]))
    for protocol in ruleset.protocols.values():
        typer.echo(row(protocol.id, [rule.level for rule in protocol.rules], protocol))
    typer.echo(f"{counted(ruleset)}; content {ruleset.content_hash[:12]}")


@protocols_app.command()
def graph(
    table: Annotated[bool, typer.Option("--table", help="every state and signal as a table instead")] = False,
) -> None:
    """Print the conversation's state machine as a Mermaid diagram."""
    typer.echo("\n".join(" | ".join(row) for row in table_rows()) if table else mermaid())


def loaded(folder: Path) -> RuleSet:
    try:
        return load_ruleset(folder)
    except ContentError as error:
        typer.echo(error)
        raise typer.Exit(1) from None


def row(name: str, levels: list[Level], protocol: Protocol | None = None) -> str:
    line = f"{name:24}" + "".join(f"{levels.count(level):10}" for level in reversed(Level))
    if protocol is None:
        return line
    return f"{line}  {protocol.default_level.name:9}  {protocol.reviewer or 'nobody yet'}"


def counted(ruleset: RuleSet) -> str:
    examples = sum(len(rule.must_fire) + len(rule.must_not_fire) for rule in ruleset.rules.values())
    return (
        f"{len(ruleset.findings)} findings, {len(ruleset.protocols)} protocols, "
        f"{len(ruleset.rules)} rules, {examples} examples"
    )
