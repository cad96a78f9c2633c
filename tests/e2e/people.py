"""A patient and a nurse at their screens: what they see and do, in their words. Every wait is for something seen."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.e2e.product import ORDINARY, Talk

AXE = Axe()


def fits(page: Page) -> None:
    """Nothing has to be scrolled sideways. Words are there before their style sheet is: it is waited for."""
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def is_accessible(page: Page) -> None:
    """No violation of any rule, and nothing that would have to be scrolled sideways."""
    results = AXE.run(page)
    assert results.violations_count == 0, results.generate_report()
    fits(page)


class Patient:
    """Uses the chat: in the frame on the clinic's page after `opens_demo`, else on a page of its own."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.chat: Page | FrameLocator = page

    def opens_demo(self) -> "Patient":
        self.page.goto("/demo")
        self.page.get_by_role("button", name="Start before your visit").click()
        self.chat = self.page.frame_locator("previsit-chat iframe")
        expect(self.question).to_contain_text("Is it OK to start?")
        return self

    def opens_chat(self) -> "Patient":
        self.page.goto("/chat")
        expect(self.question).to_contain_text("Is it OK to start?")
        return self

    def comes_back_to(self, talk: Talk) -> "Patient":
        """Open the chat page with a conversation that is under way, as after a reload."""
        kept = f'{{"id": "{talk.id}", "token": "{talk.token}"}}'
        self.page.add_init_script(f"sessionStorage.setItem('previsit', '{kept}')")
        self.page.goto("/chat")
        expect(self.log.get_by_role("listitem").first).to_be_visible()
        return self

    @property
    def case(self) -> str:
        """The id of the conversation that the chat's page holds."""
        frame = next(frame for frame in self.page.frames if "/chat" in frame.url)
        return str(frame.evaluate("JSON.parse(sessionStorage.getItem('previsit')).id"))

    @property
    def log(self) -> Locator:
        return self.chat.get_by_role("log")

    @property
    def question(self) -> Locator:
        """What is asked now."""
        return self.chat.locator("#log .open")

    @property
    def alarm(self) -> Locator:
        return self.chat.get_by_role("region", name="This may be an emergency")

    @property
    def controls(self) -> Locator:
        return self.chat.locator("#answers > fieldset")

    def button(self, name: str) -> Locator:
        return self.chat.get_by_role("button", name=name, exact=True)

    def picks(self, name: str) -> None:
        self.button(name).click()

    def writes(self, text: str) -> None:
        box = self.chat.locator("#text")
        box.fill(text)
        box.press("Enter")

    def fills_in(self, figure: str) -> None:
        self.chat.locator("#figure").fill(figure)
        self.controls.get_by_role("button", name="Send").click()

    def ticks(self, *names: str) -> None:
        for name in names:
            self.chat.get_by_role("checkbox", name=name).check()
        self.picks("Send these")

    def says_who(self) -> None:
        """From consent to the chief complaint: herself, 34, female, not pregnant."""
        self.picks("Yes")
        self.picks("Me")
        self.fills_in("34")
        self.picks("Female")
        expect(self.question).to_contain_text("pregnant")
        self.picks("No")
        expect(self.question).to_contain_text("What is the main problem")

    def answers_until(self, words: str, complaint: str = ORDINARY) -> None:
        """Answer whatever is asked in the most harmless way until the question holds `words`."""
        while words not in (asked := self.question.inner_text()):
            said = self.log.get_by_role("listitem").count()
            self._answers(asked, complaint)
            expect(self.log.get_by_role("listitem").nth(said + 1)).to_be_visible()
            expect(self.chat.locator("#tray")).not_to_have_attribute("aria-busy", "true")

    def _answers(self, asked: str, complaint: str) -> None:
        kind = (self.controls.get_attribute("class") or "") if self.controls.count() else ""
        if "main problem" in asked:
            self.writes(complaint)
        elif "multi_choice" in kind:
            self.picks("None of these")
        elif "yes_no" in kind:
            self.picks("No")
        elif "scale" in kind:
            self.picks("3")
        elif "choice" in kind:
            self.controls.locator(".chip").first.click()
        elif "number" in kind or "duration" in kind:
            self.picks("I don't know")
        else:
            self.writes("none")


class Nurse:
    """Uses the console."""

    def __init__(self, page: Page, password: str, name: str = "nurse") -> None:
        self.page = page
        self.password = password
        self.name = name

    def signs_in(self) -> "Nurse":
        self.page.goto("/console")
        self.page.get_by_label("Name").fill(self.name)
        self.page.get_by_label("Password").fill(self.password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="Queue")).to_be_visible()
        expect(self.page.locator("#alerts")).to_be_visible()
        return self

    def opens(self, case: str) -> "Nurse":
        """`case` is the conversation's id."""
        self.page.goto(f"/console/cases/{case}")
        expect(self.heading).to_be_visible()
        expect(self.page.locator("#alerts")).to_be_visible()
        return self

    def proposes_lower(self, why: str, level: str = "Medium") -> Locator:
        """The form, as it is after it was sent."""
        form = self.page.locator("#do-relevel")
        self.page.get_by_text("Set another level").click()
        form.get_by_label(level).check()
        form.get_by_label("Why?").fill(why)
        form.get_by_role("button").click()
        return form

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", name=re.compile("^Case "))

    @property
    def bar(self) -> Locator:
        """The pages that nobody has acknowledged, on top of everything."""
        return self.page.locator("#pages")

    def row(self, case: str) -> Locator:
        return self.page.get_by_role("row").filter(has=self.page.locator(f"#case-{case}"))
