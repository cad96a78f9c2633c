"""A patient whose page, or whose clinic's server, went away in the middle finds everything where it was."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Contexts
from tests.e2e.people import Nurse, Patient
from tests.e2e.product import DANGER, ORDINARY, Talk, danger, running

pytestmark = pytest.mark.needs_browser


def test_a_reload_in_the_middle_resumes_with_the_same_question(patient: Patient) -> None:
    patient.opens_demo().says_who()
    patient.writes(ORDINARY)
    expect(patient.question).to_contain_text("safety check")
    said = patient.log.get_by_role("listitem").all_inner_texts()

    patient.page.reload()
    patient.page.get_by_role("button", name="Start before your visit").click()
    expect(patient.question).to_contain_text("safety check")
    assert patient.log.get_by_role("listitem").all_inner_texts() == said
    patient.ticks("None of these")
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


def test_a_server_that_was_killed_goes_on_where_it_stood(tmp_path: Path, contexts: Contexts) -> None:
    page = contexts().new_page()
    with running(tmp_path, "--no-model") as first:
        with first.client() as client:
            urgent = danger(client)
            talk = Talk(client).until("safety_check")
        first.kill()
    port = int(first.address.rpartition(":")[2])
    with running(tmp_path, "--no-model", port=port) as second:
        page.context.set_default_navigation_timeout(30_000)
        with second.client() as client:
            assert client.get(talk.url, headers=talk.headers).json()["question"] == talk.view["question"]
            talk.client = client
            talk.chooses("none")
            assert talk.view["state"] == "history"
        nurse = Nurse(page, first.password)
        nurse.page.goto(f"{second.address}/console")
        nurse.page.get_by_label("Name").fill("nurse")
        nurse.page.get_by_label("Password").fill(first.password)
        nurse.page.get_by_role("button", name="Sign in").click()
        expect(nurse.row(urgent.id)).to_contain_text("not acknowledged")
        nurse.page.goto(f"{second.address}/console/cases/{urgent.id}")
        expect(nurse.page.locator("#case-head")).to_contain_text("sent by console")
