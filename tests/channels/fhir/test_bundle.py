"""What the clinic's records get of a closed case: valid FHIR R4, all that was told, and the same one each time."""

import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import cache
from typing import Any

import anyio
import fhirkit
import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from channels.fhir.bundle import bundle_of
from channels.fhir.closed_case import NotForHandOff
from dialogue.case import case_of
from dialogue.conversation import IN_JSON, Conversation
from dialogue.events import (
    Acknowledged,
    Booked,
    Closed,
    Joined,
    Rejected,
    Released,
    Relevelled,
    Said,
    Withdrew,
    Wrote,
)
from policies.facts import Status
from policies.levels import Level
from tests.clock import NOON
from tests.stage import DRAFTED, Stage, clinic

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
KIM = "Kim Lee"


async def quiet(stage: Stage) -> Conversation:
    """A whole interview in the most harmless answers, answered and closed by a nurse."""
    await stage.opens()
    await stage.chooses("yes")
    for _ in range(60):
        now = await stage.now()
        if now.question is None:
            break
        if now.question.id == "complaint":
            await stage.says("I have had a sore throat and a mild fever for 3 days, my mother has asthma")
        else:
            await stage.answers_no()
    await stage.works()
    await stage.acts(Rejected(at=NOON + 50, by=KIM, reason="too long"))
    await stage.acts(Booked(at=NOON + 55, by=KIM, frame="week"))
    await stage.acts(Released(at=NOON + 60, by=KIM, text="Rest and drink. We see you on Friday.", edited=True))
    return await stage.acts(Closed(at=NOON + 90, by=KIM, outcome="appointment: Friday"))


async def urgent(stage: Stage) -> Conversation:
    """A red flag in the first words; the page is acknowledged, the nurse joins, writes and closes."""
    await stage.opens()
    await stage.chooses("yes")
    await stage.says("I am 58 and I have crushing chest pain spreading to my left arm, and I am sweating")
    await stage.works()
    await stage.acts(Acknowledged(at=NOON + 20, by=KIM))
    await stage.acts(Joined(at=NOON + 30, by=KIM))
    await stage.acts(Wrote(at=NOON + 40, by=KIM, text="An ambulance is on its way."))
    await stage.acts(Wrote(at=NOON + 40, by=KIM, text="An ambulance is on its way."))
    return await stage.acts(Closed(at=NOON + 90, by="Ana Ruiz", outcome="emergency"))


async def for_a_child(stage: Stage) -> Conversation:
    """Somebody writes for a child and stops half-way; a nurse raises the level and closes."""
    await stage.opens()
    await stage.chooses("yes")
    await stage.says("My daughter is 4 years old, she has had a temperature of 38.5 C since yesterday and an earache")
    await stage.works(3600 * 24)
    await stage.acts(Relevelled(at=NOON + 90_000, by=KIM, level=Level.HIGH, reason="very young"))
    return await stage.acts(Closed(at=NOON + 90_090, by=KIM, outcome="advice"))


async def for_two(stage: Stage) -> Conversation:
    """The patient has a sore throat and tells that somebody else is in danger."""
    await stage.opens()
    await stage.chooses("yes")
    await stage.says("I have a sore throat, and my husband has collapsed and isn't breathing")
    await stage.acts(Acknowledged(at=NOON + 20, by=KIM))
    return await stage.acts(Closed(at=NOON + 90, by=KIM, outcome="emergency"))


CASES: list[Callable[[Stage], Coroutine[Any, Any, Conversation]]] = [quiet, urgent, for_a_child, for_two]


@cache
def played(play: Callable[[Stage], Coroutine[Any, Any, Conversation]]) -> Conversation:
    return anyio.run(play, Stage())


def of_kind(bundle: Json, kind: str) -> list[Json]:
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]


def problems(resource: Json) -> list[str]:
    """What two validators that share no code find: one is for 4.0.1 alone, one knows its models by pydantic."""
    return [str(issue) for issue in fhirkit.validate(json.dumps(resource))]


@pytest.mark.parametrize("play", CASES)
def test_every_resource_is_valid(play: Callable[[Stage], Coroutine[Any, Any, Conversation]]) -> None:
    bundle = bundle_of(played(play), clinic())
    Bundle.model_validate(bundle)
    assert problems(bundle) == []
    for entry in bundle["entry"]:
        assert problems(entry["resource"]) == []


@pytest.mark.parametrize("play", CASES)
def test_all_that_belongs_to_a_case_is_there(play: Callable[[Stage], Coroutine[Any, Any, Conversation]]) -> None:
    bundle = bundle_of(played(play), clinic())
    for kind in ("QuestionnaireResponse", "RiskAssessment", "Task", "Provenance", "AuditEvent"):
        assert len(of_kind(bundle, kind)) == 1, kind
    assert of_kind(bundle, "Observation") or of_kind(bundle, "Condition")


@pytest.mark.parametrize("play", CASES)
def test_no_fact_and_no_word_of_the_patient_is_lost(
    play: Callable[[Stage], Coroutine[Any, Any, Conversation]],
) -> None:
    conversation = played(play)
    case = case_of(conversation, clinic())
    bundle = bundle_of(conversation, clinic())
    (answers,) = of_kind(bundle, "QuestionnaireResponse")
    items = {item["linkId"]: item for item in answers["item"]}
    assert len(items) == len(answers["item"]), "two questions under one name"
    for said in case.statements:
        other = f":other:{said.person}".rstrip(":") if said.about_other else ""
        link = f"{said.finding}{other}{':past' * said.in_past}"
        assert ("answer" in items[link]) == (said.status is not Status.UNKNOWN)
    words = [answer["valueString"] for answer in items["words"]["answer"]]
    assert words == [evidence.quote for evidence in case.patient_words]


@pytest.mark.parametrize("play", CASES)
def test_only_what_is_present_carries_a_diagnosis_and_provisionally(
    play: Callable[[Stage], Coroutine[Any, Any, Conversation]],
) -> None:
    bundle, content = bundle_of(played(play), clinic()), clinic().ruleset.findings
    present = [
        (said.label, content[said.finding].icd10)
        for said in case_of(played(play), clinic()).statements
        if said.status is Status.PRESENT and content[said.finding].icd10 and not said.about_other
    ]
    conditions = of_kind(bundle, "Condition")
    assert sorted(present) == sorted((c["code"]["text"], c["code"]["coding"][0]["code"]) for c in conditions)
    assert {c["verificationStatus"]["coding"][0]["code"] for c in conditions} == {"provisional"}
    assert all("coding" not in observation["code"] for observation in of_kind(bundle, "Observation"))


def test_the_level_the_red_flag_and_who_answered_for_them() -> None:
    bundle = bundle_of(played(urgent), clinic())
    (risk,), (flag,), (task,) = (of_kind(bundle, kind) for kind in ("RiskAssessment", "Flag", "Task"))
    assert risk["prediction"][0]["qualitativeRisk"]["text"] == "EMERGENCY"
    assert "rule heart_attack_signs" in json.dumps(risk["note"])
    assert "heart attack" in flag["code"]["text"] and flag["author"]["display"] == KIM
    assert task["priority"] == "stat" and task["owner"]["display"] == "Ana Ruiz"
    (origin,) = of_kind(bundle, "Provenance")
    assert len(origin["target"]) == len(bundle["entry"]) - 2, "of everything but itself and the audit event"
    assert {KIM, "Ana Ruiz"} <= {agent["who"]["display"] for agent in origin["agent"]}
    assert clinic().ruleset.content_hash in json.dumps(origin["entity"])


def test_what_somebody_else_has_stands_in_the_interview_alone() -> None:
    bundle = bundle_of(played(for_two), clinic())
    (flag,) = of_kind(bundle, "Flag")
    assert flag["code"]["text"] == "An emergency of somebody else, told in the interview"
    (interview,) = of_kind(bundle, "QuestionnaireResponse")
    assert "Somebody else (husband): Not breathing" in {item.get("text") for item in interview["item"]}
    apart = [entry["resource"] for entry in bundle["entry"] if entry["resource"] is not interview]
    assert not [one["resourceType"] for one in apart if "(husband)" in json.dumps(one)]


def test_the_model_and_the_words_it_was_asked_in_are_named() -> None:
    plain = played(quiet)
    assert plain.assessment is not None
    asked = plain.assessment.model_copy(update={"model": "small-model-q4", "prompt": "1-abcdef"})
    (origin,) = of_kind(bundle_of(plain.model_copy(update={"assessment": asked}), clinic()), "Provenance")
    named = [entity["what"]["identifier"]["value"] for entity in origin["entity"]]
    assert named == [plain.ruleset, "small-model-q4", "1-abcdef"]


def test_only_what_a_person_released_is_handed_off_never_a_draft() -> None:
    bundle = bundle_of(played(quiet), clinic())
    assert DRAFTED not in json.dumps(bundle)
    (released,) = of_kind(bundle, "Communication")
    assert released["payload"] == [{"contentString": "Rest and drink. We see you on Friday."}]
    assert released["sender"]["display"] == KIM
    assert len(of_kind(bundle_of(played(urgent), clinic()), "Communication")) == 2, "the same words twice are two"


@pytest.mark.parametrize("play", CASES)
def test_sent_again_nothing_is_made_twice(play: Callable[[Stage], Coroutine[Any, Any, Conversation]]) -> None:
    conversation = played(play)
    bundle = bundle_of(conversation, clinic())
    kept = IN_JSON.validate_json(IN_JSON.dump_json(conversation))
    assert bundle_of(kept, clinic()) == bundle, "the same case, the same bundle"
    names = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(names)) == len(names)
    for entry in bundle["entry"]:
        resource, request = entry["resource"], entry["request"]
        kind, known_by = resource["resourceType"], request["ifNoneExist"]
        assert request == {"method": "POST", "url": kind, "ifNoneExist": known_by}
        assert known_by.endswith(entry["fullUrl"]) and json.dumps(resource).count(entry["fullUrl"]) == 1
    assert conversation.id not in json.dumps(bundle), "by its id a patient's page could be reached"


def test_two_cases_share_no_name() -> None:
    one = played(urgent)
    other = one.model_copy(update={"id": "another"})
    names = [{entry["fullUrl"] for entry in bundle_of(case, clinic())["entry"]} for case in (one, other)]
    assert not names[0] & names[1]


async def test_closed_again_it_brings_what_is_new_and_repeats_what_is_not() -> None:
    stage = Stage()
    before = bundle_of(await urgent(stage), clinic())
    await stage.says("now my left leg is swollen")
    await stage.acts(Closed(at=stage.clock.at + 200, by=KIM, outcome="advice"))
    after = bundle_of(await stage.now(), clinic())
    was, now = (
        {e["fullUrl"] for e in b["entry"] if e["resource"]["resourceType"] == "Condition"} for b in (before, after)
    )
    assert was < now
    assert of_kind(before, "Task")[0]["identifier"] != of_kind(after, "Task")[0]["identifier"]


async def test_nothing_is_handed_off_of_an_open_case_or_of_who_wants_everything_deleted() -> None:
    stage = Stage()
    await stage.opens()
    await stage.chooses("yes")
    with pytest.raises(NotForHandOff, match="not closed"):
        bundle_of(await stage.says("I have a cough"), clinic())
    withdrawing = Stage()
    await urgent(withdrawing)
    with pytest.raises(NotForHandOff, match="deleted"):
        bundle_of(await withdrawing.acts(Withdrew(at=NOON + 99)), clinic())


@given(st.text(min_size=1, max_size=40))
def test_whatever_was_typed_the_bundle_is_valid(text: str) -> None:
    conversation = played(urgent)
    entries = []
    for entry in conversation.log:
        event = entry.event
        typed = replace(event, text=text) if isinstance(event, Said) and event.text else event
        entries.append(replace(entry, event=typed))
    facts = tuple(replace(fact, evidence=replace(fact.evidence, quote=text)) for fact in conversation.facts)
    changed = conversation.model_copy(update={"log": tuple(entries), "facts": facts})
    assert problems(bundle_of(changed, clinic())) == []
