"""Paper, high contrast, small screens: what a patient must see is seen everywhere."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, Contexts
from tests.e2e.people import Nurse, Patient, fits
from tests.e2e.product import Product, Talk, danger

pytestmark = pytest.mark.needs_browser


def emergency(page: Page, product: Product) -> Patient:
    with product.client() as client:
        patient = Patient(page).comes_back_to(danger(client))
    expect(patient.alarm).to_be_visible()
    return patient


def is_in_view(page: Page, selector: str) -> bool:
    return bool(
        page.locator(selector).evaluate(
            "each => { const box = each.getBoundingClientRect();"
            " return box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth; }"
        )
    )


def test_on_paper_the_talk_is_whole_and_nothing_to_press_is_left(contexts: Contexts, product: Product) -> None:
    patient = emergency(contexts().new_page(), product)
    patient.page.emulate_media(media="print")
    for item in patient.log.get_by_role("listitem").all():
        expect(item).to_be_visible()
    expect(patient.log).to_contain_text("This could be an emergency.")
    for selector in ("#composer", "#menu-button", "#progress"):
        expect(patient.page.locator(selector)).to_be_hidden()


@pytest.mark.parametrize("options", [{"forced_colors": "active"}, {"color_scheme": "dark"}, {}], ids=str)
@pytest.mark.parametrize(("width", "height"), [(PHONE, 568), (390, 844), (1280, 720)])
def test_the_number_to_call_is_in_view_at_once(
    contexts: Contexts, product: Product, width: int, height: int, options: dict[str, str]
) -> None:
    patient = emergency(contexts(width, height, **options).new_page(), product)
    assert is_in_view(patient.page, "#emergency .call")
    assert is_in_view(patient.page, "#emergency-status")


def test_on_a_phone_the_keyboard_does_not_cover_the_emergency(contexts: Contexts) -> None:
    patient = Patient(contexts(390, 844, has_touch=True, is_mobile=True).new_page()).opens_chat()
    patient.says_who()
    patient.writes("I can't breathe and my lips are blue")
    expect(patient.alarm).to_be_focused()


def test_on_a_small_phone_none_of_these_stands_beside_send(contexts: Contexts, product: Product) -> None:
    page = contexts(PHONE, 568).new_page()
    with product.client() as client:
        patient = Patient(page).comes_back_to(Talk(client).until("safety_check"))
    send, none = (patient.button(name).bounding_box() for name in ("Send these", "None of these"))
    assert send and none
    assert send["y"] == none["y"]


def test_with_text_twice_as_large_the_clinic_s_name_is_not_broken(contexts: Contexts) -> None:
    patient = Patient(contexts(390, 844).new_page()).opens_chat()
    patient.page.evaluate("document.documentElement.style.fontSize = '200%'")
    heading = patient.page.get_by_role("heading", level=1)
    lines = heading.evaluate(
        "each => each.getBoundingClientRect().height / parseFloat(getComputedStyle(each).lineHeight)"
    )
    assert lines < 3
    fits(patient.page)


def test_in_forced_colours_what_is_ticked_is_told_apart(contexts: Contexts, product: Product) -> None:
    page = contexts(forced_colors="active").new_page()
    with product.client() as client:
        patient = Patient(page).comes_back_to(Talk(client).until("safety_check"))
    patient.chat.get_by_role("checkbox").last.check()
    outlines = page.locator(".row-choice").evaluate_all("rows => rows.map(row => getComputedStyle(row).outlineStyle)")
    assert outlines == [*["none"] * (len(outlines) - 1), "solid"]


def test_none_of_these_is_one_tap_while_nothing_is_ticked(contexts: Contexts, product: Product) -> None:
    page = contexts().new_page()
    with product.client() as client:
        patient = Patient(page).comes_back_to(Talk(client).until("safety_check"))
    other = patient.chat.get_by_role("checkbox").first
    other.check()
    expect(patient.button("None of these")).to_be_disabled()
    other.uncheck()
    patient.picks("Send these")
    expect(patient.chat.get_by_text("Choose at least one, or “None of these”.")).to_be_visible()
    patient.picks("None of these")
    expect(patient.question).not_to_contain_text("safety check")


TABLES = {
    "measures": ("By protocol, the table", "By rule, the table"),
    "guidelines": ("Guidelines",),
    "audit": ("The trail",),
}
"""The wide ones of the console, by their pages."""


def test_on_a_phone_tables_are_whole(contexts: Contexts, product: Product) -> None:
    """Nothing of them lies beyond the edge, and each cell says what it holds."""
    with product.client() as client:
        danger(client)
    page = contexts(390, 844).new_page()
    Nurse(page, product.admin_password, "admin").signs_in()
    for path, names in TABLES.items():
        page.goto(f"/console/{path}")
        page.wait_for_load_state("load")
        for name in names:
            table = page.get_by_role("region", name=name)
            assert table.evaluate("each => each.scrollWidth <= each.clientWidth"), name
            cell = table.locator("td[data-name]").first
            told = cell.evaluate("each => getComputedStyle(each, '::before').content")
            assert (cell.get_attribute("data-name") or "nothing") in told
