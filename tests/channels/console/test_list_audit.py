"""The audit trail records whose cases a person was shown in a list: by code, once in half an hour."""

import pytest

from channels.console.list_audit import AGAIN_SECONDS
from tests.channels.console import samples
from tests.channels.console.desk import Desk

pytestmark = pytest.mark.anyio


def listed(desk: Desk) -> list[tuple[str, set[str]]]:
    lines = zip(desk.audited, desk.details, strict=True)
    return [(who, set(detail)) for (who, action, _), detail in lines if action == "listed"]


async def test_who_opens_the_queue_is_on_the_trail_with_every_case_in_it(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        page = (await client.get("/console")).text
    [(who, cases)] = listed(desk)
    assert who == "Kim Lee"
    assert len(cases) == page.count('id="case-')
    assert all(case.removeprefix("case:") in page for case in cases)


async def test_a_case_is_noted_once_in_half_an_hour_for_each_who_sees_it(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as kim, desk.browser("Ana Ruiz") as ana:
        for browser in (kim, kim, ana, kim):
            await browser.get("/console")
        assert [who for who, _ in listed(desk)] == ["Kim Lee", "Ana Ruiz"]
        for _ in range(4):
            desk.clock.at += AGAIN_SECONDS / 3 + 1
            await kim.get("/console")
    assert [who for who, _ in listed(desk)] == ["Kim Lee", "Ana Ruiz", "Kim Lee"]


async def test_what_comes_in_later_is_noted_also_where_the_list_renews_itself() -> None:
    desk = Desk()
    await desk.keep(samples.reviewing())
    async with desk.browser("Kim Lee") as client:
        await client.get("/console")
        await desk.keep(samples.urgent())
        await client.get("/console", headers={"X-Previsit-Background": "1"})
    assert [cases for _, cases in listed(desk)] == [{"case:M4TNX"}, {"case:K7P2Q"}]


async def test_a_list_is_found_by_each_of_its_cases(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        await client.get("/console")
    async with desk.browser("Al Auditor") as client:
        assert "listed" in (await client.get("/console/audit?code=M4TNX")).text
        assert "listed" not in (await client.get("/console/audit?code=M4TN")).text


async def test_pages_without_patients_are_not_recorded(desk: Desk) -> None:
    async with desk.browser("Al Auditor") as client:
        await client.get("/console/measures")
        await client.get("/console/audit")
    assert listed(desk) == []
