"""Intake by text messages: the ordinary and the dangerous chat, the carrier's own words, and its faults."""

import re
from typing import Any

import httpx
import pytest
from twilio.request_validator import HMAC_SHA256, SIGNATURE_HEADER, RequestValidator

from channels.sms.segments import segments
from channels.telephony.stand_in import Faults
from dialogue.conversation import Conversation, Paging, Review, State
from dialogue.events import Acknowledged, Closed, Joined, Said, Wrote
from dialogue.ports import StoreUnavailable
from policies.facts import Status
from tests.channels.sms.line import PATIENT, PUBLIC, Line

pytestmark = pytest.mark.anyio

DANGER = "I have a crushing pain in my chest and my left arm feels heavy"


async def ordinary(line: Line, number: str = PATIENT) -> None:
    """Until the recap is confirmed, always in the most harmless way, by number wherever there is a list."""
    for _ in range(40):
        conversation = await line.now()
        question = conversation.question
        if question is None:
            return
        if question.id == "consent" or question.id == "recap":
            await line.texts("1", number)
        elif question.id.startswith("about_you"):
            await line.texts("me, 34, male", number)
        elif question.id == "complaint":
            await line.texts("Sore throat for three days and a bit of fever", number)
        elif question.kind.value == "multi_choice":
            await line.texts("0", number)
        elif question.kind.value == "yes_no":
            await line.texts("2", number)
        elif question.kind.value in ("number", "text"):
            await line.texts("I don't know", number)
        elif question.kind.value == "duration":
            await line.texts("3 days", number)
        else:
            await line.texts("2", number)
    raise AssertionError("it never ends")


async def test_an_invited_patient_answers_by_number_until_a_nurse_has_the_case() -> None:
    line = Line()
    await line.invites()
    assert "Is it OK to start?" in "\n".join(line.carrier.sent_to(PATIENT))
    await ordinary(line)
    conversation = await line.now()
    assert conversation.state in (State.ASSESSING, State.NURSE_REVIEW)
    turns = sum(isinstance(entry.event, Said) for entry in conversation.log)
    assert turns <= 20
    assert any(f.finding == "sore_throat" and f.status is Status.PRESENT for f in conversation.facts)


async def test_every_text_is_at_most_two_segments() -> None:
    line = Line()
    await line.invites()
    await ordinary(line)
    await line.texts(DANGER)
    for body in line.carrier.sent_to(PATIENT):
        assert 0 < segments(body) <= 2, body


async def test_danger_is_answered_by_text_and_pages_in_the_same_turn() -> None:
    line = Line()
    await line.invites()
    said = await line.texts(DANGER)
    assert "911" in said[0]
    conversation = await line.now()
    assert (conversation.state, conversation.paging) == (State.URGENT, Paging.OPEN)
    assert line.sender.notices


async def test_a_stranger_in_danger_is_heard_with_the_first_words() -> None:
    line = Line()
    said = await line.texts(DANGER)
    assert (await line.now()).state is State.URGENT
    assert "Call 911 now" in said[0]
    assert len(said) == 1, "no greeting keeps anybody from reading it"


async def test_a_strangers_first_word_is_no_consent_and_the_question_comes_once() -> None:
    line = Line()
    said = await line.texts("yes")
    assert (await line.now()).state is State.CONSENT
    assert "\n".join(said).count("Is it OK to start?") == 1
    other = Line()
    said = await other.texts("my throat is sore")
    assert "\n".join(said).count("Is it OK to start?") == 1
    assert any(fact.finding == "sore_throat" for fact in (await other.now()).facts)


async def test_a_strangers_first_words_get_one_answer_however_soon_the_worker_comes() -> None:
    for first, says in (("my throat is sore", "I wrote that down"), ("yes", ""), (DANGER, "Call 911 now")):
        line = Line(eager=True)
        said = "\n".join(await line.texts(first))
        assert says in said
        assert said.count("Is it OK to start?") == (0 if first == DANGER else 1), said


@pytest.mark.parametrize(
    ("first", "order"), [("my throat is sore", ("Hello.", "wrote", "Is it OK")), (DANGER, ("911",))]
)
async def test_the_answer_to_first_words_keeps_its_order_and_danger_goes_first(
    first: str, order: tuple[str, ...]
) -> None:
    line = Line()
    await line.carrier.send(PATIENT, first)
    for duty in reversed(await line.store.outbox.take(line.worker.name, 0)):  # a worker has many in hand at once
        await line.attends(duty)
    said = line.carrier.sent_to(PATIENT)
    assert [next(n for n, text in enumerate(said) if words in text) for words in order] == list(range(len(order)))
    assert sum("automated assistant" in text for text in said) == (0 if first == DANGER else 1)


@pytest.mark.parametrize("first", ["yes", "my throat is sore"])
async def test_a_first_text_that_the_carrier_brings_again_is_no_consent(
    first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line()

    async def down(message_id: str) -> None:
        raise StoreUnavailable("down")

    params = {"MessageSid": "SM" + "2" * 32, "From": PATIENT, "Body": first}
    with monkeypatch.context() as patched:
        patched.setattr(line.phones, "remember", down)
        answer = await line.carrier.post(line.carrier.inbound, params)
        assert answer.status_code == 503
    await line.carrier.post(line.carrier.inbound, params)
    line.id = await line.phones.conversation_of(PATIENT)
    await line.works()
    assert (await line.now()).state is State.CONSENT
    assert "\n".join(line.carrier.sent_to(PATIENT)).count("Is it OK to start?") == 1


async def test_two_first_texts_at_once_are_both_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    opened = line.engine.start_with

    async def overtaken(identity: str, **words: Any) -> Conversation:
        await opened(identity, door="text", phone=PATIENT, key="SM" + "3" * 32, text="my throat is sore")
        return await opened(identity, **words)

    monkeypatch.setattr(line.engine, "start_with", overtaken)
    await line.texts("my arm itches")
    assert {"sore_throat", "itch"} <= {fact.finding for fact in (await line.now()).facts}
    assert "\n".join(line.carrier.sent_to(PATIENT)).count("Is it OK to start?") == 1


async def test_a_nurses_words_reach_the_phone() -> None:
    line = Line()
    await line.invites()
    await line.texts(DANGER)
    await line.acts(Joined(at=line.clock.now(), by="Kim Lee"))
    await line.acts(Wrote(at=line.clock.now(), by="Kim Lee", text="Is somebody with you?"))
    await line.works()
    assert line.carrier.sent_to(PATIENT)[-1].endswith("Is somebody with you?")


async def test_stop_is_kept_out_of_the_answers_and_nothing_is_sent_any_more() -> None:
    line = Line()
    await line.invites()
    await line.texts("1")
    before = len((await line.now()).facts)
    assert await line.texts("STOP") == []
    assert len((await line.now()).facts) == before
    count = len(line.carrier.sent_to(PATIENT))
    await line.acts(Closed(at=line.clock.now(), by="Kim Lee", outcome="phoned"))
    await line.works(3600)
    assert len(line.carrier.sent_to(PATIENT)) == count


@pytest.mark.parametrize("word", ["STOP", "stop.", "Unsubscribe", "END", "cancel", "Quit", "STOP ALL", "opt-out"])
async def test_a_stop_after_a_red_flag_pages_again_though_a_nurse_has_seen_it(word: str) -> None:
    line = Line()
    await line.invites()
    await line.texts(DANGER)
    await line.acts(Acknowledged(at=line.clock.now(), by="Kim Lee"))
    notices = len(line.sender.notices)
    await line.texts(word)
    assert (await line.now()).paging is Paging.OPEN
    assert len(line.sender.notices) > notices


async def test_silence_after_an_emergency_text_pages_again_once() -> None:
    line = Line()
    await line.invites()
    await line.texts(DANGER)
    await line.acts(Acknowledged(at=line.clock.now(), by="Kim Lee"))
    notices = len(line.sender.notices)
    await line.works(line.clinic.silence_seconds + 1)
    assert (await line.now()).paging is Paging.OPEN
    assert len(line.sender.notices) > notices


async def test_an_answer_after_an_emergency_text_is_no_silence() -> None:
    line = Line()
    await line.invites()
    await line.texts(DANGER)
    await line.acts(Acknowledged(at=line.clock.now(), by="Kim Lee"))
    await line.texts("the ambulance is here")
    await line.acts(Joined(at=line.clock.now(), by="Kim Lee"))
    await line.works(line.clinic.silence_seconds - 1)
    assert (await line.now()).paging is Paging.ACKNOWLEDGED


async def test_an_emergency_text_that_does_not_arrive_pages_again() -> None:
    line = Line()
    await line.invites()
    line.carrier.unreachable.add(PATIENT)
    await line.texts(DANGER)
    await line.acts(Acknowledged(at=line.clock.now(), by="Kim Lee"))
    await line.carrier.settle()
    await line.works()
    assert (await line.now()).paging is Paging.OPEN


async def test_who_is_refused_by_the_carrier_is_paged_for() -> None:
    line = Line()
    await line.invites()
    line.carrier.stopped.add(PATIENT)
    await line.texts(DANGER)
    reasons = [entry.event.type for entry in (await line.now()).log]
    assert "unreachable" in reasons


async def test_a_carrier_that_is_down_gets_the_text_later_and_once() -> None:
    line = Line()
    await line.invites()
    line.carrier.failing = True
    assert await line.texts(DANGER) == []
    line.carrier.failing = False
    await line.works(6)
    await line.works(6)
    assert sum("911" in text for text in line.carrier.sent_to(PATIENT)[1:]) >= 1
    assert len(set(line.carrier.sent_to(PATIENT))) == len(line.carrier.sent_to(PATIENT))


async def test_pictures_are_refused_and_never_fetched_and_the_words_beside_them_are_heard() -> None:
    line = Line()
    await line.invites()
    media = {"NumMedia": "1", "MediaUrl0": f"{PUBLIC}/never"}
    answer = await line.carrier.post(
        line.carrier.inbound, {"MessageSid": "MM" + "a" * 32, "From": PATIENT, "Body": "", **media}
    )
    assert "cannot open pictures" in answer.text
    await line.texts(DANGER, **media)
    assert (await line.now()).state is State.URGENT


async def test_help_and_start_are_answered_at_once_and_are_nobodys_answer() -> None:
    line = Line()
    await line.invites()
    version = (await line.now()).version
    for number, word, words in ((1, "HELP", "911"), (2, "START", "our texts again")):
        answer = await line.carrier.post(
            line.carrier.inbound, {"MessageSid": f"SM{number:032x}f"[:34], "From": PATIENT, "Body": word}
        )
        assert words in answer.text
    assert (await line.now()).version == version


async def test_a_text_that_comes_again_changes_nothing_even_in_the_next_conversation() -> None:
    line = Line()
    await line.invites()
    params = {"MessageSid": "SM" + "b" * 32, "From": PATIENT, "Body": "1"}
    await line.carrier.post(line.carrier.inbound, params)
    version = (await line.now()).version
    await line.carrier.post(line.carrier.inbound, params)
    assert (await line.now()).version == version
    await line.acts(Closed(at=line.clock.now(), by="Kim Lee", outcome="phoned"))
    await line.texts("hello again")
    fresh = line.id
    await line.carrier.post(line.carrier.inbound, params)
    assert (await line.engine.load(fresh)).state is State.CONSENT


async def test_an_invitation_holds_nothing_of_health_and_opens_the_chat_while_it_is_good() -> None:
    line = Line()
    await line.invites(door="link")
    (text,) = line.carrier.sent_to(PATIENT)
    assert segments(text) <= 2
    found = re.search(r"https://\S+", text)
    assert found
    answer = await line.http.get(found[0])
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/chat?lang=en#{line.id}.")
    line.clock.at += 31 * 60
    assert (await line.http.get(found[0])).status_code == 410
    assert (await line.http.get(found[0][:-2])).status_code == 410


async def test_by_text_only_danger_is_taken_from_who_has_a_link() -> None:
    line = Line()
    await line.invites(door="link")
    answer = await line.carrier.post(
        line.carrier.inbound, {"MessageSid": "SM" + "c" * 32, "From": PATIENT, "Body": "my throat is sore"}
    )
    assert "/i?" in answer.text
    answer = await line.carrier.post(
        line.carrier.inbound, {"MessageSid": "SM" + "d" * 32, "From": PATIENT, "Body": DANGER}
    )
    assert "911" in answer.text
    assert (await line.now()).state is State.URGENT


async def test_the_newer_signature_is_understood() -> None:
    line = Line(algorithm=HMAC_SHA256)
    await line.invites()
    await line.texts(DANGER)
    assert (await line.now()).state is State.URGENT


async def test_nothing_that_the_carrier_did_not_sign_is_heard() -> None:
    line = Line()
    await line.invites()
    version = (await line.now()).version
    params = {"AccountSid": "AC1", "MessageSid": "SM" + "e" * 32, "From": PATIENT, "Body": "canary " + DANGER}
    signature = RequestValidator("other").compute_signature(line.carrier.inbound, params)
    for headers in ({}, {SIGNATURE_HEADER: signature}):
        answer = await line.http.post("/sms/inbound", data=params, headers=headers)
        assert answer.status_code == 403
        assert "canary" not in answer.text
    assert (await line.now()).version == version


async def test_a_store_that_is_down_is_told_to_the_carrier(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    await line.invites()

    async def down(conversation_id: str) -> None:
        raise StoreUnavailable("down")

    params = {"MessageSid": "SM" + "1" * 32, "From": PATIENT, "Body": DANGER}
    with monkeypatch.context() as patched:
        patched.setattr(line.ledger, "load", down)
        answer: httpx.Response = await line.carrier.post(line.carrier.inbound, params)
        assert answer.status_code == 503
    await line.carrier.post(line.carrier.inbound, params)
    assert (await line.now()).state is State.URGENT


async def test_many_conversations_over_a_bad_carrier_lose_and_repeat_nothing() -> None:
    line = Line(Faults(duplicated=0.1, reordered=0.1, callbacks_lost=0.05, seed=3))
    for index in range(40):
        number = next(line.numbers)
        await line.invites(number)
        await ordinary_or_dangerous(line, number, index)
        await line.carrier.settle()
        await line.works()
        conversation = await line.now()
        said = [entry.event for entry in conversation.log if isinstance(entry.event, Said)]
        mine = [text for text in line.carrier.texts if text.phone == number and text.mine]
        assert {event.key for event in said} == {text.sid for text in mine}
        assert len(said) == len(mine)
        if index % 2:
            assert conversation.page is not None
            assert any(notice.page == conversation.page.id for notice in line.sender.notices)
        else:
            assert conversation.review is Review.OPEN or conversation.question is not None


async def ordinary_or_dangerous(line: Line, number: str, index: int) -> None:
    for _ in range(30):
        conversation = await line.now()
        question = conversation.question
        if question is None:
            return
        if index % 2 and question.id == "complaint":
            await line.texts(DANGER, number)
            await line.carrier.settle()
            continue
        answers = {"consent": "1", "recap": "1", "complaint": "Sore throat for three days"}
        kinds = {"multi_choice": "0", "yes_no": "2", "duration": "3 days", "scale": "2"}
        about = "me, 34, male" if question.id.startswith("about_you") else ""
        await line.texts(answers.get(question.id) or about or kinds.get(question.kind.value, "I don't know"), number)
        if conversation.version == (await line.now()).version:
            await line.carrier.settle()
            await line.works()
