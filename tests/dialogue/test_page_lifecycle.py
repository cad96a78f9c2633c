"""The life of a page: queued, sent, delivered, acknowledged, under review, resolved; and what happens when it stops."""

from dataclasses import replace
from typing import Any

import pytest

from channels.senders.pagerduty import PagerDuty
from dialogue import events as e
from dialogue.conversation import Conversation, Page, Paging
from dialogue.duties import CheckActed, Duty, TellPaged
from dialogue.engine import NotNow, code_of
from dialogue.page_lifecycle import with_page_raised
from dialogue.paging_ports import Notice, Outcome, Sender
from policies.lease import holder
from tests.channels.senders.incidents import KEY, Incidents
from tests.clock import NOON
from tests.stage import Stage, clinic

pytestmark = pytest.mark.anyio

DANGER = "I have a crushing pain in my chest and my left arm feels heavy"
ACT_SECONDS = 600.0
MANY_CASES = 20_000
NOBODY = "No nurse has answered yet. We keep trying. Please do not wait. Call 911 now."


class Pushes:
    """A sender that also takes what became of a page."""

    name = "pagerduty"

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.told: list[Outcome] = []
        self.failing = False

    async def send(self, notice: Notice) -> None:
        self.notices.append(notice)

    async def tell(self, outcome: Outcome) -> None:
        if self.failing:
            raise OSError("gone")
        self.told.append(outcome)


class Ward:
    def __init__(self, pushes: Sender | None = None) -> None:
        names = ("console", "pagerduty")
        steps = tuple(step.model_copy(update={"senders": names}) for step in clinic().ladder.steps)
        ladder = clinic().ladder.model_copy(update={"steps": steps, "last_resort": names})
        self.pushes = Pushes()
        others = (pushes or self.pushes,)
        of = replace(clinic(), act_seconds=ACT_SECONDS, ladder=ladder)
        self.stage = Stage(of=of, others=others)

    async def danger(self) -> None:
        await self.stage.opens()
        await self.stage.says(DANGER)
        await self.stage.works()

    async def acts(self, kind: type[e.ByStaff], seconds: float = 10.0, by: str = "Kim Lee", **more: Any) -> None:
        self.stage.clock.at += seconds
        await self.stage.acts(kind(at=self.stage.clock.at, by=by, **more))
        await self.stage.works()

    async def page(self) -> Page:
        page = (await self.stage.now()).page
        assert page is not None
        return page

    def told(self, conversation: Conversation) -> str:
        """All that the patient has read."""
        return "\n".join(reply.text for entry in conversation.log for reply in entry.replies)

    def owes(self, kind: type[CheckActed] | type[TellPaged]) -> list[Duty]:
        return [duty for duty in self.stage.ledger.owed.values() if isinstance(duty, kind)]


async def test_a_page_records_the_time_of_each_step() -> None:
    ward = Ward()
    await ward.danger()
    await ward.acts(e.Acknowledged)
    await ward.acts(e.Joined)
    await ward.acts(e.Closed, outcome="advice: rang her")
    page = await ward.page()
    assert (page.raised_at, page.sent_at, page.delivered_at) == (NOON, NOON, NOON)
    assert page.sent_by == ("console", "pagerduty") and page.delivered_by == ("console",)
    assert (page.acknowledged_at, page.acknowledged_by) == (NOON + 10, "Kim Lee")
    assert page.reviewing_at == NOON + 20
    assert (page.resolved_at, page.resolved_by, page.resolution) == (NOON + 30, "Kim Lee", "advice")


async def test_people_who_were_paged_are_told_who_acknowledged_and_when_it_is_resolved() -> None:
    ward = Ward()
    await ward.danger()
    await ward.acts(e.Acknowledged)
    await ward.acts(e.Joined)
    await ward.acts(e.Closed, outcome="advice: rang her")
    assert [(told.news, told.by, told.reason) for told in ward.pushes.told] == [
        ("acknowledged", "Kim Lee", ""),
        ("resolved", "Kim Lee", "advice"),
    ]
    assert {told.page for told in ward.pushes.told} == {(await ward.page()).id}
    assert "rang" not in str(ward.pushes.told)


async def test_telling_people_is_retried_but_not_for_ever() -> None:
    ward = Ward()
    await ward.danger()
    ward.pushes.failing = True
    await ward.acts(e.Acknowledged)
    await ward.acts(e.Joined)
    assert ward.owes(TellPaged)
    ward.pushes.failing = False
    await ward.stage.works(5)
    assert [told.news for told in ward.pushes.told] == ["acknowledged"]
    ward.pushes.failing = True
    await ward.acts(e.Closed, outcome="advice")
    await ward.stage.works(3700)
    assert not ward.owes(TellPaged)


async def test_a_page_that_was_acknowledged_without_an_act_starts_again_at_the_first_step() -> None:
    ward = Ward()
    await ward.danger()
    for _ in range(4):
        await ward.stage.works(60)
    await ward.acts(e.Acknowledged)
    before = await ward.page()
    assert not any(notice.anew for notice in ward.pushes.notices)
    ward.pushes.notices.clear()
    await ward.stage.works(ACT_SECONDS - 1)
    assert not ward.pushes.notices
    await ward.stage.works(1)
    now, page = await ward.stage.now(), await ward.page()
    assert now.paging is Paging.OPEN and page.id == before.id and page.acknowledged_by == ""
    assert page.first == before.attempts and page.raised_at == before.raised_at
    assert [notice.siren for notice in ward.pushes.notices] == [False], "from the first step again"
    await ward.stage.works(60)
    assert [notice.anew for notice in ward.pushes.notices] == [True, False], "an old acknowledgement elsewhere is over"
    await ward.acts(e.Acknowledged, by="Ana Ruiz")
    assert len(ward.owes(CheckActed)) == 1, "and she has to act in her turn"


async def test_pagerduty_shows_one_incident_and_tells_people_again_of_a_page_that_was_left() -> None:
    incidents = Incidents()
    async with incidents.client() as client:
        ward = Ward(PagerDuty(KEY, client))
        await ward.danger()
        for _ in range(2):
            await ward.stage.works(60)
        assert [(one.status, one.triggers) for one in incidents.all] == [("triggered", 3)]
        await ward.acts(e.Acknowledged)
        assert [one.status for one in incidents.all] == ["acknowledged"]
        await ward.stage.works(ACT_SECONDS)
        assert [one.status for one in incidents.all] == ["resolved", "triggered"], "people are told of a new one"
        await ward.stage.works(60)
        assert [one.triggers for one in incidents.open] == [2]
        await ward.acts(e.Acknowledged)
        await ward.acts(e.Closed, outcome="advice")
    assert [one.status for one in incidents.all] == ["resolved", "resolved"]
    assert len({event["dedup_key"] for event in incidents.events}) == 1
    assert "chest" not in str(incidents.events)


async def test_who_acknowledges_a_page_that_went_out_again_has_the_case() -> None:
    ward = Ward()
    await ward.danger()
    await ward.acts(e.Acknowledged)
    await ward.acts(e.Took, seconds=0)
    await ward.stage.works(ACT_SECONDS)
    lease, now = (await ward.stage.now()).lease, ward.stage.clock.at
    assert lease is not None and holder(lease, now) == "", "Kim Lee had answered and did nothing"
    await ward.acts(e.Acknowledged, by="Ana Ruiz")
    await ward.acts(e.Took, by="Ana Ruiz")
    await ward.acts(e.Joined, by="Ana Ruiz")
    with pytest.raises(NotNow):
        await ward.acts(e.Joined, token=lease.token)


async def test_a_page_acted_on_in_time_is_not_repeated() -> None:
    acts: list[tuple[type[e.ByStaff], dict[str, Any]]] = [(e.Joined, {}), (e.Took, {}), (e.Asked, {"text": "When?"})]
    for kind, more in acts:
        ward = Ward()
        await ward.danger()
        await ward.acts(e.Acknowledged)
        await ward.acts(kind, **more)
        await ward.stage.works(ACT_SECONDS)
        assert (await ward.stage.now()).paging is Paging.ACKNOWLEDGED, kind


async def test_taking_the_case_does_not_count_as_an_act() -> None:
    ward = Ward()
    await ward.danger()
    await ward.acts(e.Acknowledged)
    await ward.acts(e.Took, seconds=0)
    await ward.stage.works(ACT_SECONDS)
    assert (await ward.stage.now()).paging is Paging.OPEN


async def test_new_danger_after_the_end_pages_again() -> None:
    ward = Ward()
    await ward.danger()
    await ward.acts(e.Closed, outcome="advice")
    await ward.stage.says("now the left side of my face is drooping")
    await ward.stage.works()
    page = await ward.page()
    assert (page.resolved_at, page.resolved_by, page.reviewing_at, page.first) == (None, "", None, 1)
    assert (await ward.stage.now()).paging is Paging.OPEN


async def test_a_clinic_can_turn_off_the_time_to_act() -> None:
    stage = Stage()
    assert stage.clinic.act_seconds == ACT_SECONDS, "ten minutes, unless a clinic says otherwise"
    stage = Stage(of=replace(clinic(), act_seconds=0.0))
    await stage.opens()
    await stage.says(DANGER)
    await stage.acts(e.Acknowledged(at=NOON, by="Kim Lee"))
    assert not [duty for duty in stage.ledger.owed.values() if isinstance(duty, CheckActed)]


async def test_the_patient_is_told_once_in_each_page_that_nobody_has_answered() -> None:
    ward = Ward()
    await ward.danger()
    await ward.stage.works(59)
    assert NOBODY not in ward.told(await ward.stage.now())
    await ward.stage.works(1)
    assert ward.told(await ward.stage.now()).count(NOBODY) == 1
    for _ in range(3):
        await ward.stage.works(60)
    assert ward.told(await ward.stage.now()).count(NOBODY) == 1, "once is enough"
    await ward.acts(e.Acknowledged)
    await ward.stage.works(ACT_SECONDS)
    await ward.stage.works(60)
    assert ward.told(await ward.stage.now()).count(NOBODY) == 2, "whoever had seen it did nothing"


def with_page(identity: str) -> Conversation:
    talk = Conversation(id=identity, code=code_of(identity), language="en", ruleset="r", created_at=0.0)
    return with_page_raised(talk, 1.0, ("some_rule",))


def test_pages_of_two_cases_with_one_code_have_different_names() -> None:
    by_code: dict[str, str] = {}
    twins = [
        (by_code[code], identity)
        for identity in (f"talk-{number}" for number in range(MANY_CASES))
        if by_code.setdefault(code := code_of(identity), identity) != identity
    ]
    assert twins, "among so many cases two share a code by chance"
    for one, other in twins:
        first, second = with_page(one).page, with_page(other).page
        assert first and second and first.id != second.id, "a paging service would show one incident for both"
        assert one not in first.id, "by its id a patient's page could be reached"


def test_a_page_keeps_its_name_when_it_is_raised_again() -> None:
    once = with_page("talk")
    assert once.page and with_page_raised(once, 2.0, ("another_rule",)).page == once.page.model_copy(
        update={"rules": ("some_rule", "another_rule")}
    )
