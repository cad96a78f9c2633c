"""What patients say they do not have, in everyday and clinical words, is never taken as present."""

import pytest

from app.screening import Message, screen
from tests.stage import clinic

DENIALS = """
no loss of appetite
no change in bowel habit
no loss of consciousness
no loss of vision
no loss of weight
no loss of balance
no loss of bladder control
no shortness of breath at rest
no radiation of the pain to arm or jaw
no visual disturbance
no double vision
no neck stiffness
no photophobia
no slurred speech
no facial droop
no weakness or numbness in the arms or legs
no saddle anaesthesia
no urinary retention or incontinence
no blood in stool or urine
no melaena
no vomiting of blood
no coughing up blood
no calf swelling or pain
no recent travel or surgery
no head injury
no vaginal bleeding or discharge
not pregnant
no chance of pregnancy
no missed period
no testicular pain or swelling
no rash that doesn't fade
no drooling or trouble swallowing
no trouble breathing or noisy breathing
no difficulty opening the mouth
no suicidal thoughts or plans
no thoughts of harming anyone
never self harmed
no drug or alcohol use
no allergies
no regular medicines
no night sweats or weight loss
no lumps
no breast lump or nipple discharge
no burning when peeing
no fever or chills
no jaundice
no swelling of face, lips or tongue
no hives
no palpitations or fainting
no chest pain on exertion
no leg swelling
no fits
no confusion
no dehydration, passing urine normally
drinking well, wet nappies as usual
alert and playful
eating and drinking normally
baby moving normally
no fluid leaking
no contractions
no headache or blurred vision
no upper tummy pain
no redness or pus
no spreading redness
no exposure to anyone ill
no tick bites
no foreign body
no contact lenses
no pain in the eye
no hearing loss
no discharge from the ear
no swelling behind the ear
can walk normally
can bear weight
full range of movement
no numbness or tingling
no open wound
no bruising
denies chest pain, dyspnea, syncope
without fever, rash or neck stiffness
neither vomiting nor diarrhoea
no history of heart disease or clots
no blood thinners
never smoked
no pets, no recent antibiotics
pain does not wake me at night
not worse with movement
not getting worse
pain is not severe
no sudden onset
did not hit my head
has not fainted
hasn't lost weight
I don't feel suicidal
I am not bleeding
don't have a cough
isn't short of breath
not drowsy
not floppy
not vomiting
"""


@pytest.mark.parametrize("text", DENIALS.strip().splitlines())
def test_a_denied_finding_is_not_present(text: str) -> None:
    found = screen(Message(id=1, text=text, age_years=40, sex="female"), clinic(), "en")
    symptoms = clinic().ruleset.telling
    assert found["decision"] == "none"
    assert [one["id"] for one in found["findings"] if one["status"] == "present" and one["id"] in symptoms] == []


def test_a_function_that_works_is_not_taken_for_a_symptom_beside_a_denial() -> None:
    text = "lower back ache after gardening, no numbness, can pee fine"
    assert screen(Message(id=1, text=text), clinic(), "en")["decision"] == "none"


@pytest.mark.parametrize(
    ("text", "denied", "open_still"),
    [
        ("no severe chest pain", "severe_chest_pain", "chest_pain"),
        ("no coughing up blood", "coughing_blood", "cough"),
        ("no chest pain on exertion", "exertional_chest_pain", "chest_pain"),
        ("I am not vomiting blood", "vomiting_blood", "vomiting"),
        ("no bloody diarrhoea", "bloody_diarrhoea", "diarrhoea"),
    ],
)
def test_who_denies_a_kind_of_a_thing_does_not_deny_the_thing(text: str, denied: str, open_still: str) -> None:
    found = {one["id"]: one["status"] for one in screen(Message(id=1, text=text), clinic(), "en")["findings"]}
    assert found[denied] == "absent"
    assert open_still not in found


def test_each_item_of_a_denied_list_is_denied() -> None:
    found = screen(Message(id=1, text="no cough or blood in my stool"), clinic(), "en")["findings"]
    assert {one["id"] for one in found if one["status"] == "absent"} >= {"cough", "blood_in_stool"}


ITEMIZED = """
Denies falls, sudden weakness, headache, confusion, speech disturbance, hallucinations.
Denies dysphagia, odynophagia, hematemesis, melena, diarrhea, constipation, fever, tobacco, alcohol.
Denies chills or rigors, abdominal pain, changes in bowel habits, loss of weight or loss of consciousness.
Denies syncope, falls, chest pain, palpitations, black stools, vertigo, limb weakness.
"""


@pytest.mark.parametrize("text", ITEMIZED.strip().splitlines())
def test_a_clinicians_list_of_what_is_denied_goes_on_to_its_end(text: str) -> None:
    found = screen(Message(id=1, text=text, age_years=40, sex="female"), clinic(), "en")
    assert found["decision"] == "none"
    assert found["rules"] == []


@pytest.mark.parametrize(
    "text",
    [
        "He denies fever, complains of crushing chest pain",
        "Denies fever, her chest is crushing, vomiting",
        "She denies headache, cough or fever, now has crushing chest pain",
        "Denies trauma, pain started at rest, crushing chest pain",
        "denies drugs, took 30 paracetamol",
        "denies smoking, is short of breath at rest",
    ],
)
def test_what_is_told_behind_a_denied_thing_is_heard(text: str) -> None:
    assert screen(Message(id=1, text=text), clinic(), "en")["decision"] == "page"
