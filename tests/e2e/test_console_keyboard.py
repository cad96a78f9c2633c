"""Every act of the console by the keyboard alone, at a desk or on a telephone: no stop of Tab is hidden, covered or
without a name, and after each act the focus stands where the work goes on.
"""

import re
import time
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import expect

from tests.app.webhooks import webhook
from tests.e2e.conftest import DESK, Contexts
from tests.e2e.keyboard import Keyboard
from tests.e2e.people import is_accessible
from tests.e2e.product import Product, Talk, danger, running

pytestmark = pytest.mark.needs_browser

TELEPHONE = 390


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One of its own: its rota and accounts change, and it has a system to ask for appointments."""
    with webhook() as system:
        folder, address = tmp_path_factory.mktemp("previsit"), f"{system.url}/book"
        with running(folder, "--no-model", booking_url=address, webhook_secret="shared") as product:
            yield product


class Hands(Keyboard):
    """Somebody of the staff at the keyboard."""

    def signs_in(self, name: str, password: str, home: str) -> "Hands":
        self.page.goto("/console")
        self.writes("Name", name)
        self.writes("Password", password)
        self.goes("Sign in", home)
        return self

    def is_told(self, words: str) -> None:
        """After an act the focus stands on what it came to, so that a screen reader says it and Tab goes on there."""
        expect(self.page.locator("#done")).to_contain_text(words)
        expect(self.page.locator("#done")).to_be_focused()
        self.is_seen()

    def opens(self, talk: Talk) -> None:
        """From the queue, with the keys of the console."""
        expect(self.page.locator(f"#case-{talk.id}")).to_be_visible()
        for _ in range(self.page.locator("a.open").count()):
            self.page.keyboard.press("j")
            self.is_seen()
            if self.page.locator(f"#case-{talk.id}").evaluate("each => each === document.activeElement"):
                break
        self.goes(self.focus.name, "Case ")
        expect(self.page.locator("#alerts")).to_be_visible()


@pytest.mark.parametrize("width", [DESK, TELEPHONE])
def test_every_act_on_a_case(contexts: Contexts, product: Product, width: int) -> None:
    with product.client() as client:
        talk = Talk(client).until("assessing", "nurse_review")
        hands = Hands(contexts(width).new_page()).signs_in("nurse", product.password, "Queue")
        page = hands.page
        hands.opens(talk)
        expect(page.locator("#draft")).to_contain_text("Preliminary assessment")
        hands.presses("Take this case")
        hands.is_told("You have the case")

        hands.presses("Set another level")
        hands.ticks("Emergency", "High")
        hands.writes("Why?", "Sounds unwell")
        hands.presses("Set the level")
        hands.is_told("The level was set")

        hands.presses("Reject the draft")
        hands.presses("Reject the draft", "button")
        expect(page.locator("#problem")).to_be_focused()
        hands.presses("Say why you reject the draft", "a")
        expect(page.locator("#reject-reason")).to_be_focused()
        hands.writes("Why is it not right?", "Too general")
        hands.presses("Reject the draft", "button")
        hands.is_told("The draft was rejected")

        hands.presses("Ask the patient one more question")
        hands.writes("Your question", "Can you swallow water?")
        hands.presses("Send the question")
        hands.is_told("Your question was sent")

        hands.presses("Join the chat")
        expect(page.locator("#done")).to_contain_text("You joined the chat")
        for words in ("Hello, I read what you wrote.", "Are you alone?"):
            expect(page.locator("#write-text")).to_be_focused()
            page.keyboard.type(words)
            hands.presses("Send")
            expect(page.locator("#lines")).to_contain_text(words)
        expect(page.locator("#write-text")).to_be_focused()
        hands.presses("Ready-made replies")
        hands.presses("Thank you", "button")
        expect(page.locator("#write-text")).to_be_focused()
        expect(page.locator("#write-text")).to_have_value(re.compile("^Thank you"))
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        talk.says("yes, I am")
        expect(page.locator("#lines")).to_contain_text("yes, I am")
        expect(page.locator("#changed")).to_be_hidden()
        hands.presses("Leave the chat")
        hands.is_told("You left the chat")

        hands.presses("Book an appointment")
        hands.chooses("How soon?", "Same")
        hands.presses("Ask for the appointment")
        hands.is_told("The appointment was asked for")

        hands.presses("Hand to a doctor")
        hands.writes("What should the doctor know?", "Please look at the throat")
        hands.presses("Hand to a doctor", "button")
        hands.is_told("The case is for a doctor now")

        hands.opens(talk)
        hands.presses("Close the case")
        hands.chooses("How did it end?", "Handed")
        hands.presses("Close the case", "button")
        hands.is_told("The case was closed")


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
    nurse.presses("Propose this level")
    nurse.is_told("You proposed another level")

    other = Hands(contexts(TELEPHONE).new_page()).signs_in("admin", product.admin_password, "Queue")
    other.opens(talk)
    other.presses("I agree: lower it to Medium")
    other.is_told("the emergency was lowered")


def test_a_second_factor_and_emergency_access(contexts: Contexts, product: Product) -> None:
    with product.client() as client:
        talk = danger(client)
    admin = Hands(contexts().new_page()).signs_in("admin", product.admin_password, "Queue")
    admin.goes("Staff", "Staff")
    admin.writes("Name, as patients", "robin")
    admin.chooses("Role", "engineer")
    admin.presses("Add", "button")
    admin.is_told("robin may sign in as engineer")
    password = admin.page.locator("#done code").inner_text()

    robin = Hands(contexts(TELEPHONE).new_page()).signs_in("robin", password, "Measures")
    robin.goes("Your account", "Your account")
    robin.goes("Set it up", "Second factor")
    is_accessible(robin.page)
    codes = pyotp.TOTP(robin.page.locator(".qr + p code").inner_text().replace(" ", ""))
    robin.writes("Write the six digits", codes.now())
    robin.presses("Turn it on")
    robin.is_told("Your second factor is on")
    is_accessible(robin.page)
    robin.goes("I have them", "Measures")
    robin.goes("Sign out", "Nurse console")

    robin.page.goto("/console")
    robin.writes("Name", "robin")
    robin.writes("Password", password)
    robin.goes("Sign in", "Your code")
    robin.writes("The six digits", "000000")
    robin.presses("Go on")
    expect(robin.page.get_by_role("alert")).to_be_visible()
    is_accessible(robin.page)
    robin.writes("The six digits", codes.at(int(time.time()) + 30))
    robin.goes("Go on", "Measures")

    robin.goes("Emergency access", "Emergency access")
    robin.presses("Read patients' words")
    expect(robin.page.locator("#problem")).to_be_focused()
    is_accessible(robin.page)
    robin.ticks("A page rings", "A drill")
    robin.goes("Read patients' words", "Queue")
    robin.opens(talk)
    expect(robin.page.locator("#lines")).to_contain_text("crushing")
    is_accessible(robin.page)
    robin.goes("End it now", "Emergency access")


def test_the_rota_and_a_guideline(contexts: Contexts, product: Product) -> None:
    hands = Hands(contexts().new_page()).signs_in("admin", product.admin_password, "Queue")
    page = hands.page
    hands.goes("On call", "On call")
    hands.writes("Name, as colleagues", "Kim Lee")
    hands.writes("Number for texts", "+15551234567")
    hands.writes("Mail", "kim@clinic.example")
    hands.presses("Save person")
    hands.is_told("Saved")
    hands.ticks("Mon", "Sun")
    hands.presses("Add shift")
    hands.is_told("Saved")
    hands.presses("Add or change a step")
    hands.writes("Who", "doctor on call")
    hands.writes("Seconds to answer", "90")
    hands.presses("Save step")
    hands.is_told("Saved")
    hands.presses("Remove doctor on call")
    hands.is_told("Saved")

    hands.goes("Guidelines", "Guidelines")
    page.goto("/console/guidelines/sore-throat-adult")
    hands.presses("Approve this text")
    hands.is_told("Approved")
