"""What public guidance puts one level lower than its dangerous neighbour, as clinicians and patients write it: the
milder is not paged, and each neighbour is."""

import pytest

from app.screening import Message, screen
from tests.stage import clinic

STABLE_ANGINA = (
    "HIGH",
    [
        "A 63-year-old man presents with exertional chest tightness.",
        "chest pressure on walking uphill, relieved by rest",
    ],
    [
        "exertional chest tightness, now also at rest",
        "A 71-year-old man with exertional chest tightness for a year reports that it now wakes him.",
        "A 58-year-old woman with angina has needed her spray six times today.",
        "My chest hurts when I climb stairs, and chest pressure with walking today lasted an hour",
        "chest tightness when I climb stairs, it started 20 minutes ago and is still there",
        "crushing chest pain on exertion",
        "chest tightness on exertion going down my left arm",
        "tightness in my chest when I walked up the hill and I am sweating",
        "chest tightness on exertion for two months, today 30 minutes despite rest",
        "his shortness of breath has got worse so that he can hardly speak now",
    ],
)

BURNS_AFTER_MEALS = (
    "LOW",
    ["burning after meals and on lying flat, acid regurgitation, eased by antacids"],
    ["acid thrown at my face", "battery acid spilled on my hand, it burns", "heartburn and my left arm aches"],
)

BELLS_PALSY = (
    "HIGH",
    [
        "A 42-year-old man with right facial palsy for 2 days involving the forehead, unable to close the eye.",
        "the whole right side of my face has drooped since yesterday, including the forehead",
        "Lower motor neurone facial palsy since yesterday.",
    ],
    [
        "A 38-year-old woman presents with right facial weakness.",
        "sudden right facial droop, forehead spared",
        "facial weakness with forehead sparing",
        "left side of face drooped an hour ago, cannot wrinkle my forehead",
        "half my face including my forehead is weak and my speech is slurred",
        "facial droop, cannot raise the eyebrow, and arm weak",
        "my face dropped on one side, including the forehead, and I see double",
    ],
)

PETECHIAE_IN_THE_WELL = (
    "HIGH",
    [
        "A 30-year-old woman with petechiae on both shins, no fever, otherwise well.",
        "A 6-year-old boy, well in himself and afebrile, with pinpoint purple spots on the legs for 2 days.",
    ],
    [
        "A 3-year-old boy with fever and petechiae.",
        "A 19-year-old student with petechial rash, headache and vomiting, no fever.",
        "purple spots on his legs, no fever but he is very drowsy",
        "she is well but has purple spots that don't fade under a glass and her hands are cold",
        "tiny red spots all over my chest and I have a fever",
    ],
)

MASTITIS_WITH_SHIVERS = (
    "HIGH",
    ["I have mastitis, a fever of 38.6 and I'm shivering. My baby is 3 weeks old."],
    [
        "I gave birth 6 days ago and I have a fever and shaking chills.",
        "mastitis with rigors and fever of 39.2, 2 weeks post partum",
        "my breast is red and hot, I have a fever and I fainted",
        "I gave birth 5 days ago, I'm shivering with a fever and my belly hurts",
    ],
)

YOUNG_WITH_JAUNDICE = (
    "HIGH",
    ["I'm 28, yellow eyes, dark urine, a low fever of 37.9 and a mild ache under my right ribs"],
    [
        "A 66-year-old woman with jaundice, fever and right upper quadrant pain.",
        "I'm 34, my eyes are yellow, I have shaking chills and pain under my right ribs",
        "I'm 30, my eyes are yellow and I have a fever of 39",
        "I'm 28, yellow eyes, fever and severe pain in my belly",
    ],
)

MILD_RECESSION = (
    "HIGH",
    ["A 6-month-old girl with wheeze and mild subcostal recession, feeding well."],
    [
        "A 6-month-old girl with cough and marked chest recession.",
        "A 5-week-old with cough and mild intercostal recession.",
        "A 5-month-old with mild recession who has pauses in breathing.",
        "A 5-month-old with mild recession, he refuses feeds.",
    ],
)

MILD_ACHE_WITH_DISCHARGE = (
    "HIGH",
    ["I'm 22, I have discharge from my penis and a mild ache in my left testicle"],
    [
        "I'm 22 and my left testicle hurts",
        "I'm 16 with discharge from the penis and a dull ache in one testicle",
        "I'm 22, discharge from my penis and a mild ache in my testicle that began suddenly",
        "I'm 24, urethral discharge and severe testicular pain since an hour",
        "a slight ache in my testicle and I keep vomiting",
    ],
)

FLU_WITH_SHIVERS = (
    "LOW",
    ["I'm 30, fever of 38.9, shivers and aches for two days"],
    [
        "fever, shivers and aches for two days, and now he is confused",
        "I'm on chemo and I'm shivering with a fever",
        "fever and shivers, my hands are cold and blotchy",
    ],
)

MORE_OF_THE_INHALER = (
    "HIGH",
    ["A 70-year-old woman with COPD has a worse cough, is breathless on stairs and is using her inhaler more often."],
    [
        "my asthma attack is getting worse and I'm breathless, the inhaler isn't helping",
        "COPD, I can't finish a sentence and use my inhaler all the time",
        "I need my ventolin every hour, I'm short of breath and it's getting worse",
    ],
)

LONG_SHORT_OF_BREATH_ON_EFFORT = (
    "MEDIUM",
    ["I've been out of breath on the stairs for two years, I wheeze a little. No chest pain."],
    [
        "I've been out of breath on the stairs for two years and now I can't breathe at rest",
        "out of breath on stairs for a year, today I'm breathless and my left calf is swollen",
        "breathless on hills for a month and I coughed up blood",
    ],
)

SWOLLEN_ARM = (
    "HIGH",
    [
        "A 58-year-old man on chemotherapy presents with a swollen arm.",
        "left arm swollen, heavy and bluish for two days",
    ],
    [
        "my whole arm is swollen and I'm short of breath",
        "my left arm is swollen and my chest hurts",
        "my arm is heavy and weak since an hour",
    ],
)

RED_CHEEK = (
    "HIGH",
    ["A 52-year-old woman presents with a sharply edged red swollen cheek."],
    [
        "shiny swollen cheek from my tooth, shaking chills and a temperature of 39.2",
        "red gum, tooth throbbing, swollen cheek and I can't open my mouth, fever",
        "my arm is swollen and heavy, and I can't lift it since an hour",
    ],
)

CALF_PAIN_OF_WALKING = (
    "MEDIUM",
    ["For five months my calf hurts when I walk and it goes away when I stop."],
    [
        "for a month my calf hurts when I walk, today it is swollen and I'm short of breath",
        "my foot is ice cold and white",
    ],
)

NUMB_FEET_IN_DIABETES = (
    "MEDIUM",
    ["I'm diabetic and both my feet have felt numb like in socks for two years"],
    [
        "I'm diabetic, both my feet went numb three days ago and it is spreading up my legs",
        "I'm diabetic, my feet are numb and I can't pee, my back hurts",
        "I'm diabetic and my left arm went numb and weak",
    ],
)

PLACES = [
    STABLE_ANGINA,
    BURNS_AFTER_MEALS,
    BELLS_PALSY,
    PETECHIAE_IN_THE_WELL,
    MASTITIS_WITH_SHIVERS,
    YOUNG_WITH_JAUNDICE,
    MILD_RECESSION,
    MILD_ACHE_WITH_DISCHARGE,
    FLU_WITH_SHIVERS,
    MORE_OF_THE_INHALER,
    LONG_SHORT_OF_BREATH_ON_EFFORT,
    SWOLLEN_ARM,
    RED_CHEEK,
    CALF_PAIN_OF_WALKING,
    NUMB_FEET_IN_DIABETES,
]


@pytest.mark.parametrize(("text", "level"), [(text, level) for level, mild, _ in PLACES for text in mild])
def test_the_milder_is_not_paged(text: str, level: str) -> None:
    assert screen(Message(id=1, text=text), clinic(), "en")["level"] == level


@pytest.mark.parametrize("text", [text for _, _, dangers in PLACES for text in dangers])
def test_its_dangerous_neighbour_is_paged(text: str) -> None:
    assert screen(Message(id=1, text=text), clinic(), "en")["decision"] == "page"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("A 67-year-old man presents with transient speech loss.", "EMERGENCY"),
        ("tingling of the feet that is climbing, both legs weak", "EMERGENCY"),
        ("I'm on dialysis, I missed two sessions and my legs are weak", "EMERGENCY"),
        ("I woke up two days ago deaf in my left ear", "HIGH"),
        ("My son is 6, he has had a limp for two days and his hip hurts", "HIGH"),
        ("I'm three weeks post partum and feel so low", "HIGH"),
        ("My 10 month old has a fever, is irritable, vomited three times and refuses feeds", "EMERGENCY"),
        ("My son is 3, he has had a fever for four days and it is getting worse", "HIGH"),
        ("Pain under my right ribs for six hours and I've vomited three times", "HIGH"),
        ("painful labial swelling, getting bigger", "HIGH"),
        ("I'm 9 weeks pregnant, I vomit eight times a day and have lost weight", "HIGH"),
        ("swelling over the kneecap for two days, red, hot and tender", "HIGH"),
        ("My son is 9, sore throat with white spots and a fever for two days", "MEDIUM"),
        ("My index finger is swollen along its whole length and I keep it bent", "HIGH"),
    ],
)
def test_nor_one_too_low(text: str, level: str) -> None:
    assert screen(Message(id=1, text=text), clinic(), "en")["level"] == level


def test_a_joint_that_was_twisted_is_not_out_of_place() -> None:
    levels = [
        screen(Message(id=1, text=text), clinic(), "en")["level"]
        for text in ("Ankle twisted yesterday at netball", "My ankle is twisted backwards")
    ]
    assert levels == ["LOW", "EMERGENCY"]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("My 6 week old cries for about 3 hours on most evenings for 2 weeks, then settles", "LOW"),
        ("My 6 week old has cried for 3 hours today", "HIGH"),
        ("I'm 8 weeks pregnant and have vomited for 6 days", "HIGH"),
        ("I'm 8 weeks pregnant, morning sickness for 2 weeks, I have lost weight", "HIGH"),
    ],
)
def test_how_long_a_bout_lasts_is_not_since_when(text: str, level: str) -> None:
    assert screen(Message(id=1, text=text), clinic(), "en")["level"] == level
