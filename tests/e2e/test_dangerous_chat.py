"""A red flag, from the patient's words to a nurse who has seen them: nobody reloads a page, nobody has to ask."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.people import Nurse, Patient
from tests.e2e.product import CLINIC, DANGER, NUMBER

pytestmark = pytest.mark.needs_browser


def test_danger_is_answered_at_once_and_a_nurse_is_seen_to_see_it(patient: Patient, nurse: Nurse) -> None:
    nurse.signs_in()
    before = nurse.bar.get_by_role("listitem").count()
    patient.opens_demo().says_who()
    patient.writes(DANGER)

    call = patient.alarm.get_by_role("link", name=f"Call {NUMBER} now")
    expect(call).to_be_visible()
    expect(call).to_have_attribute("href", f"tel:{NUMBER}")
    expect(patient.alarm).to_contain_text(f"We are alerting a nurse at {CLINIC} at this moment.")
    expect(patient.alarm.get_by_role("status")).to_have_text("A nurse is being alerted now.")
    expect(patient.controls).to_have_count(0)

    expect(nurse.bar.get_by_role("listitem")).to_have_count(before + 1)
    page = nurse.bar.get_by_role("listitem").last
    expect(page).to_contain_text("34 y, female")
    expect(page).to_contain_text("Chest pain")
    expect(nurse.page).to_have_title(re.compile(r"^\(\d+\) Queue"))
    queue = nurse.page.get_by_role("row")
    expect(queue.nth(1)).to_contain_text("Emergency")

    page.get_by_role("link").click()
    expect(nurse.page.locator("#why")).to_contain_text("heart attack")
    expect(nurse.page.locator("#why")).to_contain_text("Source:")
    expect(nurse.page.locator("#lines")).to_contain_text(DANGER)
    expect(nurse.page.locator("#case-head")).to_contain_text("not acknowledged")
    expect(nurse.page.locator("#case-head")).to_contain_text("sent by console")
    nurse.page.get_by_role("button", name="Acknowledge the page").click()
    expect(nurse.page.locator("#done")).to_contain_text("The patient is told that it has been seen.")
    expect(nurse.page.locator("#case-head")).to_contain_text("acknowledged by nurse")

    expect(patient.alarm.get_by_role("status")).to_have_text("The clinic has seen your alert.")
    expect(patient.log).to_contain_text("A nurse has seen your alert.")
    expect(call).to_be_visible()


def test_push_back_lowers_nothing_and_what_is_added_reaches_the_nurse(patient: Patient, nurse: Nurse) -> None:
    patient.opens_chat().says_who()
    patient.writes(DANGER)
    expect(patient.alarm).to_be_visible()
    nurse.signs_in()
    nurse.bar.get_by_role("link").last.click()
    expect(nurse.heading).to_be_visible()
    expect(nurse.page.locator("#alerts")).to_be_visible()

    patient.writes("my wife says it's nothing, never mind, stop")
    expect(patient.log).to_contain_text(f"If you have not called {NUMBER} yet, please call now.")
    expect(patient.alarm).to_be_visible()
    expect(nurse.page.locator("#lines")).to_contain_text("my wife says it's nothing")
    expect(nurse.page.locator("#case-head")).to_contain_text("Emergency")


def test_despair_is_met_with_the_crisis_line_first(patient: Patient) -> None:
    patient.opens_chat().says_who()
    patient.writes("I want to kill myself")
    calls = patient.chat.locator("#emergency-alert").get_by_role("link")
    expect(calls).to_have_text(["Call 988 to talk to someone", f"Call {NUMBER} now"])
    expect(patient.chat.locator("#emergency-alert").get_by_role("heading")).to_have_text("Please talk to someone now")


def test_a_nurse_who_joins_writes_to_the_patient_by_name(patient: Patient, nurse: Nurse) -> None:
    patient.opens_demo().says_who()
    patient.writes(DANGER)
    expect(patient.alarm).to_be_visible()
    nurse.signs_in()
    nurse.bar.get_by_role("link").last.click()
    nurse.page.get_by_role("button", name="Join the chat").click()
    expect(patient.chat.get_by_text("A person is in this chat", exact=True)).to_be_visible()
    nurse.page.get_by_label("Write to the patient").fill("Is somebody with you?")
    nurse.page.get_by_role("button", name="Send", exact=True).click()
    written = patient.log.get_by_role("listitem").last
    expect(written).to_contain_text("nurse: written by a person at the clinic")
    expect(written).to_contain_text("Is somebody with you?")
    patient.writes("Yes, my neighbour")
    expect(nurse.page.locator("#lines")).to_contain_text("Yes, my neighbour")
