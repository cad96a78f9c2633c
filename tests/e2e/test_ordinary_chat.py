"""An ordinary case, from the first word to a nurse's message: the patient reads nothing that no nurse has released."""

import pytest
from playwright.sync_api import expect

from tests.e2e.people import Nurse, Patient
from tests.e2e.product import ORDINARY, Product, Talk

pytestmark = pytest.mark.needs_browser

RELEASED = "Please come today at 15:30. Drink in small sips. Write here at once if breathing gets hard."


def test_from_the_first_word_to_a_nurse_s_message(patient: Patient, nurse: Nurse) -> None:
    patient.opens_demo().says_who()
    patient.writes(ORDINARY)
    expect(patient.question).to_contain_text("First, a safety check.")
    patient.answers_until("Here is what I wrote down")
    for known in ("34 years", "Female", "Sore throat", "3 days", "Fever"):
        expect(patient.question).to_contain_text(known)

    patient.picks("Change something")
    expect(patient.log).to_contain_text("Please tell me what to change")
    patient.writes("Sorry, five days, not three")
    expect(patient.question).to_contain_text("5 days")
    expect(patient.question).not_to_contain_text("3 days")
    patient.picks("Yes, that is right")
    expect(patient.log).to_contain_text("Your answers are with a nurse now.")

    nurse.signs_in()
    row = nurse.row(patient.case)
    expect(row).to_contain_text("Waits for review")
    expect(row).to_contain_text("Sore throat")
    row.get_by_role("link").click()
    expect(nurse.page.locator("#draft")).to_contain_text("Put together from the rules, without a language model.")
    expect(nurse.page.locator("#draft")).to_contain_text("Preliminary assessment. Requires nurse review.")
    expect(nurse.page.locator("#facts")).to_contain_text("5 days")
    box = nurse.page.get_by_label("Message to the patient")
    drafted = box.input_value()
    assert drafted
    expect(patient.log).not_to_contain_text(drafted)

    box.fill(RELEASED)
    nurse.page.get_by_role("button", name="Release to the patient").click()
    expect(nurse.page.locator("#decisions")).to_contain_text("Released the message after editing it")
    expect(nurse.page.locator("#decisions")).to_contain_text("nurse,")

    read = patient.log.get_by_role("listitem").last
    expect(read).to_contain_text("written by a person at the clinic")
    expect(read).to_contain_text(RELEASED)
    expect(patient.log).not_to_contain_text(drafted)


def nurse_and_patient_open_a_case(nurse: Nurse, patient: Patient, product: Product) -> None:
    """An interview that is over, and its case."""
    with product.client() as client:
        talk = Talk(client).until("assessing", "nurse_review")
    patient.comes_back_to(talk)
    expect(patient.log).to_contain_text("Your answers are with a nurse now.")
    nurse.signs_in().opens(talk.id)


def test_a_rejected_draft_is_recorded_with_its_reason_and_offers_its_words_no_more(
    nurse: Nurse, patient: Patient, product: Product
) -> None:
    nurse_and_patient_open_a_case(nurse, patient, product)
    drafted = nurse.page.get_by_label("Message to the patient").input_value()
    nurse.page.get_by_text("Reject the draft", exact=True).first.click()
    nurse.page.get_by_label("Why is it not right?").fill("The history is too thin")
    nurse.page.locator("#do-reject").get_by_role("button").click()
    expect(nurse.page.locator("#decisions")).to_contain_text("Rejected the draft")
    expect(nurse.page.locator("#decisions")).to_contain_text("The history is too thin")
    expect(nurse.page.get_by_label("Message to the patient")).to_have_value("")
    assert drafted
    expect(patient.log).not_to_contain_text(drafted)


def test_what_a_nurse_is_writing_is_kept_while_the_case_goes_on(
    nurse: Nurse, patient: Patient, product: Product
) -> None:
    nurse_and_patient_open_a_case(nurse, patient, product)
    box = nurse.page.get_by_label("Message to the patient")
    box.fill("We will look at your throat")
    patient.writes("I forgot: I also have a rash on my arm")
    expect(nurse.page.locator("#lines")).to_contain_text("I also have a rash")
    expect(nurse.page.locator("#changed")).to_contain_text("your text is kept")
    expect(box).to_have_value("We will look at your throat")


def test_a_patient_who_says_no_is_asked_nothing(patient: Patient) -> None:
    patient.opens_chat().picks("No")
    expect(patient.log).to_contain_text("Nothing will be asked.")
    expect(patient.controls).to_have_count(0)


def test_deleting_one_s_answers_leaves_nothing_on_the_page_or_in_the_tab(patient: Patient, product: Product) -> None:
    patient.opens_chat().says_who()
    patient.picks("Options")
    patient.picks("Delete my answers")
    patient.picks("Yes, delete them")
    expect(patient.page.get_by_text("Your answers are deleted.", exact=True).last).to_be_visible()
    expect(patient.log.get_by_role("listitem")).to_have_count(0)
    assert patient.page.evaluate("sessionStorage.getItem('previsit')") is None
    patient.picks("Start a new chat")
    expect(patient.question).to_contain_text("Is it OK to start?")


def test_a_message_that_does_not_reach_the_clinic_is_kept_and_can_be_sent_again(patient: Patient) -> None:
    patient.opens_chat().says_who()
    patient.page.route("**/messages", lambda route: route.abort("connectionfailed"))
    patient.writes(ORDINARY)
    told = patient.chat.locator("#failure")
    expect(told).to_contain_text("Not sent. There is no connection to the clinic right now.")
    expect(told).to_contain_text("In an emergency, call 911.")
    expect(patient.chat.locator("#text")).to_have_value(ORDINARY)
    patient.page.unroute("**/messages")
    patient.picks("Try again")
    expect(patient.question).to_contain_text("safety check")
    expect(patient.log.get_by_text(ORDINARY)).to_have_count(1)


def test_who_finds_no_words_is_offered_a_handful_and_can_see_the_rest(patient: Patient) -> None:
    patient.opens_chat().says_who()
    patient.writes("blorg")
    expect(patient.question).to_contain_text("where it hurts")
    patient.writes("zorg")
    expect(patient.question).to_contain_text("Which of these is closest?")
    shown = patient.controls.locator(".chip:visible")
    expect(shown.first).to_have_text("Belly pain")
    expect(shown.last).to_have_text("Something else")
    assert shown.count() == 15
    patient.chat.get_by_text("Show more", exact=True).click()
    patient.picks("Earache")
    expect(patient.question).to_contain_text("safety check")


def test_a_text_that_is_too_long_is_kept_and_said_to_be_so_until_it_fits(patient: Patient) -> None:
    patient.opens_chat().says_who()
    told, box = patient.chat.locator("#failure"), patient.chat.locator("#text")
    patient.writes("my head hurts. " * 300)
    expect(told).to_contain_text("Your text is too long by 499 characters.")
    expect(box).to_have_value("my head hurts. " * 300)
    box.fill("my head hurts")
    expect(told).to_be_hidden()
