"""Conversations as they wait for a nurse: a red flag, a model's draft, a draft by the rules, a chat with a nurse."""

from typing import Any

from dialogue import events as e
from dialogue.conversation import Conversation, Entry, Message, Page, Paging, Review, Speaker, State
from policies.draft import Action, Assessment, Draft, Explanation, Objection
from policies.facts import Evidence, Fact, Status, Subject, When
from policies.levels import Level
from policies.passages import Passage

START = 1_790_000_000.0
"""When the first of them began; the test clock stands seven minutes later."""
NOW = START + 420
YEAR = 365.25


def fact(finding: str, turn: int, quote: str, status: Status = Status.PRESENT, **more: Any) -> Fact:
    return Fact(finding=finding, status=status, evidence=Evidence(turn=turn, quote=quote), **more)


def entry(at: float, *said: str, text: str = "", event: e.Event | None = None) -> Entry:
    """One turn: what the patient wrote (or another event), and what the assistant said back."""
    happened = event or (e.Said(at=at, key=f"key-{at}", text=text) if text else e.Started(at=at))
    return Entry(event=happened, replies=tuple(Message(speaker=Speaker.BOT, text=each) for each in said))


def urgent(text: str = "I have a crushing pain in my chest and my left arm feels heavy") -> Conversation:
    """A red flag one minute ago; its page is sent and nobody has acknowledged it."""
    at = NOW - 70
    log = (
        entry(at - 40, "Hello. I ask about your health before your visit.", "Is it OK to start?"),
        entry(at - 20, "Who is this about? How old are they?", text="Yes"),
        entry(at, "This could be an emergency. Call 911 now. We are alerting a nurse at this moment.", text=text),
        entry(at, event=e.PageSent(at=at, sender="webhook", attempt=0)),
    )
    return Conversation(
        id="c-urgent",
        code="K7P2Q",
        language="en",
        ruleset="sample",
        created_at=at - 40,
        state=State.URGENT,
        paging=Paging.OPEN,
        review=Review.OPEN,
        level=Level.EMERGENCY,
        fired=("heart_attack_signs",),
        page=Page(
            id="K7P2Q-2", raised_at=at, rules=("heart_attack_signs",), attempts=1, sent_at=at, sent_by=("webhook",)
        ),
        facts=(
            fact("chest_pain", 2, "crushing pain in my chest"),
            fact("radiating_pain", 2, "left arm feels heavy"),
        ),
        log=log,
    )


PASSAGES = (
    Passage(
        id="sore-throat#when-to-be-seen",
        title="Sore throat",
        heading="When to be seen",
        text="Trouble opening the mouth, a muffled voice or drooling: same day.\nLonger than a week: within a week.",
        source="A made-up source",
        review_date="2026-05-01",
        url="https://guidelines.example/sore-throat",
    ),
    Passage(
        id="sore-throat#what-a-nurse-can-do",
        title="Sore throat",
        heading="What a nurse can do",
        text="Look at the throat for swelling on one side. Take temperature, pulse and breathing rate. Feel the neck.",
        source="A made-up source",
        review_date="2026-05-01",
        review_due="2026-06-01",
        page=3,
    ),
)

DRAFT = Draft(
    subjective=(
        "34-year-old woman with a sore throat for three days and a fever of 38.4 °C this morning. Cough since "
        "yesterday. Denies drooling. Not known whether her immune system is weak. Takes ibuprofen."
    ),
    explanations=(
        Explanation(
            name="Viral sore throat",
            likelihood="likely",
            supporting=("F4", "F5", "F8"),
            passages=("sore-throat#when-to-be-seen",),
        ),
        Explanation(
            name="Bacterial tonsillitis", likelihood="possible", supporting=("F4", "F6"), contradicting=("F8",)
        ),
        Explanation(
            name="Swelling beside the tonsil", likelihood="concerning for", supporting=("F5",), contradicting=("F7",)
        ),
    ),
    concerns=("Swelling on one side of the throat if the voice changes or the mouth does not open",),
    actions=(
        Action(text="Look at the throat, take the temperature and feel the neck", passages=(PASSAGES[1].id,)),
        Action(text="Ask what makes her immune system weak, if anything", passages=(PASSAGES[0].id,)),
    ),
    level=Level.MEDIUM,
    level_reason="Fever with a sore throat for three days, possible infection",
    open_questions=("Does anything make the immune system weak?", "How much is she drinking?"),
    patient_message=(
        "A nurse has read your answers. We want to look at your throat this week. Please call us to find a time.\n"
        "If you cannot swallow your saliva or breathing gets hard, call 911."
    ),
)

_TALK = (
    entry(START, "Hello. I ask about your health before your visit.", "Is it OK to start?"),
    entry(START + 20, "Who is this about? How old are they?", text="Yes"),
    entry(START + 45, "What is the main problem today?", text="me, I'm 34, a woman"),
    entry(START + 80, "A safety check. Any of these right now?", text="Sore throat for three days and a bit of fever"),
    entry(START + 110, "Do you know your temperature?", text="None of these"),
    entry(START + 140, "Do you have a cough? Can you swallow your own saliva?", text="38.4 this morning"),
    entry(START + 190, "Does anything make your immune system weak?", text="I can swallow. I cough since yesterday"),
    entry(START + 220, "Do you take any medicines?", text="I don't know, my dad had a heart attack once"),
    entry(START + 260, "Thank you. I am getting your answers ready for a nurse.", text="just ibuprofen 400"),
)

_FACTS = (
    fact("who", 2, "me", value="me"),
    fact("age", 2, "34", value=34 * YEAR),
    fact("sex", 2, "a woman", value="female"),
    fact("sore_throat", 3, "Sore throat"),
    fact("throat_days", 3, "three days", value=3.0),
    fact("fever", 3, "a bit of fever"),
    fact("drooling", 6, "I can swallow", Status.ABSENT),
    fact("cough", 6, "I cough since yesterday"),
    fact("temperature", 5, "38.4", value=38.4),
    fact("immune", 7, "I don't know", Status.UNKNOWN),
    fact("heart_attack", 7, "my dad had a heart attack once", subject=Subject.OTHER, when=When.PAST),
    fact("medicines", 8, "ibuprofen 400", value="ibuprofen 400"),
    fact("chest_pain", 4, "None of these", Status.ABSENT),
    fact("breathless", 4, "None of these", Status.ABSENT),
)


def reviewing() -> Conversation:
    """An ordinary case with a model's draft, waiting for review."""
    assessment = Assessment(origin="model", draft=DRAFT, passages=PASSAGES, model="SmolLM2-135M-Instruct", calls=1)
    at = START + 290
    assessed = entry(at, "Your answers are with a nurse now.", event=e.Assessed(at=at, assessment=assessment))
    return Conversation(
        id="c-review",
        code="M4TNX",
        language="en",
        ruleset="sample",
        created_at=START,
        state=State.NURSE_REVIEW,
        review=Review.OPEN,
        level=Level.MEDIUM,
        fired=("sore_throat_fever",),
        facts=_FACTS,
        assessment=assessment,
        log=(*_TALK, assessed),
    )


def by_rules() -> Conversation:
    """A patient who stopped half-way and asked for deletion; the draft is the rules' own."""
    draft = DRAFT.model_copy(
        update={
            "subjective": "Sore throat for three days, fever. The history is not finished.",
            "explanations": (),
            "concerns": (),
            "actions": (),
            "level_reason": "A sore throat with fever can be an infection that needs a look at the throat.",
            "open_questions": ("Is there a cough?", "Can saliva be swallowed?"),
            "patient_message": "A nurse has read your answers. Please call us to find a time.",
        }
    )
    assessment = Assessment(
        origin="rules",
        draft=draft,
        note="The model's draft did not pass the check twice.",
        objections=(
            Objection(code="unknown_statement", detail="explanations 1"),
            Objection(code="medicine_named", detail="actions 2"),
        ),
        calls=2,
    )
    at = START + 130
    return Conversation(
        id="c-rules",
        code="R8WHD",
        language="en",
        ruleset="sample",
        created_at=START,
        state=State.ABANDONED,
        resume=State.HISTORY,
        review=Review.OPEN,
        level=Level.MEDIUM,
        fired=("sore_throat_fever",),
        facts=_FACTS[:6],
        partial="no reply for 30 minutes",
        withdrawn=True,
        assessment=assessment,
        log=(
            *_TALK[:4],
            entry(at, "I have not heard from you for a while.", event=e.FellSilent(at=at)),
            entry(at + 5, event=e.Assessed(at=at + 5, assessment=assessment)),
        ),
    )


def low() -> Conversation:
    """A case without a level's rule, still being written up."""
    return Conversation(
        id="c-low",
        code="B3ZQL",
        language="en",
        ruleset="sample",
        created_at=START - 6000,
        state=State.ASSESSING,
        review=Review.OPEN,
        level=Level.LOW,
        facts=(*_FACTS[:5], *_FACTS[6:8]),
        log=(entry(START - 6000, "Hello."), *_TALK[1:7]),
    )
