import json
import re

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from channels.web.catalogue import load_catalogues, written
from channels.web.config import WebConfig
from channels.web.pages import chat_page, demo_page, tel_link
from tests.channels.asgi import client

CATALOGUES = load_catalogues(written())


def config(**changed: str) -> WebConfig:
    known = {
        "clinic_name": "Riverside <Family> Clinic",
        "emergency_number": "911",
        "crisis_line": "988",
        "public_url": "https://chat.clinic.example",
    }
    return WebConfig(**{**known, **changed}, secret=b"s" * 32)  # type: ignore[arg-type]


async def chat(config: WebConfig, query: str = "") -> str:
    app = Starlette(routes=[Route("/chat", chat_page(config, CATALOGUES)), Route("/demo", demo_page(config))])
    return (await client(app).get(f"/chat{query}")).text


@pytest.mark.anyio
async def test_the_chat_knows_its_clinic_and_numbers_and_nothing_secret() -> None:
    page = await chat(config())
    known = json.loads(re.findall(r'id="page">(.*?)</script>', page)[0])
    assert known["clinic"] == "Riverside <Family> Clinic"
    assert (known["emergencyLink"], known["crisisLink"]) == ("tel:911", "tel:988")
    assert "<h1>Riverside &lt;Family&gt; Clinic</h1>" in page
    assert "ssss" not in page


@pytest.mark.anyio
async def test_without_a_number_to_dial_the_words_stand_and_no_link() -> None:
    page = await chat(config(emergency_number="your local emergency number"))
    assert "<strong>Call your local emergency number</strong>" in page
    assert "tel:" not in page.replace("tel:988", "")


@pytest.mark.anyio
async def test_without_scripts_the_patient_is_told_whom_to_phone() -> None:
    page = await chat(config())
    assert "In an emergency, call 911." in re.findall("<noscript>(.*?)</noscript>", page, re.DOTALL)[0]


@pytest.mark.anyio
async def test_a_language_that_is_not_there_gets_the_clinic_s_own() -> None:
    assert '<html lang="en"' in await chat(config(), "?lang=xx")


@pytest.mark.anyio
async def test_another_language_is_one_tap_away_where_there_is_one() -> None:
    assert 'href="/chat?lang=es" lang="es" hreflang="es">Español</a>' in await chat(config())
    spanish = await chat(config(), "?lang=es")
    assert '<html lang="es"' in spanish
    assert 'href="/chat?lang=en"' in spanish
    app = Starlette(routes=[Route("/chat", chat_page(config(), {"en": CATALOGUES["en"]}))])
    assert 'id="languages"' not in (await client(app).get("/chat")).text


@pytest.mark.parametrize(
    ("number", "link"),
    [("911", "tel:911"), ("+44 (0)20 7946 0000", "tel:+4402079460000"), ("your doctor", ""), ("", "")],
)
def test_a_number_is_dialled_without_its_spaces(number: str, link: str) -> None:
    assert tel_link(number) == link
