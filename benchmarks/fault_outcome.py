"""The plan of a run and its outcome: pages that were owed, and pages that were delivered."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.page_receiver import Delivery


@dataclass(frozen=True)
class Plan:
    """What a run does. With `apart`, three programs on bad connections are each killed by themselves.

    `steps` is one more than the most questions that are answered before the danger is told. `silence` are the seconds
    after which a dead worker's duties go to another. With `cluster`, the store is one, and its primaries are killed.
    """

    conversations: int = 200
    kills: int = 60
    seed: int = 1
    apart: bool = True
    steps: int = 7
    silence: float = 20.0
    cluster: bool = False


@dataclass(frozen=True)
class Outcome:
    """`told` are the conversations whose patient read that a nurse is alerted; `owed` are the pages in the store, by
    conversation.
    """

    plan: Plan
    turns: int
    kills: Mapping[str, int]
    starts: Mapping[str, tuple[float, ...]]
    told: frozenset[str]
    owed: Mapping[str, str]
    taken: tuple[Delivery, ...]
    refused: int
    lost_answers: int
    late_answers: int
    doubled: int
    seconds: float

    @property
    def lost(self) -> set[str]:
        """Conversations whose page was announced or committed, but never delivered."""
        arrived = {(one.conversation, one.page) for one in self.taken}
        unsent = {conversation for conversation, page in self.owed.items() if (conversation, page) not in arrived}
        return unsent | (self.told - self.owed.keys())

    @property
    def without_key(self) -> list[Delivery]:
        """Deliveries that a receiver could not tell from another page's, or could not trust."""
        return [one for one in self.taken if not one.signed or one.key != one.stated or one.key != f"{one.page}:0"]

    @property
    def visible(self) -> int:
        """The most incidents that a service which deduplicates by the key would show for one conversation."""
        shown: dict[str, set[str]] = {}
        for one in self.taken:
            shown.setdefault(one.conversation, set()).add(one.key)
        return max(map(len, shown.values()), default=0)

    @property
    def shared(self) -> int:
        """Keys of more than one conversation: a page would be hidden behind another's."""
        pairs = {(one.key, one.conversation) for one in self.taken}
        return len(pairs) - len({key for key, _ in pairs})

    @property
    def again(self) -> int:
        """How often a page was delivered again; the key shows the receiver that it is the same."""
        return len(self.taken) - len({one.key for one in self.taken})

    @property
    def holds(self) -> bool:
        return not (self.lost or self.without_key or self.shared or self.visible > 1)

    def figures(self) -> dict[str, int]:
        """The figures that are summed over several runs."""
        return {
            "conversations with a red flag": self.plan.conversations,
            "turns": self.turns,
            "kills (SIGKILL)": sum(self.kills.values()),
            **{f"kills of the {name}": kills for name, kills in self.kills.items()},
            "answers lost on the line": self.lost_answers,
            "answers held back": self.late_answers,
            "pages asked twice by the line": self.doubled,
            "pages told to patients": len(self.told),
            "pages in the store": len(self.owed),
            "pages taken by the receiver": len({one.page for one in self.taken}),
            "pages lost": len(self.lost),
            "deliveries refused, then sent again": self.refused,
            "deliveries of a page taken before": self.again,
            "deliveries without key or signature": len(self.without_key),
            "keys shared by two conversations": self.shared,
            "visible pages beyond one for each": max(0, self.visible - 1),
        }


def report(outcome: Outcome) -> str:
    starts = [f"{name} {statistics.median(each):.1f} s" for name, each in outcome.starts.items() if each]
    rows = {**outcome.figures(), "seconds in all": round(outcome.seconds)}
    return "\n".join([f"seed {outcome.plan.seed}; median start: {', '.join(starts)}", *written(rows)])


def written(rows: Mapping[str, int]) -> list[str]:
    return [f"{name:<40}{figure:>16}" for name, figure in rows.items()]
