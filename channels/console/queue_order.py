"""The order of the queue where a nurse judges a case before its level is shown. Knows nothing about pages."""

from collections.abc import Mapping, Sequence

from channels.console.service_times import due
from dialogue.queue import Place
from policies.levels import Level


def without_levels(places: Sequence[Place], now: float, service: Mapping[Level, float]) -> list[Place]:
    """The places, given most urgent first, in an order that hints at no level: by how long they have waited.

    Emergencies, which are never hidden, stay first. After them comes whatever has waited longer than its level allows,
    by level: that tells a level, but nobody waits too long for it to be a secret.
    """
    first: list[Place] = []
    hidden: list[Place] = []
    closed: list[Place] = []
    for place in places:
        late = due(place.level, place.since, now, service).late
        (closed if place.is_closed else first if place.is_urgent or late else hidden).append(place)
    return [*first, *sorted(hidden, key=lambda place: place.since), *closed]
