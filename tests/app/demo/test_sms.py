"""The telephones of `previsit demo sms`: what the page is told, over the real door and a carrier that stands in."""

import httpx
import pytest
from starlette.applications import Starlette

from app.demo.sms import PhonePage
from channels.event_stream import Streams
from channels.problems import PROBLEM_HANDLERS
from tests.channels.sms.line import Line

pytestmark = pytest.mark.anyio


def opened(line: Line) -> httpx.AsyncClient:
    page = PhonePage(line.carrier, Streams(), "http://previsit.test/console")
    app = Starlette(routes=page.routes(), exception_handlers=PROBLEM_HANDLERS)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://phone.test")


async def types(phone: httpx.AsyncClient, line: Line, body: str, number: int = 1, picture: bool = False) -> list[str]:
    """What the telephone shows then, each with who it is from."""
    sent = await phone.post(f"/texts?phone={number}", json={"body": body, "picture": picture})
    assert sent.status_code == 204
    await line.works()
    shown = (await phone.get(f"/texts?phone={number}")).json()
    return [f"{text['by']}: {'[picture] ' if text['picture'] else ''}{text['body']}" for text in shown]


async def test_immediate_answers_are_shown() -> None:
    line = Line()
    async with opened(line) as phone:
        asked, helped = await types(phone, line, "HELP")
        assert asked == "patient: HELP" and helped.startswith("clinic: ") and "911" in helped
        assert (await types(phone, line, "STOP"))[-1].startswith("carrier: You have been unsubscribed")
        assert (await types(phone, line, "hello"))[-1] == "patient: hello"
        back, ours = (await types(phone, line, "START"))[-2:]
        assert back.startswith("carrier: You have been subscribed") and ours.startswith("clinic: You will get our")


async def test_a_picture_is_sent_with_the_words_beside_it_or_without() -> None:
    line = Line()
    async with opened(line) as phone:
        sent, refused = await types(phone, line, "", picture=True)
        assert sent == "patient: [picture] " and "cannot open pictures" in refused
        assert await types(phone, line, " ") == [sent, refused], "nothing is sent"


async def test_each_telephone_shows_only_its_own_texts() -> None:
    line = Line()
    async with opened(line) as phone:
        first = await types(phone, line, "my throat is sore")
        second = await types(phone, line, "hello", number=2)
        assert second[0] == "patient: hello" and "Is it OK to start?" in second[-1]
        assert [text["body"] for text in (await phone.get("/texts")).json()] == [t.partition(": ")[2] for t in first]
        assert (await phone.get("/texts?phone=none")).json() == (await phone.get("/texts?phone=1")).json()
        assert (await phone.get("/console")).headers["location"] == "http://previsit.test/console"
