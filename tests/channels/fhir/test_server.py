"""Closed cases at a FHIR server that checks who asks, fails in every way, and has each case once in the end."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import ECKey, RSAKey
from starlette.responses import JSONResponse, Response

from app.end_duties import REFUSED_SECONDS, TOO_LONG_SECONDS, UNREACHED_SECONDS
from app.worker import Worker
from channels.fhir.server import FhirServer
from channels.fhir.smart import Bearer, KeyRefused, SigningKey
from channels.pager import Pager
from dialogue.events import Acknowledged, Closed, Joined, NotHandedOff, Released, Wrote
from dialogue.queue import place_of
from tests.channels.fhir.records import BASE, CLIENT, LASTS, SCOPE, Records, outcome
from tests.clock import NOON
from tests.stage import Stage

pytestmark = pytest.mark.anyio

KIM = "Kim Lee"
MONTH = 31 * 86_400.0
WORDS = "crushing chest pain"


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "fhir.pem"
    path.write_bytes(ECKey.generate_key("P-384").as_pem(private=True))
    return path


@asynccontextmanager
async def server_of(stage: Stage, records: Records, key: SigningKey) -> AsyncIterator[FhirServer]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(records.app)) as http:
        yield FhirServer(BASE, stage.clinic, http, Bearer(BASE, CLIENT, key, SCOPE, "", http, stage.clock))


@asynccontextmanager
async def closing(pem: Path, *, closed: bool = True) -> AsyncIterator[tuple[Stage, Records]]:
    """A case that is closed a moment later, at a clinic whose records are a FHIR server."""
    stage = Stage()
    key = SigningKey(pem)
    records = Records(stage.clock, key.public())
    async with server_of(stage, records, key) as hand_offs:
        pager = Pager(stage.clinic.ladder, [stage.sender], str)
        stage.worker = Worker(
            *("worker", stage.engine, stage.store.outbox, pager, stage.assessor, stage.clock),
            hand_offs=hand_offs,
        )
        await stage.opens()
        await stage.chooses("yes")
        await stage.says(f"I have {WORDS}")
        await stage.acts(Acknowledged(at=NOON + 5, by=KIM))
        if closed:
            await stage.acts(Closed(at=NOON + 9, by=KIM, outcome="emergency"))
        stage.clock.at = NOON + 10
        yield stage, records


async def test_a_closed_case_is_posted_once_and_destroyed_in_its_time(pem: Path) -> None:
    async with closing(pem) as (stage, records):
        await stage.works()
        assert (await stage.now()).handed_off_at == NOON + 10
        await stage.works(MONTH)
        assert len(records.asked) == 1 and not await stage.exists()
        assert WORDS in json.dumps(records.of_kind("QuestionnaireResponse"))


def answer(status: int) -> Callable[[], Response]:
    return lambda: outcome(status, "business-rule", f"because of {WORDS}")


def broken() -> Response:
    raise httpx.ReadTimeout(f"no answer, and these words are the patient's: {WORDS}")


async def test_whatever_goes_wrong_for_a_while_every_resource_is_there_once(pem: Path) -> None:
    async with closing(pem) as (stage, records):
        records.answers = [*(answer(status) for status in (408, 409, 429, 500, 502, 503, 504)), broken, broken]
        records.lost = 3
        tries = len(records.answers) + records.lost
        for _ in range(tries):
            await stage.works(UNREACHED_SECONDS)
            assert (await stage.now()).handed_off_at is None
        await stage.works(UNREACHED_SECONDS)
        assert records.came == tries + 1 and (await stage.now()).handed_off_at is not None
        assert len(records.asked) == 4, "three times its answer was lost"
        assert len(records.kept) == len(records.asked[0]["entry"])
        assert len(records.of_kind("Task")) == 1


async def test_a_wait_that_the_server_asks_for_is_kept(pem: Path) -> None:
    async with closing(pem) as (stage, records):
        records.answers = [lambda: outcome(503, "throttled", retry_after="600")]
        await stage.works()
        await stage.works(599)
        assert records.came == 1
        await stage.works(1)
        assert records.came == 2 and (await stage.now()).handed_off_at is not None


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 412, 413, 415, 422, 301])
async def test_what_is_refused_for_good_is_shown_to_staff_and_kept(pem: Path, status: int) -> None:
    async with closing(pem) as (stage, records):
        records.answers = [answer(status)] * 4
        await stage.works()
        case = await stage.now()
        assert case.not_handed_off == f"case: {status} business-rule", "its code, none of its words"
        assert place_of(case) is not None, "it waits for staff, though it is closed"
        await stage.works(REFUSED_SECONDS)
        assert sum(isinstance(entry.event, NotHandedOff) for entry in (await stage.now()).log) == 1
        await stage.works(MONTH)
        assert await stage.exists(), "nothing is destroyed that the records do not have"
        await stage.works(REFUSED_SECONDS)
        assert not await stage.exists() and len(records.of_kind("Task")) == 1


async def test_accepted_after_all_it_waits_no_more(pem: Path) -> None:
    async with closing(pem) as (stage, records):
        records.answers = [answer(422)]
        await stage.works()
        await stage.works(REFUSED_SECONDS)
        case = await stage.now()
        assert case.not_handed_off == "" and case.handed_off_at is not None and place_of(case) is None


async def test_a_server_that_is_away_for_long_is_told_to_staff(pem: Path) -> None:
    async with closing(pem) as (stage, records):
        records.answers = [broken] * 2
        await stage.works()
        assert place_of(await stage.now()) is None
        await stage.works(TOO_LONG_SECONDS)
        assert (await stage.now()).not_handed_off == "case: ReadTimeout"


async def test_a_transaction_that_was_taken_in_part_was_not_taken(pem: Path) -> None:
    issue = {"severity": "error", "code": "duplicate", "diagnostics": WORDS}
    part = {"response": {"status": "412", "outcome": {"resourceType": "OperationOutcome", "issue": [issue]}}}
    said = {"resourceType": "Bundle", "entry": [{"response": {"status": "201 Created"}}, part]}
    async with closing(pem) as (stage, records):
        records.answers = [lambda: JSONResponse(said), lambda: outcome(200, "invalid")]
        await stage.works()
        assert (await stage.now()).not_handed_off == "case: in part 412 duplicate"
        await stage.works(REFUSED_SECONDS)
        assert (await stage.now()).not_handed_off == "case: invalid"


async def test_one_token_serves_until_shortly_before_its_end(pem: Path) -> None:
    async with closing(pem) as (stage, records), server_of(stage, records, SigningKey(pem)) as server:
        case = await stage.now()
        await server.hand_off(case)
        await server.hand_off(case)
        assert len(records.assertions) == 1
        stage.clock.at += LASTS - 29
        await server.hand_off(case)
        assert len(records.assertions) == 2, "a new one, signed anew"
        records.tokens.clear()
        await server.hand_off(case)
        assert len(records.assertions) == 3, "one that was withdrawn is asked for anew, once"


@pytest.mark.parametrize("other", [RSAKey.generate_key(2048), ECKey.generate_key("P-384")], ids=["RSA", "P-384"])
async def test_signed_with_a_key_that_the_server_does_not_know_nothing_is_taken(
    pem: Path, other: RSAKey | ECKey, tmp_path: Path
) -> None:
    path = tmp_path / "other.pem"
    path.write_bytes(other.as_pem(private=True))
    async with closing(pem) as (stage, records):
        records.keys = SigningKey(path).public()
        await stage.works()
        assert (await stage.now()).not_handed_off == "token: 400 invalid_client" and not records.kept
        records.keys = SigningKey(pem).public()
        await stage.works(REFUSED_SECONDS)
        assert (await stage.now()).handed_off_at is not None


async def test_an_answered_case_is_handed_off_before_it_is_destroyed(pem: Path) -> None:
    async with closing(pem, closed=False) as (stage, records):
        await stage.acts(Joined(at=NOON + 20, by=KIM))
        await stage.acts(Wrote(at=NOON + 30, by=KIM, text="An ambulance is on its way."))
        await stage.acts(Released(at=NOON + 40, by=KIM, text="Stay where you are.", edited=True))
        await stage.works(60)
        assert not records.asked, "it may still be closed"
        records.answers = [broken]
        await stage.works(MONTH)
        assert await stage.exists()
        await stage.works(UNREACHED_SECONDS)
        assert not await stage.exists()
        [task] = records.of_kind("Task")
        assert task["owner"]["display"] == KIM and task["businessStatus"]["text"] == "answered, not closed"


@pytest.mark.parametrize("kind", ["RSA", "P-384"])
def test_a_key_in_pem_or_as_a_jwk_shows_its_public_half_alone(kind: str, tmp_path: Path) -> None:
    key = RSAKey.generate_key(2048) if kind == "RSA" else ECKey.generate_key("P-384")
    path = tmp_path / "key"
    shown = []
    for text in (key.as_pem(private=True), json.dumps(key.as_dict(private=True)).encode()):
        path.write_bytes(text)
        shown.append(SigningKey(path).public()["keys"][0])
    assert shown[0] == shown[1] and not {"d", "p", "q", "dp", "dq", "qi"} & shown[0].keys()
    assert shown[0]["alg"] == ("RS384" if kind == "RSA" else "ES384")


@pytest.mark.parametrize("content", ["", "no key", "P-256", "public"])
def test_what_no_server_takes_is_no_key(content: str, tmp_path: Path) -> None:
    made = {
        "P-256": ECKey.generate_key("P-256").as_pem(private=True),
        "public": ECKey.generate_key("P-384").as_pem(private=False),
    }
    path = tmp_path / "key"
    path.write_bytes(made.get(content, content.encode()))
    with pytest.raises(KeyRefused, match="RSA, or the elliptic curve P-384"):
        SigningKey(path)
    with pytest.raises(KeyRefused, match="cannot be read"):
        SigningKey(tmp_path / "none")
