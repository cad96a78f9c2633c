"""The trail as a page: the latest first, by case and by person, and whether it is whole."""

import re

import pytest

from tests.channels.console.desk import Desk

pytestmark = pytest.mark.anyio


async def lines(desk: Desk, query: str = "") -> list[list[str]]:
    async with desk.browser("Al Auditor") as client:
        page = (await client.get(f"/console/audit{query}")).text
    rows = page[page.index("<tbody>") : page.index("</tbody>")].split("<tr>")[1:]
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]


async def test_who_saw_what_is_shown_latest_first_with_its_versions(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as kim:
        await kim.get("/console/cases/c-review")
        await kim.get("/console/cases/c-urgent")
    shown = await lines(desk)
    assert [(line[2], line[3], line[4]) for line in shown] == [
        ("Kim Lee", "viewed", "K7P2Q"),
        ("Kim Lee", "listed", ""),
        ("Kim Lee", "viewed", "M4TNX"),
    ]
    assert "rules:sample" in shown[0][5] and "draft:model" in shown[2][5]
    assert shown[1][5] == "case:K7P2Q", "its page stands on top of every other"


async def test_it_is_searched_by_case_and_by_person(desk: Desk) -> None:
    for name in ("Kim Lee", "Ana Ruiz"):
        async with desk.browser(name) as client:
            await client.get("/console/cases/c-review")
    async with desk.browser("Ana Ruiz") as client:
        await client.get("/console/cases/c-urgent")
    assert len(await lines(desk, "?code=m4tnx")) == 2
    assert {line[2] for line in await lines(desk, "?actor=Ana Ruiz")} == {"Ana Ruiz"}
    assert len(await lines(desk, "?actor=Ana Ruiz&code=M4TNX")) == 1
    assert "Nothing is on the trail" in str(await lines(desk, "?code=XXXXX"))


async def test_the_whole_trail_is_checked_when_asked(desk: Desk) -> None:
    async with desk.browser("Al Auditor") as client:
        assert "as it was written" not in (await client.get("/console/audit")).text
        assert "The trail is as it was written." in (await client.get("/console/audit?check=1")).text
        desk.spoilt.append("line 7: changed")
        spoilt = (await client.get("/console/audit?check=1")).text
    assert "not as it was written" in spoilt and "line 7: changed" in spoilt
    assert desk.audited.count(("Al Auditor", "trail_checked", "")) == 2
