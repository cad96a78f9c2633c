"""Everything that staff do in the console, with the keyboard alone, at a desk and on a telephone.

Whatever Tab reaches is visible and has a name. After each act the focus is where the work goes on.
"""

import re
import time
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import expect

from tests.app.webhooks import webhook
from tests.e2e.conftest import DESK, PHONE, Contexts
from tests.e2e.keyboard import Keyboard
from tests.e2e.people import is_accessible
from tests.e2e.product import Product, Talk, danger, running

pytestmark = pytest.mark.needs_browser

TELEPHONE = 390


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A previsit for this file alone: its rota and accounts change, and it has a system that takes appointments."""
    with webhook() as system:
        folder, address = tmp_path_factory.mktemp("previsit"), f"{system.url}/book"
        with running(folder, "--no-model", booking_url=address, webhook_secret="shared") as product:
            yield product


class Hands(Keyboard):
    """A member of staff at the keyboard."""

    def signs_in(self, name: str, password: str, home: str) -> "Hands":
        self.page.goto("/console")
        self.writes("Name", name)
        self.writes("Password", password)
        self.goes("Sign in", home)
        return self

    def submits(self, button: str, told: str) -> None:
        """Presses the button of a form. The answer has the focus, so that a screen reader says it."""
        self.presses(button, "button")
        self.is_told(told)

    def is_told(self, words: str) -> None:
        expect(self.page.locator("#done")).to_contain_text(words)
        expect(self.page.locator("#done")).to_be_focused()
        self.is_seen()

    def opens(self, talk: Talk) -> None:
        self.to_case(talk.id)
        self.goes(self.focus.name, "Case ")
        expect(self.page.locator("#alerts")).to_be_visible()


def set_the_level(hands: Hands) -> None:
    hands.presses("Set another level")
    hands.ticks("Emergency", "High")
    hands.writes("Why?", "Sounds unwell")
    hands.submits("Set the level", "The level was set")


def reject_the_draft(hands: Hands) -> None:
    """Without a reason first: the problem has the focus, and its link leads to the field."""
    hands.presses("Reject the draft")
    hands.presses("Reject the draft", "button")
    expect(hands.page.locator("#problem")).to_be_focused()
    hands.presses("Say why you reject the draft", "a")
    expect(hands.page.locator("#reject-reason")).to_be_focused()
    hands.writes("Why is it not right?", "Too general")
    hands.submits("Reject the draft", "The draft was rejected")


def ask_one_more_question(hands: Hands) -> None:
    hands.presses("Ask the patient one more question")
    hands.writes("Your question", "Can you swallow water?")
    hands.submits("Send the question", "Your question was sent")


def chat(hands: Hands, talk: Talk) -> None:
    """The focus stays in the text field, so that messages can be written one after another."""
    page, text = hands.page, hands.page.locator("#write-text")
    hands.presses("Join the chat")
    expect(page.locator("#done")).to_contain_text("You joined the chat")
    for words in ("Hello, I read what you wrote.", "Are you alone?"):
        expect(text).to_be_focused()
        page.keyboard.type(words)
        hands.presses("Send")
        expect(page.locator("#lines")).to_contain_text(words)
    expect(text).to_be_focused()
    hands.presses("Ready-made replies")
    hands.presses("Thank you", "button")
    expect(text).to_be_focused()
    expect(text).to_have_value(re.compile("^Thank you"))
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    talk.says("yes, I am")
    expect(page.locator("#lines")).to_contain_text("yes, I am")
    expect(page.locator("#changed")).to_be_hidden()
    hands.submits("Leave the chat", "You left the chat")


def book_an_appointment(hands: Hands) -> None:
    hands.presses("Book an appointment")
    hands.chooses("How soon?", "Same")
    hands.submits("Ask for the appointment", "The appointment was asked for")


def hand_to_a_doctor(hands: Hands) -> None:
    hands.presses("Hand to a doctor")
    hands.writes("What should the doctor know?", "Please look at the throat")
    hands.submits("Hand to a doctor", "The case is for a doctor now")


def close_the_case(hands: Hands) -> None:
    hands.presses("Close the case")
    hands.chooses("How did it end?", "Handed")
    hands.submits("Close the case", "The case was closed")


@pytest.mark.parametrize("width", [DESK, TELEPHONE])
def test_a_nurse_can_do_everything_to_a_case(contexts: Contexts, product: Product, width: int) -> None:
    with product.client() as client:
        talk = Talk(client).until("assessing", "nurse_review")
        hands = Hands(contexts(width).new_page()).signs_in("nurse", product.password, "Queue")
        hands.opens(talk)
        expect(hands.page.locator("#draft")).to_contain_text("Preliminary assessment")
        hands.submits("Take this case", "You have the case")
        set_the_level(hands)
        reject_the_draft(hands)
        ask_one_more_question(hands)
        chat(hands, talk)
        book_an_appointment(hands)
        hand_to_a_doctor(hands)
        hands.opens(talk)
        close_the_case(hands)


def test_an_emergency_is_acknowledged_and_lowered_by_two(contexts: Contexts, product: Product) -> None:
    with product.client() as client:
        talk = danger(client)
    nurse = Hands(contexts(TELEPHONE).new_page()).signs_in("nurse", product.password, "Queue")
    nurse.opens(talk)
    nurse.page.keyboard.press("a")
    nurse.is_told("You acknowledged the page")
    nurse.presses("Set another level")
    nurse.ticks("Emergency", "Medium")
    nurse.writes("Why?", "Spoke with her: a bruise from football")
    nurse.submits("Propose this level", "You proposed another level")

    other = Hands(contexts(TELEPHONE).new_page()).signs_in("admin", product.admin_password, "Queue")
    other.opens(talk)
    other.submits("I agree: lower it to Medium", "the emergency was lowered")


def test_an_engineer_sets_up_a_second_factor_and_opens_emergency_access(contexts: Contexts, product: Product) -> None:
    with product.client() as client:
        talk = danger(client)
    admin = Hands(contexts().new_page()).signs_in("admin", product.admin_password, "Queue")
    password = add_engineer(admin, "robin")
    robin = Hands(contexts(TELEPHONE).new_page()).signs_in("robin", password, "Measures")
    codes = set_up_a_second_factor(robin)
    robin.goes("Sign out", "Nurse console")

    robin.signs_in("robin", password, "Your code")
    robin.writes("The six digits", "000000")
    robin.presses("Go on")
    expect(robin.page.get_by_role("alert")).to_be_visible()
    is_accessible(robin.page)
    robin.writes("The six digits", codes.at(int(time.time()) + 30))
    robin.goes("Go on", "Measures")

    open_emergency_access(robin)
    robin.opens(talk)
    expect(robin.page.locator("#lines")).to_contain_text("crushing")
    is_accessible(robin.page)
    robin.goes("End it now", "Emergency access")


def add_engineer(admin: Hands, name: str) -> str:
    """The generated password."""
    admin.goes("Staff", "Staff")
    admin.writes("Name, as patients", name)
    admin.chooses("Role", "engineer")
    admin.submits("Add", f"{name} may sign in as engineer")
    return admin.page.locator("#done code").inner_text()


def set_up_a_second_factor(hands: Hands) -> pyotp.TOTP:
    hands.goes("Your account", "Your account")
    hands.goes("Set it up", "Second factor")
    is_accessible(hands.page)
    codes = pyotp.TOTP(hands.page.locator(".qr + p code").inner_text().replace(" ", ""))
    hands.writes("Write the six digits", codes.now())
    hands.submits("Turn it on", "Your second factor is on")
    is_accessible(hands.page)
    hands.goes("I have them", "Measures")
    return codes


def open_emergency_access(hands: Hands) -> None:
    """Without a reason first: the problem has the focus."""
    hands.goes("Emergency access", "Emergency access")
    hands.presses("Read patients' words")
    expect(hands.page.locator("#problem")).to_be_focused()
    is_accessible(hands.page)
    hands.ticks("A page rings", "A drill")
    hands.goes("Read patients' words", "Queue")


def test_an_administrator_edits_the_rota(contexts: Contexts, product: Product) -> None:
    hands = Hands(contexts().new_page()).signs_in("admin", product.admin_password, "Queue")
    hands.goes("On call", "On call")
    hands.writes("Name, as colleagues", "Kim Lee")
    hands.writes("Number for texts", "+15551234567")
    hands.writes("Mail", "kim@clinic.example")
    hands.submits("Save person", "Saved")
    hands.ticks("Mon", "Sun")
    hands.submits("Add shift", "Saved")
    hands.page.set_viewport_size({"width": PHONE, "height": 860})
    is_accessible(hands.page)
    hands.page.set_viewport_size({"width": DESK, "height": 860})
    hands.presses("Add or change a step")
    hands.writes("Who", "doctor on call")
    hands.writes("Seconds to answer", "90")
    hands.submits("Save step", "Saved")
    hands.submits("Remove doctor on call", "Saved")


def test_an_administrator_approves_a_guideline(contexts: Contexts, product: Product) -> None:
    hands = Hands(contexts().new_page()).signs_in("admin", product.admin_password, "Queue")
    hands.goes("Guidelines", "Guidelines")
    hands.page.goto("/console/guidelines/sore-throat-adult")
    hands.submits("Approve this text", "Approved")
