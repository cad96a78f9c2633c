"""All that a nurse can do to a case, at a desk and on a telephone: each act is found, done, told, and in view."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESK, PHONE, Contexts
from tests.e2e.people import Nurse, fits
from tests.e2e.product import Product, Talk

pytestmark = pytest.mark.needs_browser


class Desk(Nurse):
    """A nurse with one case open."""

    def reviews(self, case: str) -> "Desk":
        """From when its draft is there."""
        self.signs_in().opens(case)
        expect(self.page.locator("#draft")).to_contain_text("Preliminary assessment")
        return self

    def does(self, action: str, opened_by: str = "", **fields: str) -> None:
        """Open the form, fill it in (by the fields' labels' ids) and send it."""
        if opened_by:
            self.page.locator("summary", has_text=opened_by).click()
        for field, value in fields.items():
            box = self.page.locator(f"#{action}-{field}")
            if box.evaluate("box => box.tagName") == "SELECT":
                box.select_option(value)
            else:
                box.fill(value)
        self.page.locator(f"#do-{action} button:not([data-insert])").last.click()

    def is_told(self, words: str) -> None:
        expect(self.page.locator("#done")).to_contain_text(words)
        fits(self.page)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_every_act_is_done_and_told(contexts: Contexts, product: Product, width: int) -> None:
    with product.client() as client:
        talk = Talk(client).until("assessing", "nurse_review")
        nurse = Desk(contexts(width).new_page(), product.password).reviews(talk.id)
        nurse.does("take")
        nurse.is_told("You have the case")

        nurse.page.locator("summary", has_text="Set another level").click()
        nurse.page.locator("#do-relevel").get_by_label("High").check()
        nurse.does("relevel", reason="Sounds unwell")
        nurse.is_told("The level was set")
        expect(nurse.page.locator("#level-set")).to_contain_text("High, set by nurse")
        expect(nurse.page.locator("#other-level")).to_contain_text("the case is High now")

        nurse.does("reject", "Reject the draft", reason="Too general")
        nurse.is_told("The draft was rejected")

        nurse.does("ask", "Ask the patient one more question", text="Can you swallow water?")
        nurse.is_told("Your question was sent")
        talk.says("yes, but it hurts")
        expect(nurse.page.locator("#lines")).to_contain_text("yes, but it hurts")

        nurse.does("join")
        nurse.is_told("You joined the chat")
        nurse.does("write", text="Hello, I read what you wrote.")
        nurse.is_told("Your message was sent")
        assert "Hello, I read what you wrote." in client.get(talk.url, headers=talk.headers).text
        nurse.does("leave")
        nurse.is_told("You left the chat")

        nurse.does("hand_over", "Hand to a doctor", note="Please look at the throat")
        nurse.is_told("The case is for a doctor now")
        nurse.opens(talk.id)
        expect(nurse.page.locator("#decisions")).to_contain_text("Please look at the throat")

        nurse.does("close", "Close the case", outcome="doctor", judged="too_low")
        nurse.is_told("The case was closed")
        nurse.opens(talk.id)
        expect(nurse.page.locator("#decide")).to_contain_text("This case is closed")
        fits(nurse.page)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_form_that_cannot_be_sent_says_what_is_missing_and_leads_there(
    contexts: Contexts, product: Product, width: int
) -> None:
    with product.client() as client:
        talk = Talk(client).until("assessing", "nurse_review")
    nurse = Desk(contexts(width).new_page(), product.password).reviews(talk.id)
    for action, opened_by, field in (
        ("reject", "Reject the draft", "reason"),
        ("ask", "Ask the patient one more question", "text"),
        ("close", "Close the case", "outcome"),
    ):
        nurse.does(action, opened_by)
        expect(nurse.page.locator("#problem")).to_contain_text("Nothing was done yet")
        expect(nurse.page.locator("#problem")).to_be_focused()
        nurse.page.locator("#problem a").first.click()
        expect(nurse.page.locator(f"#{action}-{field}")).to_be_in_viewport()
        fits(nurse.page)
        nurse.opens(talk.id)
