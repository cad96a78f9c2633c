"""The page of a case: what a member of staff reads there."""

import re

import httpx
import pytest

from channels.console.words import PARTIALS
from dialogue import events as e
from dialogue.advance import PARTIAL
from dialogue.conversation import Conversation
from tests.channels.console import samples
from tests.channels.console.desk import Desk

LATER = samples.NOW + 10


@pytest.mark.anyio
async def test_an_emergency_says_why_in_words_with_its_source_and_the_patient_s_own_words(
    desk: Desk, kim: httpx.AsyncClient
) -> None:
    page = (await kim.get("/console/cases/c-urgent")).text
    assert "Chest pain that goes to the arm, neck or jaw" in page
    assert "Source: Another made-up source" in page
    assert '<a class="words" href="#turn-2">“crushing pain in my chest”</a>' in page
    assert 'id="turn-2"' in page
    assert "not acknowledged" in page
    assert "Acknowledge the page" in page
    assert ("Kim Lee", "viewed", "K7P2Q") in desk.audited


@pytest.mark.anyio
async def test_facts_stand_by_what_is_known_each_with_its_words(kim: httpx.AsyncClient) -> None:
    page = (await kim.get("/console/cases/c-review")).text
    tables = dict(re.findall(r'<table class="facts (\w+)">(.*?)</table>', page, re.DOTALL))
    assert list(tables) == ["present", "absent", "unknown", "about", "apart"]
    assert "Temperature <b>38.4 °C</b>" in tables["present"]
    assert "Cannot swallow own saliva" in tables["absent"]
    assert "Weak immune system" in tables["unknown"]
    assert "somebody else, in the past" in tables["apart"]
    for table in tables.values():
        assert table.count('<tr><th scope="row">') == len(re.findall(r'<a class="words" href="#turn-\d+">', table))


@pytest.mark.anyio
async def test_what_one_answer_denied_stands_in_one_row_each_with_its_own_anchor(kim: httpx.AsyncClient) -> None:
    page = (await kim.get("/console/cases/c-review")).text
    [denied] = re.findall(r'<table class="facts absent">(.*?)</table>', page, re.DOTALL)
    rows = [re.findall(r'id="F\d+" tabindex="-1">([^<]+)', row) for row in denied.split("<tr>")[2:]]
    assert rows == [["Cannot swallow own saliva"], ["Chest pain", "Short of breath"]]
    assert denied.count("None of these") == 1


@pytest.mark.parametrize("reason", PARTIAL.values())
def test_every_reason_to_come_early_has_words(reason: str) -> None:
    assert "_" not in PARTIALS[reason]


@pytest.mark.anyio
async def test_every_link_inside_the_page_leads_somewhere(kim: httpx.AsyncClient) -> None:
    for case in ("c-urgent", "c-review", "c-rules", "c-low"):
        page = (await kim.get(f"/console/cases/{case}")).text
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), case
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids), case


@pytest.mark.anyio
async def test_a_model_s_draft_says_that_it_is_one_and_cites_passages(kim: httpx.AsyncClient) -> None:
    page = (await kim.get("/console/cases/c-review")).text
    assert "<b>Written by a language model</b> (SmolLM2-135M-Instruct). No person has checked it." in page
    assert "Preliminary assessment. Requires nurse review." in page
    assert "[1] Sore throat › When to be seen" in page
    assert "a muffled voice or drooling: same day." in page
    assert 'href="https://guidelines.example/sore-throat"' in page
    assert "A made-up source, page 3, reviewed 2026-05-01" in page
    assert "review overdue since 2026-06-01" in page
    assert '<a class="fact" href="#F4">Sore throat<span class="vh"> (F4)</span></a>' in page


def with_assessment(case: str, **changes: object) -> Conversation:
    """The case in review under another id, with its assessment changed."""
    reviewing = samples.reviewing()
    assert reviewing.assessment
    assessment = reviewing.assessment.model_copy(update=changes)
    return reviewing.model_copy(update={"id": case, "assessment": assessment})


@pytest.mark.anyio
async def test_what_a_draft_says_beyond_what_was_stated_is_marked(desk: Desk, kim: httpx.AsyncClient) -> None:
    subjective = f"{samples.DRAFT.subjective} Recently returned from a Caribbean cruise."
    draft = samples.DRAFT.model_copy(update={"subjective": subjective})
    await desk.keep(with_assessment("c-cruise", draft=draft))
    marked = re.findall(r"<mark[^>]*>([^<]+)<", (await kim.get("/console/cases/c-cruise")).text)
    assert marked == ["Recently returned from a Caribbean cruise."]
    page = (await kim.get("/console/cases/c-review")).text
    assert "<mark" not in page
    assert page.count("no guideline cited") == 2, "two explanations stand without a passage"


@pytest.mark.anyio
async def test_what_was_found_and_is_not_cited_can_be_read_too(desk: Desk, kim: httpx.AsyncClient) -> None:
    bare = samples.DRAFT.model_copy(update={"explanations": (), "actions": samples.DRAFT.actions[:1]})
    await desk.keep(with_assessment("c-bare", draft=bare))
    page = (await kim.get("/console/cases/c-bare")).text
    found = page.partition("Also found for this case")[2].partition("Still open")[0]
    assert "[1] Sore throat › When to be seen" in found and "[2]" not in found
    assert "Also found for this case" not in (await kim.get("/console/cases/c-review")).text, "both are cited there"


@pytest.mark.anyio
async def test_a_draft_by_the_rules_says_why_the_model_s_is_not_here(kim: httpx.AsyncClient) -> None:
    page = (await kim.get("/console/cases/c-rules")).text
    assert "<b>Put together from the rules</b>, without a language model" in page
    assert "did not pass the check twice" in page
    assert "medicine_named: actions 2" in page
    assert "no reply for 30 minutes" in page
    assert "The patient asked for their answers to be deleted" in page


@pytest.mark.anyio
async def test_an_address_of_a_passage_that_is_no_web_address_is_not_a_link(desk: Desk, kim: httpx.AsyncClient) -> None:
    bad = samples.PASSAGES[0].model_copy(update={"url": "javascript:alert(1)"})
    await desk.keep(with_assessment("c-bad", passages=(bad, samples.PASSAGES[1])))
    assert "javascript:" not in (await kim.get("/console/cases/c-bad")).text


@pytest.mark.anyio
async def test_markup_in_a_patients_words_is_shown_as_text(desk: Desk, kim: httpx.AsyncClient) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'`{{'qu' * 2 + 'ax'}}"
    sample = samples.urgent(attack)
    facts = (samples.fact("chest_pain", 2, attack), samples.fact("medicines", 2, attack, value=attack))
    await desk.keep(sample.model_copy(update={"id": "c-attack", "code": "XSS22", "facts": facts}))
    for path in ("/console/cases/c-attack", "/console"):
        page = (await kim.get(path)).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "ququax" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in (await kim.get("/console/cases/c-attack")).text


@pytest.mark.anyio
async def test_a_case_from_before_the_content_changed_is_read_all_the_same(desk: Desk, kim: httpx.AsyncClient) -> None:
    reviewing = samples.reviewing()
    gone = samples.fact("itchy_elbow", 4, "my elbow itches")
    await desk.keep(reviewing.model_copy(update={"id": "c-old", "code": "OLD22", "facts": (*reviewing.facts, gone)}))
    assert "Itchy elbow" in (await kim.get("/console/cases/c-old")).text
    queue = (await kim.get("/console")).text
    assert "OLD22" in queue and "M4TNX" in queue


@pytest.mark.anyio
async def test_a_view_by_the_script_is_not_written_down_as_a_person_s(desk: Desk, kim: httpx.AsyncClient) -> None:
    await kim.get("/console/cases/c-review", headers={"X-Previsit-Background": "1"})
    assert {action for _, action, _ in desk.audited} <= {"listed"}


@pytest.mark.anyio
async def test_the_case_shows_every_time_of_its_page(desk: Desk, kim: httpx.AsyncClient) -> None:
    before = (await kim.get("/console/cases/c-urgent")).text
    assert "<li>Acknowledged: not yet</li>" in before and "<li>Over: not yet</li>" in before
    for event in (
        e.PageDelivered(at=LATER, sender="voice: Kim Lee"),
        e.Acknowledged(at=LATER + 10, by="Kim Lee"),
        e.Joined(at=LATER + 20, by="Kim Lee"),
        e.Closed(at=LATER + 30, by="Kim Lee", outcome="advice: rang her"),
    ):
        await desk.engine.act("c-urgent", event)
    after = (await kim.get("/console/cases/c-urgent")).text
    times = after.partition("Its times")[2].partition("</ol>")[0]
    assert "not yet" not in times and "voice: Kim Lee" in times
    assert "Kim Lee: advice given, no appointment needed" in times and "rang her" not in times


@pytest.mark.anyio
async def test_a_page_that_went_out_anew_names_who_acknowledged_it_and_did_nothing(
    desk: Desk, kim: httpx.AsyncClient
) -> None:
    await desk.engine.act("c-urgent", e.Acknowledged(at=LATER, by="Kim Lee"))
    assert "and nothing was done" not in (await kim.get("/console/cases/c-urgent")).text
    await desk.engine.act("c-urgent", e.PageIdle(at=LATER + 600, acknowledged_at=LATER))
    page = (await kim.get("/console/cases/c-urgent")).text
    head = page.partition('id="case-head"')[2].partition("</header>")[0]
    assert "not acknowledged" in head
    assert "Kim Lee acknowledged it at" in head and "and nothing was done" in head


@pytest.mark.anyio
async def test_a_closed_case_does_not_wait_for_anybody(desk: Desk, kim: httpx.AsyncClient) -> None:
    await desk.engine.act("c-urgent", e.Acknowledged(at=LATER, by="Kim Lee"))
    await desk.engine.act("c-urgent", e.Closed(at=LATER, by="Kim Lee", outcome="advice"))
    assert "nobody yet" not in (await kim.get("/console/cases/c-urgent")).text


@pytest.mark.anyio
async def test_a_way_that_reached_nobody_is_told_until_it_does(desk: Desk, kim: httpx.AsyncClient) -> None:
    await desk.engine.act("c-urgent", e.PageMissed(at=LATER, sender="voice: Kim Lee"))
    assert "<li>Reached nobody: voice: Kim Lee</li>" in (await kim.get("/console/cases/c-urgent")).text
    await desk.engine.act("c-urgent", e.PageDelivered(at=LATER + 5, sender="voice: Kim Lee"))
    assert "Reached nobody" not in (await kim.get("/console/cases/c-urgent")).text
