"""A finished conversation of realistic size: fourteen patient turns, a draft with passages, a nurse's release.

Made up. Knows nothing about the machine: it shows a store what it has to keep, not what a patient would be asked.
"""

from collections.abc import Iterator

from dialogue.conversation import (
    Conversation,
    Entry,
    Message,
    Option,
    Question,
    QuestionKind,
    Review,
    Speaker,
    State,
    Verdict,
)
from dialogue.duties import CheckSilence, Duty
from dialogue.events import Assessed, Closed, Event, Released, Said, Started
from policies.draft import Action, Assessment, Draft, Explanation
from policies.facts import Evidence, Fact, Status, Subject, When
from policies.levels import Level
from policies.passages import Passage

STARTED_AT = 1_763_800_000.0

TURNS = (
    (
        "Hello. I am the automated assistant of Hill Road Surgery. I ask about your health before your visit and write "
        "it down for a nurse. I do not give a diagnosis or treatment. If you think it is an emergency, call 911 now. "
        "Your answers are kept on the clinic's own computer. You can stop or delete them at any time. Is it OK to start?",
        "yes that's fine",
    ),
    ("Thank you. Let us start. Who is this for, and how old are they?", "it's for me, I'm 34, female"),
    (
        "What is the main problem today? Use your own words. Say how long it has been there, too.",
        "Sore throat for three days and a bit of fever. It hurts a lot when I swallow, mostly on both sides, and I have "
        "been really tired since the weekend.",
    ),
    (
        "First, a safety check. Do you have any of these right now? Choose all that fit. Hard to breathe. Cannot swallow "
        "your own spit. New confusion. Very bad pain in the chest. A rash that does not fade. None of these.",
        "none of these",
    ),
    ("Is your voice muffled, as if you had hot food in your mouth?", "no, just a bit hoarse in the morning"),
    ("Can you open your mouth as wide as usual?", "yes I can, no problem there"),
    ("What was your highest temperature, if you measured it?", "38.4 last night, 37.9 this morning before work"),
    (
        "Do you have any of these? Choose all that fit. Cough. Runny nose. Swollen glands. Ear pain. None of these.",
        "swollen glands under the jaw, and a slight cough I guess but not much",
    ),
    ("Have you seen white spots at the back of your throat?", "I looked with a torch, maybe two small white spots"),
    ("Are you able to drink enough?", "sorry, I meant four days not three. And yes, I drink tea all day"),
    (
        "Has someone near you had strep throat?",
        "my son's class had it two weeks ago, he was home for a couple of days",
    ),
    (
        "Do you have any other health problems? Choose all that fit. Diabetes. Asthma. A weak immune system. Pregnant.",
        "mild asthma since I was a child, I use an inhaler now and then. not pregnant",
    ),
    (
        "Do you take any medicines, or have any allergies?",
        "paracetamol twice a day for the last two days, salbutamol inhaler. penicillin gave me a rash as a kid",
    ),
    (
        "Here is what I wrote down: a sore throat for four days, fever of 38.4, swollen glands, perhaps white spots, a "
        "slight cough, tired; no trouble with breathing, swallowing or opening the mouth. Asthma, penicillin rash. Is "
        "this right? If not, tell me what to change.",
        "yes, that's right, thank you",
    ),
)

FINDINGS = (
    ("sore_throat", Status.PRESENT, 2), ("sore_throat_days", Status.PRESENT, 2), ("fever", Status.PRESENT, 2),
    ("painful_swallowing", Status.PRESENT, 2), ("tiredness", Status.PRESENT, 2), ("breathless", Status.ABSENT, 3),
    ("cannot_swallow_saliva", Status.ABSENT, 3), ("new_confusion", Status.ABSENT, 3), ("chest_pain", Status.ABSENT, 3),
    ("rash_not_fading", Status.ABSENT, 3), ("muffled_voice", Status.ABSENT, 4), ("hoarseness", Status.PRESENT, 4),
    ("trismus", Status.ABSENT, 5), ("temperature", Status.PRESENT, 6), ("swollen_neck_glands", Status.PRESENT, 7),
    ("cough", Status.PRESENT, 7), ("runny_nose", Status.ABSENT, 7), ("ear_pain", Status.ABSENT, 7),
    ("tonsil_pus", Status.PRESENT, 8), ("drinks_enough", Status.PRESENT, 9), ("sore_throat_days", Status.PRESENT, 9),
    ("strep_contact", Status.PRESENT, 10), ("asthma", Status.PRESENT, 11), ("pregnant", Status.ABSENT, 11),
    ("diabetes", Status.ABSENT, 11), ("immune_weak", Status.ABSENT, 11), ("penicillin_allergy", Status.PRESENT, 12),
    ("medicines", Status.PRESENT, 12),
)  # fmt: skip

DRAFT = Draft(
    subjective=(
        "34-year-old woman with a sore throat for four days, painful swallowing on both sides, fever up to 38.4, tender "
        "swollen glands under the jaw, perhaps two white spots on the tonsils, slight cough, hoarse in the morning, tired. "
        "Drinks well. Opens her mouth fully; no muffled voice, drooling or breathlessness. Contact with strep in her son's "
        "class two weeks ago. Mild asthma; rash with penicillin as a child. Takes paracetamol and a salbutamol inhaler."
    ),
    explanations=(
        Explanation(
            name="Viral sore throat", likelihood="likely", supporting=("F1", "F12", "F16", "F5"),
            contradicting=("F19",), passages=("sore-throat-adult#what-it-may-be",),
        ),
        Explanation(
            name="Streptococcal sore throat", likelihood="possible", supporting=("F3", "F15", "F19", "F22"),
            contradicting=("F16",), passages=("sore-throat-adult#what-a-nurse-can-do",),
        ),
        Explanation(
            name="Glandular fever", likelihood="less likely", supporting=("F5", "F15"),
            passages=("sore-throat-complications#what-it-may-be",),
        ),
    ),
    concerns=("Fever with swollen glands and possible pus", "Penicillin rash as a child"),
    actions=(
        Action(
            text="Score FeverPAIN or Centor; look at the tonsils and the neck within one to two days.",
            passages=("sore-throat-adult#what-a-nurse-can-do", "sore-throat-adult#when-to-be-seen-and-how-soon"),
        ),
        Action(text="Ask the physician about a throat swab; note the penicillin rash.", passages=()),
        Action(
            text="Explain when to come back: hard breathing, cannot swallow saliva, one-sided pain, mouth will not open.",
            passages=("sore-throat-adult#safety-netting",),
        ),
    ),
    level=Level.MEDIUM,
    level_reason="Fever, glands and possible pus without any sign of an airway problem or an abscess.",
    open_questions=("Is the pain worse on one side?", "How often is the inhaler needed?"),
    patient_message=(
        "Thank you for your answers. From what you told us, it would be good for someone to look at your throat within "
        "the next two days. Please keep drinking. If it gets hard to breathe, or you cannot swallow your own spit, or the "
        "pain moves to one side, call 911 or come in at once."
    ),
)  # fmt: skip

PASSAGES = tuple(
    Passage(
        id=id, title=title, heading=heading, text=text, review_date="2026-11-22", score=score,
        source="NICE NG84 Sore throat (acute), section 1.1; NICE CKS Sore throat - acute, Assessment; NHS Sore throat",
    )
    for id, title, heading, score, text in (
        (
            "sore-throat-adult#what-it-may-be", "Sore throat in adults", "What it may be", 0.71,
            "Most sore throats in adults are viral and settle within about a week with or without treatment. Strep throat "
            "causes a minority. Glandular fever is likely in a teenager or young adult with great tiredness and swollen "
            "glands for more than a week. Influenza, COVID-19, reflux, a dry room and smoking are other reasons. A sore "
            "throat that stays beyond three weeks, or is on one side only, needs another look for cancer.",
        ),
        (
            "sore-throat-adult#what-a-nurse-can-do", "Sore throat in adults", "What a nurse can do", 0.66,
            "Score it. FeverPAIN gives one point each for fever in the last 24 hours, pus, attendance within three days, "
            "severely inflamed tonsils, and no cough or cold; Centor counts pus, tender front neck glands, fever and no "
            "cough. A high score makes strep more likely, and a test where it is used. Explain that most people are well "
            "within a week. Antibiotics and pain relief: ask the physician.",
        ),
        (
            "sore-throat-adult#when-to-be-seen-and-how-soon", "Sore throat in adults", "When to be seen and how soon",
            0.61,
            "Breathing or swallowing saliva is hard: emergency department now. Weak immune defence or a medicine that "
            "harms white cells: the same day, with a blood count. Feverish and getting worse after a few days, or a score "
            "that suggests strep: within one to two days. Only sore with a cold: self-care, and seen if not better after "
            "a week. Longer than three weeks: physician's appointment.",
        ),
        (
            "sore-throat-complications#what-it-may-be", "Sore throat: complications and when it lasts", "What it may be",
            0.55,
            "Quinsy is pus beside a tonsil: pain grows worse on one side, the voice is thick, the jaw will not open, and "
            "the uvula is pushed across. A deep neck infection makes the neck stiff and swollen. Epiglottitis causes "
            "severe pain with drooling while the tonsils look near normal. Glandular fever gives weeks of tiredness, "
            "large neck glands and sometimes a large spleen. After strep, rheumatic fever is rare.",
        ),
    )
)  # fmt: skip

ASSESSMENT = Assessment(
    origin="model", draft=DRAFT, passages=PASSAGES, model="SmolLM2-135M-Instruct-Q8_0", calls=1
)


def versions(conversation_id: str) -> Iterator[tuple[Conversation, list[Duty]]]:
    """Every version of the conversation in order, each with the duties that its turn would leave."""
    conversation = Conversation(
        id=conversation_id, code="C-48213", language="en", ruleset="6f1c2a90be37", created_at=STARTED_AT
    )
    for index, (event, reply) in enumerate(_happenings()):
        conversation = _grown(conversation, event, reply, index)
        due = event.at + 1800.0
        yield conversation, [
            CheckSilence(id=f"silence:{conversation_id}", conversation=conversation_id, due=due)
        ]


def finished(conversation_id: str) -> Conversation:
    return list(versions(conversation_id))[-1][0]


def _happenings() -> Iterator[tuple[Event, Message]]:
    at = STARTED_AT
    yield Started(at=at), _bot(TURNS[0][0])
    for index, (_, answer) in enumerate(TURNS):
        at += 21.375
        following = TURNS[index + 1][0] if index + 1 < len(TURNS) else "Thank you. That is all I need."
        yield Said(at=at, key=f"0b9f6f52-6a1e-4c2e-9a55-3f{index:010d}", text=answer), _bot(following)
    yield Assessed(at=at + 8, assessment=ASSESSMENT), _bot("Your answers are with a nurse now.")
    message = DRAFT.patient_message
    yield Released(at=at + 200, by="Kim Park", text=message, edited=False), _nurse(message)
    yield Closed(at=at + 230, by="Kim Park", outcome="appointment"), _bot("This chat is now closed by Kim Park.")


def _grown(conversation: Conversation, event: Event, reply: Message, index: int) -> Conversation:
    update: dict[str, object] = {"log": (*conversation.log, Entry(event=event, replies=(reply,)))}
    if isinstance(event, Said):
        known = tuple(_fact(*finding) for finding in FINDINGS if finding[2] == index - 1)
        update |= {
            "state": State.HISTORY, "facts": conversation.facts + known, "level": Level.MEDIUM,
            "asked": (*conversation.asked, *(fact.finding for fact in known)), "question": _question(reply.text),
        }  # fmt: skip
    elif isinstance(event, Assessed):
        update |= {"state": State.NURSE_REVIEW, "review": Review.OPEN, "assessment": ASSESSMENT, "question": None}
    elif isinstance(event, Released):
        verdict = Verdict(by=event.by, action="released", at=event.at, message=event.text)
        update |= {"review": Review.DONE, "verdicts": (verdict,)}
    elif isinstance(event, Closed):
        update |= {"state": State.CLOSED}
    return conversation.model_copy(update=update)


def _fact(finding: str, status: Status, turn: int) -> Fact:
    return Fact(
        finding=finding, status=status, evidence=Evidence(turn=turn + 1, quote=TURNS[turn][1][:60]),
        value=38.4 if finding == "temperature" else None, subject=Subject.PATIENT, when=When.NOW,
    )  # fmt: skip


def _question(prompt: str) -> Question:
    choices = tuple(Option(value=value, label=value.replace("_", " ")) for value in ("yes", "no", "not_sure"))
    return Question(
        id="history:muffled_voice,trismus", kind=QuestionKind.MULTI_CHOICE, prompt=prompt,
        findings=("muffled_voice", "trismus"), choices=choices, why="These signs help the nurse decide how soon.",
    )  # fmt: skip


def _bot(text: str) -> Message:
    return Message(speaker=Speaker.BOT, text=text)


def _nurse(text: str) -> Message:
    return Message(speaker=Speaker.NURSE, text=text, reviewer="Kim Park")
