"""The pages of the clinical content, for clinicians to read and print: each protocol with its findings, rules, reasons,
sources and examples, and whether somebody has signed it. They change nothing.
"""

from collections.abc import Iterable
from typing import NamedTuple

from starlette.responses import Response

from channels.console.access import AccessControl, StaffRequest
from channels.console.queue_page import Frame
from dialogue.clinic import Clinic
from dialogue.protocol_diagram import protocol_mermaid
from policies.findings import Finding
from policies.levels import Level
from policies.protocols import Protocol
from policies.rules import Rule
from policies.signing import is_signed

GLOBAL = "global"
"""The name, in addresses, of the global rules."""


class Shown(NamedTuple):
    """One finding as a clinician reads it: its name and how patients are asked."""

    finding: Finding
    asked: str


class ProtocolPage:
    def __init__(self, access: AccessControl, clinic: Clinic, frame: Frame) -> None:
        self._access = access
        self._clinic = clinic
        self._frame = frame

    async def list(self, request: StaffRequest) -> Response:
        protocols = sorted(self._clinic.ruleset.protocols.values(), key=lambda each: each.title.casefold())
        context = {
            **await self._frame(request),
            "title": "Protocols",
            "protocols": [(each, signed_by(each), counts(each.rules)) for each in protocols],
            "unsigned": sum(1 for each in protocols if not signed_by(each)),
            "global_rules": self._clinic.ruleset.global_rules,
        }
        return self._access.pages.render("protocols.html", context)

    async def show(self, request: StaffRequest) -> Response:
        name, ruleset = request.http.path_params["name"], self._clinic.ruleset
        protocol = ruleset.protocols.get(name)
        if protocol is None and name != GLOBAL:
            return self._access.refuse(404, "There is no such protocol.")
        rules = sorted(protocol.rules if protocol else ruleset.global_rules, key=lambda rule: -rule.level)
        used = [finding for rule in rules for finding in rule.findings]
        history = protocol.history if protocol else ()
        context = {
            **await self._frame(request),
            "title": protocol.title if protocol else "Rules for every complaint",
            "protocol": protocol,
            "signed": signed_by(protocol) if protocol else "",
            "opened_by": [ruleset.findings[each] for each in (protocol.complaint if protocol else ())],
            "history": [self._shown(each) for each in history],
            "others": [self._shown(each) for each in dict.fromkeys(used) if each not in history],
            "rules": rules,
            "mermaid": protocol_mermaid(protocol, ruleset) if protocol else "",
            "labels": {each: ruleset.findings[each].label for each in used},
        }
        return self._access.pages.render("protocol.html", context)

    def _shown(self, name: str) -> Shown:
        finding = self._clinic.ruleset.findings[name]
        language = next(iter(self._clinic.catalogues))
        words = self._clinic.catalogues[language]
        asked = finding.ask.get(language) or finding.item.get(language) or ""
        return Shown(finding, words.fill(asked))


def signed_by(protocol: Protocol) -> str:
    """Who has signed the protocol as it stands; empty if nobody has."""
    return protocol.reviewer if is_signed(protocol) else ""


def counts(rules: Iterable[Rule]) -> dict[Level, int]:
    levels = [rule.level for rule in rules]
    return {level: levels.count(level) for level in reversed(Level) if level in levels}
