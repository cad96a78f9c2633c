"""WCAG 2.2 AA as far as a machine can tell (axe, no rule left out), on every screen, at phone and desk width."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESK, PHONE, Contexts
from tests.e2e.people import Nurse, Patient, is_accessible
from tests.e2e.product import Product, Talk, danger, running

pytestmark = [pytest.mark.needs_browser, pytest.mark.parametrize("width", [PHONE, DESK])]


def stopped(product: Product, *states: str) -> Talk:
    with product.client() as client:
        return Talk(client).until(*states)


def urgent(product: Product) -> Talk:
    with product.client() as client:
        return danger(client)


SCREENS: dict[str, Callable[[Product], Talk]] = {
    "buttons": lambda product: stopped(product, "consent"),
    "free text": lambda product: stopped(product, "complaint"),
    "check boxes": lambda product: stopped(product, "safety_check"),
    "recap": lambda product: stopped(product, "recap"),
    "emergency": urgent,
}


@pytest.fixture(scope="module")
def talks(product: Product) -> dict[str, Talk]:
    """One chat at each screen."""
    return {screen: begun(product) for screen, begun in SCREENS.items()}


def is_accessible_light_and_dark(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        is_accessible(page)


@pytest.mark.parametrize("screen", SCREENS)
def test_the_chat(contexts: Contexts, talks: dict[str, Talk], width: int, screen: str) -> None:
    page = contexts(width).new_page()
    Patient(page).comes_back_to(talks[screen])
    is_accessible_light_and_dark(page)


def test_the_chat_s_menu_and_dialogs(contexts: Contexts, width: int) -> None:
    page = contexts(width).new_page()
    patient = Patient(page).opens_chat()
    for option in ("About this chat", "Delete my answers"):
        patient.picks("Options")
        expect(patient.button(option)).to_be_visible()
        is_accessible(page)
        patient.picks(option)
        expect(page.get_by_role("dialog")).to_be_visible()
        is_accessible(page)
        page.keyboard.press("Escape")


def test_the_clinic_s_page_with_the_widget(contexts: Contexts, width: int) -> None:
    page = contexts(width).new_page()
    page.goto("/demo")
    expect(page.get_by_role("button", name="Start before your visit")).to_be_visible()
    is_accessible(page)
    Patient(page).opens_demo()
    is_accessible(page)


def test_sign_in(contexts: Contexts, width: int) -> None:
    page = contexts(width).new_page()
    page.goto("/console")
    is_accessible(page)
    page.get_by_label("Name").fill("nurse")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    is_accessible(page)


def test_the_console_s_other_pages(contexts: Contexts, product: Product, width: int) -> None:
    """Dark on a phone, light on a desk: all their colours are the case page's, which is looked at in both."""
    scheme = "dark" if width == PHONE else "light"
    stopped(product, "nurse_review", "assessing")
    paged = urgent(product)
    page = contexts(width, color_scheme=scheme).new_page()
    Nurse(page, product.admin_password, "admin").signs_in().opens(paged.id)
    page.locator("#acknowledge").click()  # so that there are times to draw
    expect(page.locator("#done")).to_be_visible()
    for path in (
        *("protocols", "protocols/sore_throat", "guidelines", "guidelines/sore-throat-adult"),
        *("replies", "measures", "audit", "on-call"),
        *("staff", "account", "account/second-factor"),
    ):
        page.goto(f"/console/{path}")
        expect(page.locator("#alerts")).to_be_visible()
        for summary in page.locator("main summary").all():
            summary.click()
        is_accessible(page)


@pytest.fixture(scope="module")
def texting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A clinic with a line for texts, whose carrier is never reached, and with two languages."""
    with running(
        tmp_path_factory.mktemp("texting"),
        "--no-model",
        twilio_account="AC1",
        twilio_token="secret",
        twilio_number="+15550001111",
        twilio_api="http://127.0.0.1:9",
        languages="en,es",
    ) as product:
        yield product


def test_the_page_that_invites_a_patient(contexts: Contexts, texting: Product, width: int) -> None:
    page = contexts(width, base_url=texting.address, may_complain=True).new_page()  # of the answer 422
    Nurse(page, texting.password).signs_in()
    page.goto("/console/invite")
    expect(page.get_by_role("group", name="Language")).to_be_visible()
    is_accessible(page)
    page.get_by_label("Telephone number").fill("12")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.locator("#problem")).to_be_visible()
    is_accessible(page)
    page.get_by_label("Telephone number").fill("+1 202 555 0143")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation is on its way.")).to_be_visible()
    is_accessible(page)


def test_the_console(contexts: Contexts, product: Product, width: int) -> None:
    paged, drafted = urgent(product), stopped(product, "assessing", "nurse_review")
    page = contexts(width).new_page()
    nurse = Nurse(page, product.password).signs_in()
    expect(nurse.row(paged.id)).to_be_visible()
    is_accessible_light_and_dark(page)
    nurse.opens(paged.id)
    is_accessible_light_and_dark(page)
    nurse.opens(drafted.id)
    expect(page.locator("#draft")).to_contain_text("Preliminary assessment")
    for summary in page.locator("#decide summary, #draft .cite summary").all():
        summary.click()
    is_accessible_light_and_dark(page)
