"""The clinical content as a clinician reads it: every protocol, every rule, and whether somebody signed it."""

import pytest

from channels.console.protocol_page import signed_by
from policies.signing import fingerprint
from tests.channels.console.desk import Desk
from tests.channels.console.sample_clinic import RULES

pytestmark = pytest.mark.anyio


async def test_the_list_says_what_nobody_has_signed(desk: Desk) -> None:
    async with desk.browser("Ed Engineer") as client:
        page = (await client.get("/console/protocols")).text
    assert "2 of 2 are not signed by a clinician" in page
    for protocol in RULES.protocols.values():
        assert f'<a href="/console/protocols/{protocol.id}">{protocol.title}</a>' in page


async def test_a_protocol_shows_its_rules_with_reason_source_and_how_it_asks(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        page = (await client.get("/console/protocols/sore_throat")).text
    for shown in (
        "no clinician has signed this text",
        "A sore throat with fever can be an infection that needs a look at the throat.",
        "<code>sore_throat and fever</code>",
        "A made-up source",
        "What is asked, in this order",
        "flowchart LR",
    ):
        assert shown in page
    assert "<form" not in page[page.index("<main") : page.index("</main>")], "it is read and not changed"


async def test_the_rules_of_every_complaint_have_a_page_and_an_unknown_one_says_so(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        assert "can be a heart attack" in (await client.get("/console/protocols/global")).text
        answer = await client.get("/console/protocols/nothing")
    assert answer.status_code == 404 and "no such protocol" in answer.text


def test_a_signature_counts_for_what_was_signed_alone() -> None:
    protocol = RULES.protocols["sore_throat"]
    signed = protocol.model_copy(update={"reviewer": "Dr Osei", "signature": fingerprint(protocol)})
    assert signed_by(signed) == "Dr Osei"
    assert signed_by(signed.model_copy(update={"title": "Throat"})) == ""
