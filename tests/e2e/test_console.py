"""The console while others work too: it keeps itself up to date, warns before it ends, and leaves nothing behind."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Contexts
from tests.e2e.people import Nurse
from tests.e2e.product import Product, Talk, danger

pytestmark = pytest.mark.needs_browser


def test_what_one_nurse_acknowledges_goes_from_the_other_s_screen(
    nurse: Nurse, contexts: Contexts, product: Product
) -> None:
    other = Nurse(contexts().new_page(), product.password).signs_in()
    nurse.signs_in()
    with product.client() as client:
        talk = danger(client)
    for each in (nurse, other):
        expect(each.bar.locator(f"#page-{talk.id}")).to_be_visible()
    nurse.bar.locator(f"#acknowledge-{talk.id}").click()
    expect(nurse.page.locator("#done")).to_contain_text("You acknowledged the page.")
    expect(other.bar.locator(f"#page-{talk.id}")).to_have_count(0)
    expect(other.row(talk.id).locator(".page")).to_have_text("nurse")


def test_a_decision_on_an_old_picture_is_held_back_and_what_was_written_is_kept(
    nurse: Nurse, contexts: Contexts, product: Product
) -> None:
    with product.client() as client:
        talk = Talk(client).until("assessing", "nurse_review")
    other = Nurse(contexts(java_script_enabled=False).new_page(), product.password)
    other.page.goto("/console")
    other.page.get_by_label("Name").fill("nurse")
    other.page.get_by_label("Password").fill(product.password)
    other.page.get_by_role("button", name="Sign in").click()
    other.page.goto(f"/console/cases/{talk.id}")
    other.page.get_by_label("Message to the patient").fill("Come on Monday")

    nurse.signs_in().opens(talk.id)
    nurse.page.get_by_label("Message to the patient").fill("Come today at noon")
    nurse.page.get_by_role("button", name="Release to the patient").click()
    expect(nurse.page.locator("#decisions")).to_contain_text("Released the message after editing it")

    other.page.get_by_role("button", name="Release to the patient").click()
    expect(other.page.get_by_role("alert")).to_contain_text("You released a message to the patient")
    expect(other.page.locator("#kept")).to_have_value("Come on Monday")
    with product.client() as client:
        said = client.get(talk.url, headers=talk.headers).text
    assert "Come today at noon" in said
    assert "Come on Monday" not in said


def test_without_scripts_a_page_is_seen_and_acknowledged(contexts: Contexts, product: Product) -> None:
    with product.client() as client:
        talk = danger(client)
        page = contexts(java_script_enabled=False).new_page()
        page.goto("/console")
        page.get_by_label("Name").fill("nurse")
        page.get_by_label("Password").fill(product.password)
        page.get_by_role("button", name="Sign in").click()
        page.locator(f"#acknowledge-{talk.id}").click()
        expect(page.locator("#done")).to_contain_text("You acknowledged the page.")
        assert client.get(talk.url, headers=talk.headers).json()["paging"] == "acknowledged"


def test_once_signed_out_nothing_of_a_patient_stays_on_any_screen(nurse: Nurse, product: Product) -> None:
    with product.client() as client:
        talk = danger(client)
        nurse.signs_in().opens(talk.id)
        elsewhere = nurse.page.context.new_page()
        elsewhere.goto("/console")
        elsewhere.get_by_role("button", name="Sign out").click()
        expect(elsewhere.get_by_role("button", name="Sign in")).to_be_visible()
        talk.says("are you there?")
    expect(nurse.page.get_by_role("status")).to_contain_text("You were signed out")
    assert "crushing" not in nurse.page.content()


def test_whoever_does_nothing_is_warned_and_can_stay(nurse: Nurse) -> None:
    nurse.page.clock.install()
    nurse.signs_in()
    warning = nurse.page.get_by_role("dialog", name="Are you still there?")
    expect(warning).to_be_hidden()
    nurse.page.clock.fast_forward("13:01")
    expect(warning).to_be_visible()
    with nurse.page.expect_response("**/console/awake") as told:
        warning.get_by_role("button", name="Stay signed in").click()
    assert told.value.status == 204
    expect(warning).to_be_hidden()


def test_sound_says_whether_a_page_can_be_heard(nurse: Nurse) -> None:
    nurse.signs_in()
    expect(nurse.page.get_by_text("a page cannot be heard on this computer")).to_be_visible()
    nurse.page.get_by_role("button", name="Turn sound on").click()
    expect(nurse.page.get_by_role("button", name="Sound: on")).to_be_visible()
    expect(nurse.page.get_by_text("a page cannot be heard on this computer")).to_be_hidden()


def test_what_came_back_from_a_form_stays_in_it_while_the_case_goes_on(nurse: Nurse, product: Product) -> None:
    with product.client() as client:
        talk = danger(client)
        nurse.signs_in().opens(talk.id)
        form = nurse.proposes_lower("short")
        expect(nurse.page.locator("#problem")).to_contain_text("at least 10 characters")
        talk.says("it got a little better")
        expect(nurse.page.locator("#lines")).to_contain_text("a little better")
        expect(form.get_by_label("Medium")).to_be_checked()
        expect(form.get_by_label("Why?")).to_have_value("short")


def test_an_emergency_is_lowered_by_two_people_and_the_case_says_why(
    nurse: Nurse, contexts: Contexts, product: Product
) -> None:
    with product.client() as client:
        talk = danger(client)
    nurse.signs_in().opens(talk.id)
    nurse.page.locator("#acknowledge").click()
    nurse.proposes_lower("Spoke with her: a bruise from football")
    expect(nurse.page.locator("#done")).to_contain_text("It stays an emergency until a second person agrees")
    expect(nurse.page.locator("#proposal")).not_to_contain_text("I agree")

    other = Nurse(contexts().new_page(), product.admin_password, "admin").signs_in().opens(talk.id)
    other.page.get_by_role("button", name="I agree: lower it to Medium").click()
    expect(other.page.locator("#done")).to_contain_text("the emergency was lowered")
    for each in (other, nurse):
        expect(each.page.locator("#case-head")).to_contain_text("Medium")
        expect(each.page.locator("#level-set")).to_contain_text("Medium, set by nurse and admin")
        expect(each.page.locator("#level-set")).to_contain_text("a bruise from football")
