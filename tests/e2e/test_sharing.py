"""Two nurses, one case: who has it is seen at once, the patient reads by name, and an emergency is lowered by two."""

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Contexts
from tests.e2e.people import Nurse, Patient
from tests.e2e.product import Product, Talk, danger

pytestmark = pytest.mark.needs_browser


@pytest.fixture
def admin(contexts: Contexts, product: Product) -> Iterator[Nurse]:
    """The administrator of the first start reads and decides cases as well: the second person here."""
    yield Nurse(contexts().new_page(), product.admin_password, "admin").signs_in()


def reviewing(product: Product) -> Talk:
    with product.client() as client:
        return Talk(client).until("assessing", "nurse_review")


def test_who_has_a_case_is_seen_by_the_other_at_once_and_taken_over_knowingly(
    nurse: Nurse, admin: Nurse, product: Product
) -> None:
    talk = reviewing(product)
    admin.opens(talk.id)
    nurse.signs_in().opens(talk.id)
    expect(admin.page.locator("#others")).to_contain_text("nurse has this case open, too")
    nurse.page.get_by_role("button", name="Take this case").click()
    expect(nurse.page.locator("#done")).to_contain_text("You have the case.")
    expect(admin.page.get_by_role("button", name="Take over from nurse")).to_be_visible()
    expect(admin.page.locator("#release")).to_have_count(0)
    nurse.page.get_by_label("Message to the patient").fill("I was about to say this")
    admin.page.get_by_role("button", name="Take over from nurse").click()
    expect(nurse.page.get_by_role("button", name="Take over from admin")).to_be_visible()
    expect(nurse.page.locator("#changed")).to_contain_text("admin has this case. Take it over to answer or decide.")
    nurse.page.goto("/console?show=mine")
    expect(nurse.row(talk.id)).to_have_count(0)


def test_one_more_question_and_its_answer_meet_in_both_screens(
    nurse: Nurse, patient: Patient, product: Product
) -> None:
    talk = reviewing(product)
    patient.comes_back_to(talk)
    nurse.signs_in().opens(talk.id)
    nurse.page.get_by_text("Ask the patient one more question").click()
    nurse.page.get_by_label("Your question").fill("Can you open your mouth fully?")
    nurse.page.get_by_role("button", name="Send the question").click()
    expect(patient.log).to_contain_text("Can you open your mouth fully?")
    patient.writes("yes, all the way")
    expect(nurse.page.get_by_role("log")).to_contain_text("yes, all the way")


def test_a_patient_is_told_who_joins_and_who_leaves(nurse: Nurse, patient: Patient, product: Product) -> None:
    talk = reviewing(product)
    patient.comes_back_to(talk)
    nurse.signs_in().opens(talk.id)
    nurse.page.get_by_role("button", name="Join the chat").click()
    expect(patient.log).to_contain_text("nurse has joined this chat")
    nurse.page.get_by_text("Ready-made replies").first.click()
    nurse.page.get_by_role("button", name="Are you there?").first.click()
    expect(nurse.page.get_by_label("Write to the patient")).to_have_value(
        "I am reading what you write. Are you still there? Please answer with one word."
    )
    nurse.page.get_by_role("button", name="Send", exact=True).click()
    expect(patient.log).to_contain_text("Are you still there?")
    nurse.page.get_by_role("button", name="Leave the chat").click()
    expect(patient.log).to_contain_text("nurse has left this chat")


def test_an_emergency_is_lowered_by_two_people(nurse: Nurse, admin: Nurse, product: Product) -> None:
    with product.client() as client:
        talk = danger(client)
    nurse.signs_in().opens(talk.id)
    nurse.page.get_by_text("Set another level").click()
    nurse.page.locator("#relevel input[value=MEDIUM]").check()
    nurse.page.get_by_label("Why?").fill("Spoke on the phone: a pulled muscle")
    nurse.page.get_by_role("button", name="Propose this level").click()
    expect(nurse.page.locator("#done")).to_contain_text("It stays an emergency until a second person agrees.")
    admin.opens(talk.id).page.get_by_role("button", name="I agree: lower it to Medium").click()
    expect(admin.page.locator("#case-head")).to_contain_text("Medium")
    expect(nurse.page.locator("#case-head")).to_contain_text("Medium")


def test_a_second_factor_is_set_up_from_the_screen_and_asked_for(
    admin: Nurse, contexts: Contexts, product: Product
) -> None:
    admin.page.goto("/console/staff")
    admin.page.get_by_label("Name, as patients and colleagues will read it").fill("Dee Doctor")
    admin.page.get_by_label("Role", exact=True).select_option("doctor")
    admin.page.get_by_role("button", name="Add").click()
    password = admin.page.locator(".done code").inner_text()
    dee = Nurse(contexts().new_page(), password, "Dee Doctor").signs_in()
    dee.page.goto("/console/account/second-factor")
    expect(dee.page.locator(".qr svg")).to_be_visible()
    totp = pyotp.TOTP(dee.page.locator(".steps code").inner_text().replace(" ", ""))
    dee.page.get_by_label("Write the six digits").fill(totp.now())
    dee.page.get_by_role("button", name="Turn it on").click()
    recovery = dee.page.locator(".codes code").first.inner_text()
    again = contexts().new_page()
    signs_in(again, password)
    expect(again.get_by_role("heading", name="Your code")).to_be_visible()
    again.get_by_label("The six digits").fill(recovery)
    again.get_by_role("button", name="Go on").click()
    expect(again.get_by_role("heading", name="Queue")).to_be_visible()


def signs_in(page: Page, password: str) -> None:
    page.goto("/console")
    page.get_by_label("Name").fill("Dee Doctor")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
