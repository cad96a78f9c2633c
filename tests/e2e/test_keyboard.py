"""Everything a patient and a nurse need, with the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.keyboard import Keyboard
from tests.e2e.people import Nurse, Patient
from tests.e2e.product import DANGER, NUMBER, Product, Talk, danger

pytestmark = pytest.mark.needs_browser

FOCUS = """() => {
  let root = document, element = document.activeElement;
  for (;;) {
    if (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    else if (element?.contentDocument?.activeElement) element = element.contentDocument.activeElement;
    else break;
  }
  const named = element.matches("a, button, summary") ? element.textContent : "";
  const label = element.labels?.[0]?.textContent ?? element.getAttribute("aria-label") ?? named;
  return `${element.tagName.toLowerCase()} ${label.trim()}`;
}"""


def focus(page: Page) -> str:
    """The tag and the name of what has the focus, also inside the chat's frame."""
    return str(page.evaluate(FOCUS))


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until `name` has the focus; a person would give up after thirty."""
    for _ in range(30):
        if name in focus(page):
            return
        page.keyboard.press(key)
    raise AssertionError(f"no way to {name!r} by {key}; the focus is on {focus(page)!r}")


def test_a_patient_needs_no_mouse(patient: Patient) -> None:
    page, keys = patient.page, patient.page.keyboard
    page.goto("/demo")
    tab_to(page, "Start before your visit")
    keys.press("Enter")
    patient.chat = page.frame_locator("previsit-chat iframe")
    expect(patient.question).to_contain_text("Is it OK to start?")
    tab_to(page, "button Yes")
    keys.press("Enter")
    expect(patient.question).to_contain_text("Who is this about?")
    tab_to(page, "button Me")
    keys.press("Enter")
    expect(patient.question).to_contain_text("age")
    tab_to(page, "input Your answer")
    keys.type("34")
    keys.press("Enter")
    expect(patient.question).to_contain_text("sex")
    tab_to(page, "button Male")
    keys.press("Space")
    expect(patient.question).to_contain_text("main problem")
    tab_to(page, "textarea")
    keys.type("sore throat")
    keys.press("Enter")
    expect(patient.question).to_contain_text("safety check")
    tab_to(page, "Why do you ask?", "Shift+Tab")
    keys.press("Enter")
    expect(patient.chat.get_by_text("Some signs need help at once.")).to_be_visible()
    tab_to(page, "button None of these")
    keys.press("Enter")
    expect(patient.question).not_to_contain_text("safety check")


def test_danger_puts_the_number_to_call_next(patient: Patient) -> None:
    patient.opens_chat().says_who()
    tab_to(patient.page, "textarea")
    patient.page.keyboard.type(DANGER)
    patient.page.keyboard.press("Enter")
    expect(patient.alarm).to_be_focused()
    patient.page.keyboard.press("Tab")
    assert focus(patient.page) == f"a Call {NUMBER} now"


def test_escape_closes_first_the_menu_then_the_chat_and_the_focus_goes_back(patient: Patient) -> None:
    page = patient.opens_demo().page
    tab_to(page, "button Options", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(patient.button("Delete my answers")).to_be_visible()
    page.keyboard.press("Escape")
    expect(patient.button("Delete my answers")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Start before your visit")).to_be_focused()


def test_a_nurse_acknowledges_and_releases_without_a_mouse(nurse: Nurse, product: Product) -> None:
    with product.client() as client:
        urgent, ordinary = danger(client), Talk(client).until("assessing", "nurse_review")
    nurse.signs_in()
    page, keys = nurse.page, nurse.page.keyboard
    expect(nurse.row(urgent.id)).to_contain_text("not acknowledged")
    Keyboard(page).to_case(urgent.id)
    keys.press("a")
    expect(page.locator("#done")).to_contain_text("You acknowledged the page.")
    expect(nurse.row(urgent.id)).to_contain_text("nurse")

    nurse.opens(ordinary.id)
    tab_to(page, "Skip to the decisions")
    keys.press("Enter")
    tab_to(page, "textarea Message to the patient")
    keys.press("Control+a")
    keys.type("Come today at noon; letters such as a, j, k and q do nothing here.")
    tab_to(page, "button Release to the patient")
    keys.press("Enter")
    expect(page.locator("#decisions")).to_contain_text("Released the message after editing it")
