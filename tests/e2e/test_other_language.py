"""A patient who would rather write in another language, at the start and in mid-chat."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Contexts
from tests.e2e.people import Patient
from tests.e2e.product import ORDINARY, running

pytestmark = pytest.mark.needs_browser


def test_a_chat_goes_on_in_the_language_that_is_asked_for(contexts: Contexts, tmp_path: Path) -> None:
    with running(tmp_path, "--no-model", languages="en,es") as product:
        patient = Patient(contexts(base_url=product.address).new_page()).opens_chat()
        patient.says_who()
        patient.writes(ORDINARY)
        expect(patient.question).to_contain_text("safety check")
        patient.chat.get_by_role("link", name="Español").click()
        expect(patient.page.locator("html")).to_have_attribute("lang", "es")
        expect(patient.question).to_contain_text("algo de seguridad")
        expect(patient.log.get_by_text(ORDINARY)).to_have_count(1)
        patient.writes("in English please")
        expect(patient.page.locator("html")).to_have_attribute("lang", "en")
        expect(patient.question).to_contain_text("safety check")
