"""A patient whose page or server went away in between finds everything where it was."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Contexts
from tests.e2e.people import Nurse, Patient
from tests.e2e.product import DANGER, ORDINARY, running

pytestmark = pytest.mark.needs_browser


def test_a_reload_in_the_middle_resumes_with_the_same_question(patient: Patient) -> None:
    patient.opens_demo().says_who()
    patient.writes(ORDINARY)
    expect(patient.question).to_contain_text("safety check")
    said = patient.log.get_by_role("listitem").all_inner_texts()

    patient.page.reload()
    patient.page.get_by_role("button", name="Start before your visit").click()
    expect(patient.question).to_contain_text("safety check")
    expect(patient.question).to_be_in_viewport()
    assert patient.log.get_by_role("listitem").all_inner_texts() == said
    patient.picks("None of these")
    expect(patient.question).not_to_contain_text("safety check")


def test_a_reload_in_an_emergency_shows_it_again(patient: Patient) -> None:
    patient.opens_chat().says_who()
    patient.writes(DANGER)
    expect(patient.alarm).to_be_visible()
    patient.page.reload()
    expect(patient.alarm.get_by_role("link", name="Call 911 now")).to_be_visible()
    expect(patient.alarm.get_by_role("status")).to_have_text("A nurse is being alerted now.")


def test_another_tab_finds_nothing(patient: Patient) -> None:
    patient.opens_chat().says_who()
    other = Patient(patient.page.context.new_page()).opens_chat()
    expect(other.log.get_by_role("listitem")).to_have_count(2)


def test_what_could_not_be_sent_is_sent_once_there_is_a_connection(patient: Patient) -> None:
    patient.opens_chat().says_who()
    patient.page.context.set_offline(True)
    patient.writes(ORDINARY)
    expect(patient.chat.locator("#failure")).to_contain_text("Not sent.")
    patient.page.context.set_offline(False)
    expect(patient.question).to_contain_text("safety check")
    expect(patient.chat.locator("#failure")).to_be_hidden()
    expect(patient.log.get_by_text(ORDINARY)).to_have_count(1)


def test_what_was_changed_since_it_could_not_be_sent_waits_for_the_patient(patient: Patient) -> None:
    patient.opens_chat().says_who()
    patient.page.context.set_offline(True)
    patient.writes(ORDINARY)
    expect(patient.chat.locator("#failure")).to_contain_text("Not sent.")
    patient.chat.locator("#text").fill("Sore throat, and")
    patient.page.context.set_offline(False)
    patient.page.wait_for_function("navigator.onLine")
    expect(patient.chat.locator("#text")).to_have_value("Sore throat, and")
    expect(patient.question).to_contain_text("main problem")


def test_a_server_that_was_killed_goes_on_where_it_stood(tmp_path: Path, contexts: Contexts) -> None:
    """Between two turns, with the patients' pages open: nothing is asked twice, and the page is still sent and seen."""
    with running(tmp_path, "--no-model") as first:
        address, password = first.address, first.password
        ordinary, urgent = (Patient(contexts(base_url=address).new_page()).opens_chat() for _ in range(2))
        ordinary.says_who()
        urgent.says_who()
        urgent.writes(DANGER)
        expect(urgent.alarm).to_be_visible()
        first.kill()
        ordinary.writes(ORDINARY)
        expect(ordinary.chat.locator("#failure")).to_contain_text("Not sent.")

    with running(tmp_path, "--no-model", port=int(address.rpartition(":")[2])):
        ordinary.picks("Try again")
        expect(ordinary.question).to_contain_text("safety check")
        expect(ordinary.log.get_by_text(ORDINARY)).to_have_count(1)

        nurse = Nurse(contexts(base_url=address).new_page(), password).signs_in()
        nurse.bar.get_by_role("link").click()
        expect(nurse.page.locator("#case-head")).to_contain_text("sent by console")
        nurse.page.get_by_role("button", name="Acknowledge the page").click()
        expect(urgent.alarm.get_by_role("status")).to_have_text("The clinic has seen your alert.")
