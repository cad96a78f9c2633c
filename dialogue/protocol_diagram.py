"""Draws one protocol as Mermaid: what opens it, what is asked, and its rules. Knows no conversation."""

from collections.abc import Iterator

from policies.protocols import Protocol
from policies.rules import Rule
from policies.ruleset import RuleSet


def protocol_mermaid(protocol: Protocol, ruleset: RuleSet) -> str:
    """A flowchart from the complaint through the history to the rules, worst first, and the level if none fires."""
    return "\n".join(["flowchart LR", *(f"    {line}" for line in _lines(protocol, ruleset))])


def _lines(protocol: Protocol, ruleset: RuleSet) -> Iterator[str]:
    yield f"complaint([{_text(_labels(protocol.complaint, ruleset))}])"
    yield f"history[{_text(_labels(protocol.history, ruleset))}]"
    yield "complaint --> history"
    for rule in sorted(protocol.rules, key=lambda rule: -rule.level):
        yield f"{rule.id}{{{{{_text(rule.because)}}}}}"
        yield f"history -->|{_text(_asked(rule, ruleset))}| {rule.id} --> {rule.level.name}"
    yield f"history -->|{_text('no rule fires')}| {protocol.default_level.name}"


def _asked(rule: Rule, ruleset: RuleSet) -> str:
    return _labels(rule.findings, ruleset)


def _labels(names: tuple[str, ...], ruleset: RuleSet) -> str:
    return ", ".join(ruleset.findings[name].label for name in names)


def _text(text: str) -> str:
    """The text, quoted for Mermaid."""
    return '"' + text.replace('"', "'") + '"'
